package dev.holdfast.importers.codex;

import dev.holdfast.event.Tokens;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns the running totals of one rollout into what each step used. A total that goes back is that of a counter that
 * began again at 0. Not thread-safe.
 */
final class CodexUsage {
    /** As Codex counts: cached tokens are part of the input, reasoning is part of the output. */
    private record Total(long input, long cached, long written, long output, long reasoning) {
        static Total of(JsonNode usage) {
            return new Total(
                    count(usage, "input_tokens"),
                    count(usage, "cached_input_tokens"),
                    count(usage, "cache_write_input_tokens"),
                    count(usage, "output_tokens"),
                    count(usage, "reasoning_output_tokens"));
        }

        Total minus(Total other) {
            return new Total(
                    Math.max(0, input - other.input),
                    Math.max(0, cached - other.cached),
                    Math.max(0, written - other.written),
                    Math.max(0, output - other.output),
                    Math.max(0, reasoning - other.reasoning));
        }

        boolean isBefore(Total other) {
            return input + output < other.input + other.output;
        }

        Tokens toTokens() {
            return new Tokens(Math.max(0, input - cached - written), output, cached, written, reasoning);
        }
    }

    private static final Total ZERO = new Total(0, 0, 0, 0, 0);

    private final boolean inherits;
    private @Nullable Total before;

    /** A session that goes on from another one's history may begin with that one's total. */
    CodexUsage(boolean inherits) {
        this.inherits = inherits;
    }

    /** Returns what was used since the last total, or null if the event has no total. */
    @Nullable
    Tokens next(JsonNode info) {
        if (!info.path("total_token_usage").isObject()) {
            return null;
        }
        Total total = Total.of(info.path("total_token_usage"));
        Total base = before;
        if (base == null) {
            boolean known = inherits && info.path("last_token_usage").isObject();
            base = known ? total.minus(Total.of(info.path("last_token_usage"))) : ZERO;
        } else if (total.isBefore(base)) {
            base = ZERO;
        }
        before = total;
        return total.minus(base).toTokens();
    }

    private static long count(JsonNode usage, String name) {
        JsonNode value = usage.path(name);
        return value.isIntegralNumber() && value.canConvertToLong() ? Math.max(0, value.asLong()) : 0;
    }
}
