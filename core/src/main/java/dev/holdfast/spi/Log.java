package dev.holdfast.spi;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One log: numbered segments of records, of which only the highest is ever appended to. Thread-safe for reading;
 * appends come from one thread at a time.
 */
public interface Log extends BlobSource, AutoCloseable {
    /**
     * Finds the head segment.
     *
     * @return the head as it is now
     * @throws HoldfastException NOT_FOUND if the log was removed, DAMAGED if no segment has an intact first record
     */
    Head head();

    /**
     * Lists the numbers of all segment files, whether intact or not.
     *
     * @return the numbers, ascending
     */
    List<Integer> segments();

    /**
     * Tells, cheaply, whether nothing stands above a segment.
     *
     * @param segment its number
     * @return true if no higher segment, or file of one, is there
     */
    boolean isHead(int segment);

    /**
     * Tells how a segment looks without reading it: as long as the stamp is the same, nobody wrote to the segment.
     *
     * @param segment its number
     * @return opaque, or null if this log cannot tell
     */
    default @Nullable String stamp(int segment) {
        return null;
    }

    /**
     * Reads a segment.
     *
     * @param segment its number
     * @param index the index to begin at, exactly if {@code offset} is given
     * @param offset the byte where that record's line begins, or -1 to search for it
     * @param knownDurable how many records are known to have been forced
     * @return the records from there on
     * @throws HoldfastException NOT_FOUND if there is no such segment
     */
    RecordSource read(int segment, long index, long offset, long knownDurable);

    /**
     * Appends records to the head, all in one write.
     *
     * @param expected where the first goes: what the caller knows to be the end
     * @param records the records
     * @param force whether they must be durable when this returns
     * @return what became of it
     * @throws OutcomeUnknownException if it is not known whether they are durable; the log accepts nothing more
     * @throws HoldfastException STORAGE if they are certainly not there; the log accepts nothing more. BUSY if the lock
     *     was not free within 5 s
     */
    AppendOutcome append(Tail expected, List<Draft> records, boolean force);

    /**
     * Forces what was appended without.
     *
     * @param tail the end as the caller knows it
     * @return the same end, durable
     * @throws OutcomeUnknownException if it is not known whether the records are durable; the log accepts nothing more
     */
    Tail force(Tail tail);

    /**
     * Opens a new segment behind a known end. Durable when it returns.
     *
     * @param expected the end as the caller knows it
     * @param opening makes record 0
     * @param blobs payloads record 0 refers to
     * @return where record 1 goes, or null if somebody else opened a segment first
     * @throws OutcomeUnknownException as for {@link #append}
     */
    @Nullable
    Tail openSegment(Tail expected, Opening opening, List<EncodedEvent.Payload> blobs);

    /**
     * Keeps payloads. Durable when it returns. A payload that is there already costs nothing.
     *
     * @param blobs the payloads
     */
    void putBlobs(List<EncodedEvent.Payload> blobs);

    /**
     * Opens a copy that this log keeps of a log it came from.
     *
     * @param ancestor the log it came from
     * @return the copy, for reading only, or null if it keeps none
     */
    @Nullable
    Log ancestor(LogId ancestor);

    /**
     * Keeps a copy of a log this one came from. Durable when it returns: all of it or nothing. A copy that is there
     * already stays.
     *
     * @param ancestor the log it came from
     * @param content its segments and payloads, as far as they are needed
     */
    void keepAncestor(LogId ancestor, LogCopy content);

    /**
     * Checks everything beside the segments of the history: blobs, other segments, strange files.
     *
     * @param history the numbers of the segments that are history
     * @return what is wrong
     */
    List<Fault> verifyBeside(Set<Integer> history);

    /**
     * Copies damaged segments aside before a repair, and apart from them what in them is no record. Changes nothing else.
     * Durable when it returns; if it fails or is cut short, it is as if it had not been done.
     *
     * @param remains what is damaged
     * @param report what was found, as JSON
     * @return where the copies are, relative to the log; empty if this backend has no files
     */
    String setAside(List<Remains> remains, byte[] report);

    /**
     * Reads what {@link #saveDerived} kept last. May be lost or stale at any time.
     *
     * @return the bytes, or null
     */
    byte @Nullable [] derived();

    /**
     * Keeps derived data, to save work later. Not durable; a failure is ignored.
     *
     * @param content the bytes
     */
    void saveDerived(byte[] content);

    /** Releases what is open. Forces nothing. */
    @Override
    void close();
}
