package dev.holdfast.store;

import dev.holdfast.log.Position;

/** What became of an append that was neither refused nor failed. */
public sealed interface AppendResult {
    /**
     * The events are recorded: durable, unless the append was relaxed.
     *
     * @param first the first event's position
     * @param last the last event's position
     */
    record Appended(Position first, Position last) implements AppendResult {}

    /**
     * An append with the same id and the same events was recorded before. Nothing was written.
     *
     * @param first the position of its first event
     */
    record Duplicate(Position first) implements AppendResult {}

    /**
     * The condition did not hold, or the id was used for other events. Nothing was written.
     *
     * @param last the session's last record when the append was looked at
     * @param reason why, in words
     */
    record Conflict(Position last, String reason) implements AppendResult {}
}
