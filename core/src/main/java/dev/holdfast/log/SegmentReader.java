package dev.holdfast.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in order, whatever happened to the bytes, and says what it passed over.
 *
 * <p>The first intact line with the expected index is the record; anything else is debris. Behind a hole, records count
 * only if some later line shows that what is missing had been forced: then the hole is damage and what follows is
 * history, and so is what of the missing stands further on, where a copy or a splice put it. Otherwise the segment ends
 * at the hole, because nothing behind it was ever acknowledged. Holds one line in memory, and one append of several
 * events; where there is a hole, also the places of all lines behind it. Not thread-safe.
 */
public final class SegmentReader {
    private static final int FIRST_CHUNK_BYTES = 8 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_FAULTS = 1_000;
    private static final int OVERLONG = -2;

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
    /** Where the line ends that is too long, in the file; -1 if no newline follows. */
    private long newlineAt = -1;
    /** Where the bytes end, if no newline follows. */
    private long endAt;

    private boolean lookedAhead;
    private boolean ended;
    private boolean debris;

    /** What stands behind the first hole, by index; empty as long as there is none. */
    private final NavigableMap<Long, LinePlace> later = new TreeMap<>();

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
            intactEnd = Math.max(intactEnd, record.end());
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
            fillHole(expected, record.index());
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

    /** Takes the records of a hole from wherever they stand further on, and tells which are missing. */
    private void fillHole(long hole, long until) throws IOException {
        lookAhead();
        long missing = hole;
        for (LinePlace misplaced :
                later.subMap(hole, Math.min(until, knownDurable)).values()) {
            LogRecord found = misplaced.read(in, format);
            if (found != null) {
                hole(missing, found.index());
                accept(found);
                missing = found.index() + 1;
            }
        }
        hole(missing, until);
        nextIndex = until;
    }

    private void hole(long first, long until) {
        if (first < until) {
            fault(
                    intactEnd,
                    Fault.Kind.HOLE,
                    true,
                    "records " + first + " to " + (until - 1) + " are missing; they had been forced");
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
        boolean forced = follower.durable() > nextIndex || wasForced(nextIndex + batch.size() - 1);
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
            boolean forced = nextIndex + batch.size() <= knownDurable;
            fault(
                    batch.getFirst().offset(),
                    Fault.Kind.INCOMPLETE_BATCH,
                    forced,
                    batch.size() + " of " + batch.getFirst().batchSize() + " events of one append are there");
            debris = true;
            if (forced) {
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
        lookAhead();
        return index < knownDurable;
    }

    private void lookAhead() throws IOException {
        if (!lookedAhead) {
            lookedAhead = true;
            joined.forEach(this::note);
            SegmentReader ahead = new SegmentReader(in, log, segment, file, offset, 0, 0);
            for (LogRecord record = ahead.nextIntactLine(); record != null; record = ahead.nextIntactLine()) {
                note(record);
            }
        }
    }

    private void note(LogRecord record) {
        knownDurable = Math.max(knownDurable, record.durable());
        later.putIfAbsent(record.index(), LinePlace.of(record));
    }

    /** Returns the next line with a good checksum, wherever its index lies, or null at the end of the bytes. */
    private @Nullable LogRecord nextIntactLine() throws IOException {
        while (true) {
            if (!joined.isEmpty()) {
                return joined.poll();
            }
            int newline = findNewline();
            if (newline == OVERLONG) {
                salvageOverlong();
                continue;
            }
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

    /** Returns where the next newline stands in the buffer, OVERLONG if it is too far away, -1 if there is none. */
    private int findNewline() throws IOException {
        int scanned = from;
        while (true) {
            int newline = Newlines.first(buffer, scanned, to);
            if (newline >= 0) {
                return newline;
            }
            scanned = to;
            if (to - from > LineFormat.MAX_LINE_BYTES) {
                return OVERLONG;
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

    /** Looks for whole records inside a line that is none: joined ones, or one behind torn bytes. */
    private void salvage(int newline) {
        List<LogRecord> found = JoinedRecords.find(format, buffer, from, newline, newline, offset);
        keep(found, offset + newline - from);
        if (found.size() > 1) {
            fault(offset, Fault.Kind.JOINED_RECORDS, false, found.size() + " records without a newline of their own");
        } else if (!found.isEmpty()) {
            fault(offset, Fault.Kind.BAD_RECORD, false, "a record and bytes that are none in one line; it was read");
        } else if (faults.size() < MAX_FAULTS) {
            Debris debris = Debris.of(log, segment, buffer, from, newline);
            fault(offset, debris.kind(), false, debris.detail());
        }
        debris = true;
    }

    private void keep(List<LogRecord> found, long newlineAt) {
        for (LogRecord record : found) {
            joined.add(record.end() - 1 < newlineAt ? record.withoutNewline() : record);
        }
    }

    /**
     * Looks for whole records in the first part of a line that is longer than any record may be. What begins in that part
     * ends in the next one at the latest, so that two of them at a time are enough.
     */
    private void salvageOverlong() throws IOException {
        if (newlineAt < offset) {
            newlineAt = seekNewline();
        }
        long until = newlineAt < 0 ? endAt : newlineAt;
        fault(
                offset,
                nulRun(to) ? Fault.Kind.NUL_RUN : newlineAt < 0 ? Fault.Kind.TORN_TAIL : Fault.Kind.BAD_RECORD,
                false,
                newlineAt < 0
                        ? (until - offset) + " bytes without a newline"
                        : "line over " + LineFormat.MAX_LINE_BYTES + " bytes");
        debris = true;
        if (newlineAt < 0) {
            offset = until;
            from = to;
            endOfBytes = true;
            return;
        }
        while (to - from < Math.min(2L * LineFormat.MAX_LINE_BYTES, until - offset) && fill() >= 0) {
            // filling does it
        }
        int end = (int) Math.min(to - from, until - offset) + from;
        int part = end < until - offset + from ? from + LineFormat.MAX_LINE_BYTES : end;
        List<LogRecord> found = JoinedRecords.find(format, buffer, from, end, part, offset);
        keep(found, until);
        int next =
                found.isEmpty() ? part : Math.max(part, (int) (joined.getLast().end() - offset) + from);
        if (next >= end && end == until - offset + from) {
            next = end + 1;
        }
        offset += next - from;
        from = next;
    }

    /** Returns where the next newline stands in the file, or -1 if the bytes end before it. */
    private long seekNewline() throws IOException {
        byte[] probe = new byte[CHUNK_BYTES];
        long at = offset + (to - from);
        for (int read = in.read(at, probe, 0, probe.length); read > 0; read = in.read(at, probe, 0, probe.length)) {
            for (int k = 0; k < read; k++) {
                if (probe[k] == '\n') {
                    return at + k;
                }
            }
            at += read;
        }
        endAt = at;
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
