package dev.holdfast.log;

/**
 * Something in a store that is not as it should be.
 *
 * @param file the file, relative to the log's directory
 * @param offset the byte where it begins
 * @param kind what it is
 * @param damage true if it lies below what was known durable: something acknowledged may be lost; false if it is normal
 *     after a crash
 * @param detail in words
 */
public record Fault(String file, long offset, Kind kind, boolean damage, String detail) {
    /** What kinds of fault there are. */
    public enum Kind {
        /** The file ends in the middle of a line that was never acknowledged. */
        TORN_TAIL,
        /** A line is not an intact record: its form or checksum is wrong. */
        BAD_RECORD,
        /** A run of zero bytes, as a file system leaves it after a power cut. */
        NUL_RUN,
        /** Two records without a newline between them; both were read. */
        JOINED_RECORDS,
        /** An intact-looking record of another segment or session. */
        FOREIGN_RECORD,
        /** Records are missing between two others. */
        HOLE,
        /** A record whose index another one took first. */
        DUPLICATE_RECORD,
        /** An append of several events that is not all there, and so counts as none. */
        INCOMPLETE_BATCH,
        /** A segment's file has records but no intact first one. */
        MISSING_OPENING,
        /** A segment that a later one refers to is not there. */
        MISSING_SEGMENT,
        /** A session this one goes on from is not there. */
        MISSING_ANCESTOR,
        /** The record this session goes on from is not there, or is another one. */
        WRONG_ANCESTOR,
        /** A segment has fewer records than the next one says are history. */
        SHORT_SEGMENT,
        /** A blob that a record refers to is not there. */
        MISSING_BLOB,
        /** A blob's content does not match its name. */
        WRONG_BLOB,
        /** Something that nothing refers to: the trace of an interrupted operation. Harmless. */
        UNREFERENCED,
        /** A derived file does not match the log; it is ignored and made anew. */
        STALE_DERIVED_FILE
    }
}
