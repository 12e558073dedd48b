package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * How often an item is tried, and how long to wait before the next attempt. Immutable, part of a session's configuration.
 *
 * @param maxAttempts after how many failed attempts an item is a dead letter, at least 1
 * @param delayMillis how long to wait before the second attempt
 * @param factor by how much the wait grows with each further attempt, at least 1
 * @param maxDelayMillis the longest wait
 */
public record RetryPolicy(int maxAttempts, long delayMillis, double factor, long maxDelayMillis) {
    /** Three attempts, one second and two seconds apart. */
    public static final RetryPolicy USUAL = new RetryPolicy(3, 1_000, 2, 60_000);

    /** Checks the ranges. */
    public RetryPolicy {
        if (maxAttempts < 1 || delayMillis < 0 || maxDelayMillis < 0 || !(factor >= 1 && factor <= 1_000)) {
            throw HoldfastException.invalid(
                    "not a retry policy: at least 1 attempt, delays of at least 0 ms, " + "a factor of 1 to 1,000");
        }
    }

    /**
     * A policy without waiting.
     *
     * @param attempts how many attempts an item has
     * @return the policy
     */
    public static RetryPolicy attempts(int attempts) {
        return new RetryPolicy(attempts, 0, 1, 0);
    }

    /**
     * Returns how long to wait after a failed attempt.
     *
     * @param failed how many attempts failed so far, at least 1
     * @return the time before the next attempt
     */
    public Duration delay(long failed) {
        double millis = delayMillis * Math.pow(factor, failed - 1.0);
        return Duration.ofMillis((long) Math.min((double) maxDelayMillis, millis));
    }

    Json toJson() {
        return Json.parse(Json.mapper()
                .createObjectNode()
                .put("maxAttempts", maxAttempts)
                .put("delayMillis", delayMillis)
                .put("factor", factor)
                .put("maxDelayMillis", maxDelayMillis)
                .toString());
    }

    static RetryPolicy of(JsonNode in) {
        return new RetryPolicy(
                in.path("maxAttempts").asInt(USUAL.maxAttempts),
                in.path("delayMillis").asLong(USUAL.delayMillis),
                in.path("factor").asDouble(USUAL.factor),
                in.path("maxDelayMillis").asLong(USUAL.maxDelayMillis));
    }
}
