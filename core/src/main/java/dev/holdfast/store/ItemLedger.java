package dev.holdfast.store;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Item;
import dev.holdfast.event.Json;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where each item stands: a projection of the log, built by one pass along the way that leads to its end, then kept up.
 * So an item costs the same however many there are. Not thread-safe.
 */
final class ItemLedger {
    /** Longer payloads are read from the log when they are needed. */
    private static final int KEPT_PAYLOAD = 1_024;

    /** One item. */
    static final class Row {
        final String id;
        final Position added;
        final long order;

        @Nullable
        Json payload;

        ItemStatus status = ItemStatus.PENDING;
        long attempts;
        /** How many attempts were begun when it was last requeued by hand: those are forgiven. */
        long forgiven;

        @Nullable
        String agentRun;

        @Nullable
        String error;

        @Nullable
        Instant readyAt;

        Position last;
        /** Whether it was running when the ledger was read, and nothing was heard of it since. */
        boolean orphan;

        /** Whether an append about it is on its way. */
        boolean busy;

        Row(String id, Position added, long order, @Nullable Json payload) {
            this.id = id;
            this.added = added;
            this.order = order;
            this.payload = payload;
            this.last = added;
        }

        WorkItem toItem() {
            return new WorkItem(id, payload, status, attempts, agentRun, error, readyAt, last);
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<Row> orphans = new ArrayList<>();
    private final ArrayDeque<Row> ready = new ArrayDeque<>();
    private final PriorityQueue<Row> waiting =
            new PriorityQueue<>(Comparator.comparing(ItemLedger::readyAt).thenComparingLong(row -> row.order));

    private static Instant readyAt(Row row) {
        return row.readyAt == null ? Instant.MIN : row.readyAt;
    }

    /** Reads the items along the way that leads to a session's end. */
    static ItemLedger read(Lineage lineage) {
        ItemLedger ledger = new ItemLedger();
        try (RecordReader reader = new RecordReader(lineage.path(), false, List.of(), BlobSource.EMPTY)) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.type().startsWith("item.")) {
                    boolean[] splitOut = new boolean[1];
                    if (record.event(ref -> {
                                splitOut[0] = true;
                                return new byte[0];
                            })
                            instanceof Item item) {
                        ledger.apply(item, record.position(), record.at(), splitOut[0]);
                    }
                }
            }
        }
        return ledger;
    }

    /** Takes what runs now for left behind by a driver that is gone. */
    void noteOrphans() {
        for (Row row : rows.values()) {
            row.orphan = row.status == ItemStatus.RUNNING;
            if (row.orphan) {
                orphans.add(row);
            }
        }
    }

    /** What was running when the ledger was read and has not been written to since. */
    List<Row> orphans() {
        orphans.removeIf(row -> !row.orphan);
        return orphans;
    }

    Collection<Row> rows() {
        return rows.values();
    }

    @Nullable
    Row row(String id) {
        return rows.get(id);
    }

    /** Says why events may not follow in this order, or returns null if they may. */
    @Nullable
    String refusal(List<Item> events) {
        Map<String, ItemStatus> trial = new HashMap<>();
        for (Item event : events) {
            for (String id : ids(event)) {
                Row row = rows.get(id);
                ItemStatus now = trial.containsKey(id) ? trial.get(id) : row == null ? null : row.status;
                if (row != null && row.busy) {
                    return "item \"" + id + "\" is being written to by another thread; ask for it again";
                }
                String no = refusal(event, id, now);
                if (no != null) {
                    return no;
                }
                trial.put(id, after(event));
            }
        }
        return null;
    }

    private static @Nullable String refusal(Item event, String id, @Nullable ItemStatus now) {
        boolean fits = switch (event) {
            case Item.Added added -> now == null;
            case Item.Started started -> now == ItemStatus.PENDING;
            case Item.Completed completed -> now == ItemStatus.RUNNING;
            case Item.Failed failed -> now == ItemStatus.RUNNING;
            case Item.Requeued requeued -> stands(now, requeued.from()) && requeued.from() != Item.From.PENDING;
            case Item.Dropped dropped -> stands(now, dropped.from()) && dropped.from() != Item.From.RUNNING;
        };
        if (fits) {
            return null;
        }
        String stands = now == null ? "is not there" : "is " + now.wireName();
        return event.type() + ": item \"" + id + "\" " + stands + "; "
                + switch (event) {
                    case Item.Added added -> "an item is added once";
                    case Item.Started started -> "a pending one can be started";
                    case Item.Completed completed -> "a running one can be completed";
                    case Item.Failed failed -> "a running one can fail";
                    case Item.Requeued requeued -> "running and dead ones can be requeued from where they stand";
                    case Item.Dropped dropped -> "pending and dead ones can be dropped from where they stand";
                };
    }

    private static boolean stands(@Nullable ItemStatus now, Item.From from) {
        return switch (from) {
            case PENDING -> now == ItemStatus.PENDING;
            case RUNNING -> now == ItemStatus.RUNNING;
            case DEAD -> now == ItemStatus.DEAD;
        };
    }

    private static ItemStatus after(Item event) {
        return switch (event) {
            case Item.Added added -> ItemStatus.PENDING;
            case Item.Started started -> ItemStatus.RUNNING;
            case Item.Completed completed -> ItemStatus.DONE;
            case Item.Failed failed -> failed.dead() ? ItemStatus.DEAD : ItemStatus.PENDING;
            case Item.Requeued requeued -> ItemStatus.PENDING;
            case Item.Dropped dropped -> ItemStatus.DROPPED;
        };
    }

    private static List<String> ids(Item event) {
        return switch (event) {
            case Item.Added added -> added.tasks().stream().map(Item.Task::id).toList();
            case Item.Started started -> List.of(started.id());
            case Item.Completed completed -> List.of(completed.id());
            case Item.Failed failed -> List.of(failed.id());
            case Item.Requeued requeued -> requeued.ids();
            case Item.Dropped dropped -> dropped.ids();
        };
    }

    /** Marks the items of events as being written to, or not. */
    void busy(List<Item> events, boolean busy) {
        for (Item event : events) {
            for (String id : ids(event)) {
                Row row = rows.get(id);
                if (row != null) {
                    row.busy = busy;
                }
            }
        }
    }

    /** Takes in an event that stands in the log. What does not follow is left out, as it is in the state. */
    void apply(Item event, Position at, Instant time, boolean payloadsElsewhere) {
        if (event instanceof Item.Added added) {
            for (Item.Task task : added.tasks()) {
                boolean kept = !payloadsElsewhere && task.payload().text().length() <= KEPT_PAYLOAD;
                Row row = new Row(task.id(), at, rows.size(), kept ? task.payload() : null);
                if (rows.putIfAbsent(task.id(), row) == null) {
                    ready.add(row);
                }
            }
            return;
        }
        for (String id : ids(event)) {
            Row row = rows.get(id);
            if (row != null && refusal(event, id, row.status) == null) {
                row.status = after(event);
                row.last = at;
                change(row, event, time);
            }
        }
    }

    private void change(Row row, Item event, Instant time) {
        row.orphan = false;
        switch (event) {
            case Item.Added added -> throw new IllegalStateException("an item is added once");
            case Item.Started started -> {
                row.attempts = Math.max(row.attempts + 1, started.attempt());
                row.agentRun = started.agentRun();
                row.readyAt = null;
            }
            case Item.Completed completed -> row.error = null;
            case Item.Failed failed -> {
                row.error = failed.error();
                Long after = failed.retryAfterMillis();
                if (after != null) {
                    row.readyAt = after == 0 ? null : time.plusMillis(after);
                    offer(row);
                }
            }
            case Item.Requeued requeued -> {
                row.readyAt = null;
                row.forgiven = requeued.from() == Item.From.DEAD ? row.attempts : row.forgiven;
                offer(row);
            }
            case Item.Dropped dropped -> row.readyAt = null;
        }
    }

    private void offer(Row row) {
        if (row.readyAt == null) {
            ready.add(row);
        } else {
            waiting.add(row);
        }
    }

    /** Takes the next items that may be worked on, off the queue. */
    List<Row> next(int most, Instant now) {
        for (Row row = waiting.peek(); row != null && !readyAt(row).isAfter(now); row = waiting.peek()) {
            ready.add(waiting.poll());
        }
        Set<Row> next = new LinkedHashSet<>();
        while (next.size() < most && !ready.isEmpty()) {
            Row row = ready.poll();
            // What was dropped, or was started by name, is still in the queue.
            if (row.status == ItemStatus.PENDING && !row.busy && !readyAt(row).isAfter(now)) {
                next.add(row);
            }
        }
        return new ArrayList<>(next);
    }

    /** Puts items back that were taken off the queue and not started, before all others. */
    void giveBack(List<Row> taken) {
        taken.reversed().forEach(ready::addFirst);
    }

    /** When the next item that waits may be tried again, or null if none waits. */
    @Nullable
    Instant nextReadyAt() {
        Row row = waiting.peek();
        while (row != null && row.status != ItemStatus.PENDING) {
            waiting.poll();
            row = waiting.peek();
        }
        return row == null ? null : row.readyAt;
    }
}
