package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.List;

/** A numbered step that the work foresees. */
public sealed interface Milestone extends WorkEvent {
    /**
     * The milestones were set, or set anew.
     *
     * @param titles what each is called, the first one's number is 1; 1 to 1,000
     */
    record Planned(List<String> titles) implements Milestone {
        private static final int MOST = 1_000;

        /** Checks the number and copies the list. */
        public Planned {
            titles = List.copyOf(titles);
            if (titles.isEmpty() || titles.size() > MOST) {
                throw HoldfastException.invalid("a plan has 1 to " + MOST + " milestones, not " + titles.size());
            }
        }

        @Override
        public String type() {
            return "milestone.planned";
        }
    }

    /**
     * A milestone is reached.
     *
     * @param number its number, from 1
     * @param summary what was done, may be empty
     */
    record Completed(long number, String summary) implements Milestone {
        /** Checks the number. */
        public Completed {
            Ranges.requirePositive("milestone", number);
        }

        @Override
        public String type() {
            return "milestone.completed";
        }
    }
}
