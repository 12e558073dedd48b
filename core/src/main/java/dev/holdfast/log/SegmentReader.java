package dev.holdfast.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in order, whatever happened to the bytes, and says what it passed over.
 *
 * <p>The first intact line with the expected index is the record; anything else is debris. Behind a hole, records count
 * only if some later line shows that what is missing had been forced: then the hole is damage and what follows is
 * history. Otherwise the segment ends at the hole, because nothing behind it was ever acknowledged. Holds one line in
 * memory, and one append of several events. Not thread-safe.
 */
public final class SegmentReader {
    private static final int FIRST_CHUNK_BYTES = 8 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_FAULTS = 1_000;

    private final ByteInput in;
    private final LogId log;
    private final int segment;
    private final LineFormat format;
    private final String file;

    private byte[] buffer = new byte[FIRST_CHUNK_BYTES];
    private int from;
    private int to;
    /** File offset of buffer[from]. */
    private long offset;

    private long nextIndex;
    private long intactEnd;
    private long knownDurable;
    private boolean endOfBytes;
    private boolean lookedAhead;
    private boolean ended;
    private boolean debris;

    private final List<LogRecord> batch = new ArrayList<>();
    private final ArrayDeque<LogRecord> ready = new ArrayDeque<>();
    private final ArrayDeque<LogRecord> joined = new ArrayDeque<>();
    private final List<Fault> faults = new ArrayList<>();

    /**
     * Creates a reader that begins at a record's line.
     *
     * @param in the segment's bytes
     * @param log the log
     * @param segment the segment's number
     * @param file the name to report faults under
     * @param offset where the first line to read begins
     * @param index the index that line must have
     * @param knownDurable how many records are known to have been forced, by whoever knows more than the lines say
     */
    public SegmentReader(
            ByteInput in, LogId log, int segment, String file, long offset, long index, long knownDurable) {
        this.in = in;
        this.log = log;
        this.segment = segment;
        this.format = new LineFormat(log, segment);
        this.file = file;
        this.offset = offset;
        this.intactEnd = offset;
        this.nextIndex = index;
        this.knownDurable = knownDurable;
    }

    /**
     * Returns the next record.
     *
     * @return the record, or null at the end of what counts
     * @throws IOException if the storage fails
     */
    public @Nullable LogRecord next() throws IOException {
        while (ready.isEmpty() && !ended) {
            LogRecord record = nextIntactLine();
            if (record == null) {
                end();
            } else {
                consider(record);
            }
        }
        LogRecord record = ready.poll();
        if (record != null) {
            intactEnd = record.end();
        }
        return record;
    }

    /**
     * Returns where the last returned record ends.
     *
     * @return byte offset in the segment's file
     */
    public long intactEnd() {
        return intactEnd;
    }

    /**
     * Returns the index that the next record would have.
     *
     * @return the index
     */
    public long nextIndex() {
        return nextIndex;
    }

    /**
     * Returns how many records are known to have been forced, as far as was read.
     *
     * @return a count from index 0
     */
    public long durable() {
        return Math.min(knownDurable, nextIndex);
    }

    /**
     * Tells whether bytes follow the last record that are no record. Valid after {@link #next} returned null.
     *
     * @return true if nothing may be appended behind them
     */
    public boolean endsInDebris() {
        return debris;
    }

    /**
     * Returns what was found wrong so far, the first 1,000.
     *
     * @return the faults, in file order
     */
    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    private void consider(LogRecord record) throws IOException {
        knownDurable = Math.max(knownDurable, record.durable());
        long expected = nextIndex + batch.size();
        if (!batch.isEmpty() && (record.index() < nextIndex || repeatsBatch(record))) {
            fault(record.offset(), Fault.Kind.DUPLICATE_RECORD, false, "index " + record.index() + " was taken before");
            return;
        }
        if (!batch.isEmpty() && (record.index() != expected || record.batchOrdinal() != batch.size())) {
            dropOrKeepBatch(record);
            expected = nextIndex;
        }
        if (record.index() < expected) {
            fault(record.offset(), Fault.Kind.DUPLICATE_RECORD, false, "index " + record.index() + " was taken before");
            debris = true;
            return;
        }
        if (record.index() > expected) {
            if (!wasForced(expected)) {
                stopAtHole(record, expected);
                return;
            }
            fault(
                    intactEnd,
                    Fault.Kind.HOLE,
                    true,
                    "records " + expected + " to " + (record.index() - 1) + " are missing; they had been forced");
            nextIndex = record.index();
        }
        if (record.batchSize() == 1) {
            accept(record);
        } else if (record.batchOrdinal() == batch.size()) {
            batch.add(record);
            if (batch.size() == record.batchSize()) {
                List.copyOf(batch).forEach(this::accept);
                batch.clear();
            }
        } else if (wasForced(record.index())) {
            accept(record);
        } else {
            fault(record.offset(), Fault.Kind.INCOMPLETE_BATCH, false, "an append's first events are missing");
            debris = true;
        }
    }

    /** Whether a line stands a second time inside its own batch. */
    private boolean repeatsBatch(LogRecord record) {
        return record.index() < nextIndex + batch.size()
                && record.crc() == batch.get((int) (record.index() - nextIndex)).crc();
    }

    private void accept(LogRecord record) {
        ready.add(record);
        nextIndex = record.index() + 1;
        debris = false;
    }

    /** Half an append counts as none, unless it had been forced: then its intact half is all that is left of it. */
    private void dropOrKeepBatch(LogRecord follower) throws IOException {
        long offsetOfBatch = batch.getFirst().offset();
        boolean forced = follower.durable() > nextIndex || wasForced(nextIndex + batch.size());
        fault(
                offsetOfBatch,
                Fault.Kind.INCOMPLETE_BATCH,
                forced,
                batch.size() + " of " + batch.getFirst().batchSize() + " events of one append are there");
        if (forced) {
            List.copyOf(batch).forEach(this::accept);
        }
        batch.clear();
    }

    private void stopAtHole(LogRecord record, long expected) {
        fault(
                record.offset(),
                Fault.Kind.HOLE,
                false,
                "record " + record.index() + " stands where " + expected + " was expected; neither was acknowledged");
        ended = true;
        debris = true;
    }

    private void end() {
        ended = true;
        if (!batch.isEmpty()) {
            fault(
                    batch.getFirst().offset(),
                    Fault.Kind.INCOMPLETE_BATCH,
                    nextIndex + batch.size() < knownDurable,
                    batch.size() + " of " + batch.getFirst().batchSize() + " events of one append are there");
            debris = true;
            if (nextIndex + batch.size() < knownDurable) {
                List.copyOf(batch).forEach(this::accept);
            }
            batch.clear();
        }
    }

    /** Whether the record at this index is known to have been forced, from what was read or from any later line. */
    private boolean wasForced(long index) throws IOException {
        if (index < knownDurable) {
            return true;
        }
        if (!lookedAhead) {
            lookedAhead = true;
            SegmentReader ahead = new SegmentReader(in, log, segment, file, offset, 0, 0);
            for (LogRecord later = ahead.nextIntactLine(); later != null; later = ahead.nextIntactLine()) {
                knownDurable = Math.max(knownDurable, later.durable());
            }
            for (LogRecord later : joined) {
                knownDurable = Math.max(knownDurable, later.durable());
            }
        }
        return index < knownDurable;
    }

    /** Returns the next line with a good checksum, wherever its index lies, or null at the end of the bytes. */
    private @Nullable LogRecord nextIntactLine() throws IOException {
        while (true) {
            if (!joined.isEmpty()) {
                return joined.poll();
            }
            int newline = findNewline();
            if (newline < 0) {
                tail();
                return null;
            }
            LogRecord record =
                    newline - from > LineFormat.MAX_LINE_BYTES ? null : format.read(buffer, from, newline, offset);
            if (record == null) {
                salvage(newline);
            }
            offset += newline + 1 - from;
            from = newline + 1;
            if (record != null) {
                return record;
            }
        }
    }

    private int findNewline() throws IOException {
        int scanned = from;
        while (true) {
            int newline = Newlines.first(buffer, scanned, to);
            if (newline >= 0) {
                return newline;
            }
            scanned = to;
            if (to - from > LineFormat.MAX_LINE_BYTES) {
                skipOverlong();
                scanned = from;
                continue;
            }
            int moved = fill();
            if (moved < 0) {
                return -1;
            }
            scanned -= moved;
        }
    }

    /** Reads on; returns by how much the content moved in the buffer, or -1 at the end. */
    private int fill() throws IOException {
        if (endOfBytes) {
            return -1;
        }
        int moved = 0;
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            moved = from;
            to -= from;
            from = 0;
        }
        if (to == buffer.length || (moved > 0 && buffer.length < CHUNK_BYTES)) {
            buffer = java.util.Arrays.copyOf(buffer, Math.max(CHUNK_BYTES, buffer.length * 2));
        }
        int wanted = buffer.length - to;
        int read = in.read(offset + to, buffer, to, wanted);
        if (read <= 0) {
            return -1;
        }
        endOfBytes = read < Math.min(wanted, FIRST_CHUNK_BYTES);
        to += read;
        return moved;
    }

    /** A line longer than any record may be: nothing in it can be trusted but what begins a record. */
    private void skipOverlong() {
        fault(
                offset,
                nulRun(to) ? Fault.Kind.NUL_RUN : Fault.Kind.BAD_RECORD,
                false,
                "line over " + LineFormat.MAX_LINE_BYTES + " bytes");
        debris = true;
        int keep = to - 16;
        for (int k = from + 1; k < to - 16; k++) {
            if (buffer[k] == '{' && LineFormat.startsRecord(buffer, k, to)) {
                keep = k;
                break;
            }
        }
        offset += keep - from;
        from = keep;
    }

    /** Looks for whole records inside a line that is none: joined ones, or one behind torn bytes. */
    private void salvage(int newline) {
        boolean found = false;
        int start = from;
        for (int k = from; k < newline; k++) {
            if (buffer[k] == '{' && LineFormat.startsRecord(buffer, k, newline)) {
                start = k;
                int stop = recordEnd(k, newline);
                LogRecord record = stop < 0 ? null : format.read(buffer, k, stop, offset + (k - from));
                if (record != null && stop < newline) {
                    record = record.withoutNewline();
                }
                if (record != null) {
                    joined.add(record);
                    found = true;
                    k = stop - 1;
                }
            }
        }
        int bytes = newline - from;
        if (found) {
            fault(offset, Fault.Kind.JOINED_RECORDS, false, joined.size() + " records without a newline of their own");
        } else if (nulRun(newline)) {
            fault(offset, Fault.Kind.NUL_RUN, false, bytes + " bytes begin with zeros");
        } else if (start == from && LineFormat.startsRecord(buffer, from, newline) && bytes > 30) {
            fault(
                    offset,
                    Fault.Kind.BAD_RECORD,
                    false,
                    "checksum or form of record " + LineFormat.peekIndex(buffer, from, newline) + " is wrong, " + bytes
                            + " bytes");
        } else {
            fault(offset, Fault.Kind.BAD_RECORD, false, bytes + " bytes that are no record");
        }
        debris = true;
    }

    /** Returns the end of a record that begins at {@code start}: just past a trailer whose checksum fits, or -1. */
    private int recordEnd(int start, int newline) {
        for (int k = start; k + 18 <= newline; k++) {
            if (buffer[k] == ','
                    && buffer[k + 1] == '"'
                    && buffer[k + 2] == 'c'
                    && buffer[k + 3] == 'r'
                    && buffer[k + 4] == 'c'
                    && buffer[k + 5] == '"'
                    && buffer[k + 17] == '}'
                    && format.read(buffer, start, k + 18, 0) != null) {
                return k + 18;
            }
        }
        return -1;
    }

    private boolean nulRun(int end) {
        return end > from && buffer[from] == 0;
    }

    private void tail() {
        if (to > from) {
            debris = true;
            fault(
                    offset,
                    nulRun(to) ? Fault.Kind.NUL_RUN : Fault.Kind.TORN_TAIL,
                    false,
                    (to - from) + " bytes without a newline");
        }
    }

    private void fault(long at, Fault.Kind kind, boolean damage, String detail) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(file, at, kind, damage, detail));
        }
    }
}
