package dev.holdfast.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One step of a workflow. Steps have ids, so that they may overlap and may be done again in a later iteration. */
public sealed interface Step extends WorkEvent {
    /**
     * Returns which step.
     *
     * @return its id
     */
    String id();

    /**
     * A step begins.
     *
     * @param id its id, unique among those under way
     * @param index its place in the workflow, from 0
     * @param name what it does, in words
     */
    record Started(String id, long index, String name) implements Step {
        /** Checks the ranges. */
        public Started {
            Ranges.requireName("a step's id", id);
            Ranges.requireNotNegative("a step's index", index);
        }

        @Override
        public String type() {
            return "step.started";
        }
    }

    /**
     * A step is done.
     *
     * @param id its id
     * @param output what it captured, may be empty; a large one is kept as a blob
     * @param variables the variables it set
     * @param durationMillis how long it took, by a monotonic clock
     */
    record Completed(String id, String output, Map<String, Json> variables, long durationMillis) implements Step {
        /** Checks the ranges and copies the map. */
        public Completed {
            Ranges.requireName("a step's id", id);
            Ranges.requireNotNegative("duration", durationMillis);
            variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        }

        @Override
        public String type() {
            return "step.completed";
        }
    }

    /**
     * A step failed. The workflow may go on.
     *
     * @param id its id
     * @param error what went wrong
     * @param durationMillis how long it took, by a monotonic clock
     */
    record Failed(String id, String error, long durationMillis) implements Step {
        /** Checks the ranges. */
        public Failed {
            Ranges.requireName("a step's id", id);
            Ranges.requireNotNegative("duration", durationMillis);
        }

        @Override
        public String type() {
            return "step.failed";
        }
    }
}
