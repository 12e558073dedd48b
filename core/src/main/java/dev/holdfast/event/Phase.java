package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/** Where work stands in its phase plan. */
public sealed interface Phase extends WorkEvent {
    /**
     * Work moved to another phase.
     *
     * @param from the phase before, or null if there was none
     * @param to the phase now
     * @param reason why, or null; backward moves need one
     */
    record Moved(@Nullable String from, String to, @Nullable String reason) implements Phase {
        /** Checks the names. */
        public Moved {
            Ranges.requireName("a phase", from);
            Ranges.requireName("a phase", to);
        }

        @Override
        public String type() {
            return "phase.moved";
        }
    }

    /**
     * One phase, or whoever worked in it, hands over to another.
     *
     * @param from who hands over
     * @param to who takes over
     * @param what what is handed over, in words; a large one is kept as a blob
     */
    record Handoff(String from, String to, String what) implements Phase {
        /** Checks the names. */
        public Handoff {
            Ranges.requireName("a phase", from);
            Ranges.requireName("a phase", to);
        }

        @Override
        public String type() {
            return "phase.handoff";
        }
    }
}
