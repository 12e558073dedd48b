package dev.holdfast.event;

/**
 * A command ran to its end. Wire name {@code command.executed}.
 *
 * @param command the command as it was given
 * @param exitCode its exit code; 0 is success
 * @param durationMillis how long it took, by a monotonic clock
 * @param outputTail the end of its output, may be empty; a large one is kept as a blob
 */
public record CommandExecuted(String command, int exitCode, long durationMillis, String outputTail)
        implements WorkEvent {
    /** Checks the duration. */
    public CommandExecuted {
        Ranges.requireNotNegative("duration", durationMillis);
    }

    /**
     * Tells whether the command succeeded.
     *
     * @return true if the exit code is 0
     */
    public boolean success() {
        return exitCode == 0;
    }

    @Override
    public String type() {
        return "command.executed";
    }
}
