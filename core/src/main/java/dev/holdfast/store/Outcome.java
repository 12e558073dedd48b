package dev.holdfast.store;

import java.time.Duration;

/**
 * How a command ended. Immutable; each method returns a changed copy.
 *
 * @param exitCode its exit code; 0 is success
 * @param took how long it took, by a monotonic clock
 * @param outputTail the end of its output, may be empty
 */
public record Outcome(int exitCode, Duration took, String outputTail) {
    /**
     * A success.
     *
     * @return exit code 0, no time, no output
     */
    public static Outcome success() {
        return of(0);
    }

    /**
     * Any outcome.
     *
     * @param exitCode the exit code
     * @return the outcome, no time, no output
     */
    public static Outcome of(int exitCode) {
        return new Outcome(exitCode, Duration.ZERO, "");
    }

    /**
     * Says how long it took.
     *
     * @param duration the time
     * @return a changed copy
     */
    public Outcome took(Duration duration) {
        return new Outcome(exitCode, duration, outputTail);
    }

    /**
     * Gives it the end of the output.
     *
     * @param tail the text
     * @return a changed copy
     */
    public Outcome output(String tail) {
        return new Outcome(exitCode, took, tail);
    }
}
