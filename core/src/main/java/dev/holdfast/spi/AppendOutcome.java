package dev.holdfast.spi;

import org.jspecify.annotations.Nullable;

/** What became of an append that did not fail. */
public sealed interface AppendOutcome {
    /**
     * The records are in the log; forced, if that was asked.
     *
     * @param tail where the next record goes
     * @param lastOffset the byte where the last record's line begins
     * @param lastCrc the last record's checksum
     * @param before the segment's {@link Log#stamp stamp} just before the write, or null
     * @param after its stamp just behind the write, or null
     */
    record Appended(
            Tail tail,
            long lastOffset,
            int lastCrc,
            @Nullable String before,
            @Nullable String after) implements AppendOutcome {}

    /** Somebody else appended or opened a segment first. Nothing was written: read on, then try again. */
    record Moved() implements AppendOutcome {}
}
