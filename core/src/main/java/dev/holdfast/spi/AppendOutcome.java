package dev.holdfast.spi;

/** What became of an append that did not fail. */
public sealed interface AppendOutcome {
    /**
     * The records are in the log; forced, if that was asked.
     *
     * @param tail where the next record goes
     * @param lastOffset the byte where the last record's line begins
     * @param lastCrc the last record's checksum
     */
    record Appended(Tail tail, long lastOffset, int lastCrc) implements AppendOutcome {}

    /** Somebody else appended or opened a segment first. Nothing was written: read on, then try again. */
    record Moved() implements AppendOutcome {}
}
