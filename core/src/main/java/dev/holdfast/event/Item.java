package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to items of a MapReduce run. Only the driver's {@code items()} records them: it knows where
 * each item stands.
 */
public sealed interface Item extends WorkEvent {
    /** The most items that one event names. */
    int MOST = 1_000;

    /**
     * An item to work on.
     *
     * @param id its id, unique in the session
     * @param payload what to work on
     */
    record Task(String id, Json payload) {
        /** Checks the id. */
        public Task {
            Ranges.requireName("an item's id", id);
        }
    }

    /**
     * Items were added.
     *
     * @param tasks 1 to 1,000 items
     */
    record Added(List<Task> tasks) implements Item {
        /** Checks the number and copies the list. */
        public Added {
            tasks = List.copyOf(tasks);
            requireSome(tasks.stream().map(Task::id).toList());
        }

        @Override
        public String type() {
            return "item.added";
        }
    }

    /**
     * An attempt at an item began.
     *
     * @param id the item
     * @param attempt which attempt, from 1
     * @param agentRun the agent's run that makes it, or null
     */
    record Started(String id, long attempt, @Nullable String agentRun) implements Item {
        /** Checks the ranges. */
        public Started {
            Ranges.requireName("an item's id", id);
            Ranges.requirePositive("attempt", attempt);
        }

        @Override
        public String type() {
            return "item.started";
        }
    }

    /**
     * An item is done.
     *
     * @param id the item
     * @param result what came of it, or null
     */
    record Completed(String id, @Nullable Json result) implements Item {
        /** Checks the id. */
        public Completed {
            Ranges.requireName("an item's id", id);
        }

        @Override
        public String type() {
            return "item.completed";
        }
    }

    /**
     * An attempt at an item failed.
     *
     * @param id the item
     * @param error what went wrong
     * @param retryAfterMillis after how long it may be tried again, or null if it may not: then it is a dead letter
     */
    record Failed(String id, String error, @Nullable Long retryAfterMillis) implements Item {
        /** Checks the ranges. */
        public Failed {
            Ranges.requireName("an item's id", id);
            if (retryAfterMillis != null) {
                Ranges.requireNotNegative("the time before the next attempt", retryAfterMillis);
            }
        }

        /**
         * Tells whether the item is a dead letter now.
         *
         * @return true if it will not be tried again
         */
        public boolean dead() {
            return retryAfterMillis == null;
        }

        @Override
        public String type() {
            return "item.failed";
        }
    }

    /**
     * Items are to be worked on again.
     *
     * @param ids the items, 1 to 1,000
     * @param from where they stood: dead letters, or running when their driver died
     * @param reason why, may be empty
     */
    record Requeued(List<String> ids, From from, String reason) implements Item {
        /** Checks the number and copies the list. */
        public Requeued {
            ids = List.copyOf(ids);
            requireSome(ids);
        }

        @Override
        public String type() {
            return "item.requeued";
        }
    }

    /**
     * Items are given up.
     *
     * @param ids the items, 1 to 1,000
     * @param from where they stood: pending, or dead letters
     * @param reason why, may be empty
     */
    record Dropped(List<String> ids, From from, String reason) implements Item {
        /** Checks the number and copies the list. */
        public Dropped {
            ids = List.copyOf(ids);
            requireSome(ids);
        }

        @Override
        public String type() {
            return "item.dropped";
        }
    }

    /** Where items stood that were requeued or dropped. */
    enum From {
        /** Not begun, or to be tried again. */
        PENDING,
        /** An attempt was under way. */
        RUNNING,
        /** A dead letter. */
        DEAD;

        /**
         * Returns the wire name.
         *
         * @return the name in lower case
         */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /**
         * Reads a wire name.
         *
         * @param name {@code pending}, {@code running} or {@code dead}
         * @return where
         * @throws HoldfastException INVALID_ARGUMENT for any other name
         */
        public static From of(String name) {
            for (From from : values()) {
                if (from.wireName().equals(name)) {
                    return from;
                }
            }
            throw HoldfastException.invalid(
                    "items are requeued or dropped from pending, running or dead, not \"" + name + "\"");
        }
    }

    private static void requireSome(List<String> ids) {
        if (ids.isEmpty() || ids.size() > MOST) {
            throw HoldfastException.invalid("an event names 1 to " + MOST + " items, not " + ids.size());
        }
        Set<String> distinct = new HashSet<>(ids);
        if (distinct.size() < ids.size()) {
            throw HoldfastException.invalid("an event names each item once");
        }
        ids.forEach(id -> Ranges.requireName("an item's id", id));
    }
}
