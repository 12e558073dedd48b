package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one response of a model used. Wire name {@code usage.recorded}.
 *
 * <p>Repeated reports of one response carry the same {@code responseId}; the state counts such a response once, with the
 * largest figures.
 *
 * @param tokens the counts
 * @param model the model, or null if unknown
 * @param responseId the provider's id of the response, or null: then each report counts
 * @param costUsd the provider's own figure in US dollars, or null if it gave none (never 0 for unknown)
 */
public record UsageRecorded(
        Tokens tokens,
        @Nullable String model,
        @Nullable String responseId,
        @Nullable BigDecimal costUsd) implements Event {
    /** Checks that nothing is negative. */
    public UsageRecorded {
        boolean negative = tokens.input() < 0
                || tokens.output() < 0
                || tokens.cacheRead() < 0
                || tokens.cacheWrite() < 0
                || tokens.reasoning() < 0
                || (costUsd != null && costUsd.signum() < 0);
        if (negative) {
            throw HoldfastException.invalid("usage of a response is negative: " + tokens + ", cost " + costUsd);
        }
    }

    @Override
    public String type() {
        return "usage.recorded";
    }
}
