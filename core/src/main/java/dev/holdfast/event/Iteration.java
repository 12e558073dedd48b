package dev.holdfast.event;

/** One round of the work, numbered from 1. */
public sealed interface Iteration extends WorkEvent {
    /**
     * Returns which iteration.
     *
     * @return its number, from 1
     */
    long number();

    /**
     * An iteration begins, or begins again after a crash.
     *
     * @param number its number, from 1
     */
    record Started(long number) implements Iteration {
        /** Checks the number. */
        public Started {
            Ranges.requirePositive("iteration", number);
        }

        @Override
        public String type() {
            return "iteration.started";
        }
    }

    /**
     * An iteration is done.
     *
     * @param number its number
     * @param changes what it changed
     */
    record Completed(long number, Changes changes) implements Iteration {
        /** Checks the number. */
        public Completed {
            Ranges.requirePositive("iteration", number);
        }

        @Override
        public String type() {
            return "iteration.completed";
        }
    }
}
