package dev.holdfast.log;

import java.util.Locale;

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
    /**
     * Tells whether it concerns a session this one goes on from. No repair of this one can mend it.
     *
     * @return true if the session's own files are not meant
     */
    public boolean concernsAncestor() {
        return kind == Kind.MISSING_ANCESTOR || kind == Kind.WRONG_ANCESTOR;
    }

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
        /** A line that is no Holdfast record at all: text, or other JSON. */
        FOREIGN_LINE,
        /** An intact record of another segment or session. */
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
        /** A writer failed here and left its segment behind; the next writer opens one above. Harmless. */
        FENCE,
        /** Something that nothing refers to: the trace of an interrupted operation. Harmless. */
        UNREFERENCED,
        /** A derived file belongs to another history than the log's; it is ignored and made anew. */
        STALE_DERIVED_FILE,
        /** A derived file is true at a record that the log does not have, or no longer. It is ignored and made anew. */
        DERIVED_FILE_AHEAD,
        /** A derived file's own checksum or form is wrong; it is ignored and made anew. */
        CORRUPT_DERIVED_FILE;

        /**
         * Returns the kind as it is written in reports.
         *
         * @return lower-case words joined by dashes
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
