package dev.holdfast.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Something was measured. */
public sealed interface Measurement extends WorkEvent {
    /**
     * Returns what was measured.
     *
     * @return a name
     */
    String name();

    /**
     * A figure of the caller's own.
     *
     * @param name what was measured
     * @param value the figure
     * @param unit its unit, or null
     */
    record Metric(String name, BigDecimal value, @Nullable String unit) implements Measurement {
        /** Checks the name. */
        public Metric {
            Ranges.requireName("a metric's name", name);
            Ranges.requireName("a unit", unit);
        }

        @Override
        public String type() {
            return "metric.recorded";
        }
    }

    /**
     * How long something took. Timings of one name add up.
     *
     * @param name what took that long
     * @param durationMicros how long, by a monotonic clock
     */
    record Timing(String name, long durationMicros) implements Measurement {
        /** Checks the ranges. */
        public Timing {
            Ranges.requireName("a timing's name", name);
            Ranges.requireNotNegative("duration", durationMicros);
        }

        @Override
        public String type() {
            return "timing.recorded";
        }
    }
}
