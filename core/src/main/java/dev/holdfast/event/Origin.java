package dev.holdfast.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a segment exists. References to other places are positions in text form, with the checksum of the record there.
 */
public sealed interface Origin {
    /** A new session. */
    record Fresh() implements Origin {}

    /** The segment before grew to its limit. */
    record RolledOver() implements Origin {}

    /**
     * The segment before ended in bytes that were never acknowledged, or a writer met an I/O error.
     *
     * @param repaired whether damage below what was known durable was accepted by an explicit repair
     */
    record Recovered(boolean repaired) implements Origin {}

    /**
     * A session that continues another one from a position.
     *
     * @param position the last record of the parent that is history of this session
     * @param crc that record's checksum, 8 hexadecimal digits
     * @param relation how it came from the parent: empty for a fork, {@code retry} for a new attempt
     */
    record Forked(String position, String crc, String relation) implements Origin {}

    /**
     * The model's view starts again from a summary.
     *
     * @param summary the summary
     * @param kept positions of records that stay in view behind the summary
     */
    record Compacted(String summary, List<String> kept) implements Origin {
        /** Copies the positions. */
        public Compacted {
            kept = List.copyOf(kept);
        }
    }

    /**
     * The session goes on from an earlier position of its own.
     *
     * @param position the last record that stays history
     */
    record Rewound(String position) implements Origin {}

    /**
     * The session goes on from a checkpoint.
     *
     * @param checkpoint the checkpoint's id
     * @param position where the checkpoint was taken
     * @param state the application's state as the checkpoint holds it, or null if it holds none
     */
    record Restored(
            String checkpoint, String position, @Nullable Json state) implements Origin {}

    /**
     * The session was made from another system's file.
     *
     * @param system the other system, for example {@code claude-code}
     * @param id the session's id there
     * @param parent position or id of the session it came from, or empty
     * @param relation how it came from the parent: {@code subagent}, {@code fork}, or empty
     */
    record Imported(String system, String id, String parent, String relation) implements Origin {}

    /**
     * An origin this version does not know.
     *
     * @param data the whole origin
     */
    record Other(Json data) implements Origin {}
}
