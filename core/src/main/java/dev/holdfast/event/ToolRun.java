package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/** One run of a tool within a session. */
public sealed interface ToolRun extends WorkEvent {
    /**
     * Returns which run.
     *
     * @return its id
     */
    String id();

    /**
     * A tool begins to work.
     *
     * @param id the run's id, unique among those under way
     * @param name the tool
     * @param arguments what it was given
     * @param agentRun the agent's run that called it, or null
     */
    record Started(
            String id,
            String name,
            Json arguments,
            @Nullable String agentRun) implements ToolRun {
        /** Checks the names. */
        public Started {
            Ranges.requireName("a run's id", id);
            Ranges.requireName("a tool's name", name);
        }

        @Override
        public String type() {
            return "tool.started";
        }
    }

    /**
     * A tool's run is over.
     *
     * @param id the run's id
     * @param result what came of it, or null
     * @param error what went wrong, or null if it ended well
     * @param durationMillis how long it took, by a monotonic clock
     */
    record Ended(String id, @Nullable Json result, @Nullable String error, long durationMillis) implements ToolRun {
        /** Checks the ranges. */
        public Ended {
            Ranges.requireName("a run's id", id);
            Ranges.requireNotNegative("duration", durationMillis);
        }

        @Override
        public String type() {
            return "tool.ended";
        }
    }
}
