package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SegmentReader;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one segment file. */
final class FileRecords implements RecordSource {
    private static final int PROBE_BYTES = 4096;

    private final Path file;
    private final int segment;
    private final Storage.Input in;
    private SegmentReader reader;
    /** Reads from the start, for where the search went astray; null once that is certain not to be needed. */
    private @Nullable Supplier<SegmentReader> fromStart;

    private final long fromIndex;
    private final @Nullable Fence fence;
    /** The first record that a failed writer disowned, or null. */
    private @Nullable LogRecord disowned;

    /** Opens a file at a record whose line's offset is known, or searched for if {@code offset} is negative. */
    static FileRecords open(
            Storage storage,
            Path file,
            LogId log,
            int segment,
            long index,
            long offset,
            long knownDurable,
            @Nullable Fence fence)
            throws IOException {
        Storage.Input in = storage.open(file);
        try {
            long start = offset >= 0 ? offset : index == 0 ? 0 : seek(in, storage.length(file), index);
            long startIndex = offset >= 0 || index == 0 ? index : peek(in, start);
            SegmentReader reader = new SegmentReader(
                    in, log, segment, file.getFileName().toString(), start, Math.max(0, startIndex), knownDurable);
            FileRecords records = new FileRecords(file, segment, in, reader, index, fence);
            if (offset < 0 && start > 0) {
                records.fromStart = () ->
                        new SegmentReader(in, log, segment, file.getFileName().toString(), 0, 0, knownDurable);
            }
            return records;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private FileRecords(
            Path file, int segment, Storage.Input in, SegmentReader reader, long fromIndex, @Nullable Fence fence) {
        this.fence = fence;
        this.file = file;
        this.segment = segment;
        this.in = in;
        this.reader = reader;
        this.fromIndex = fromIndex;
    }

    @Override
    public @Nullable LogRecord next() {
        try {
            if (disowned != null) {
                return null;
            }
            LogRecord record = nextFrom();
            Supplier<SegmentReader> again = fromStart;
            if (again != null) {
                fromStart = null;
                if (record == null || record.index() > fromIndex) {
                    // A damaged index led the search astray, or it landed inside an append of several events.
                    reader = again.get();
                    disowned = null;
                    record = nextFrom();
                }
            }
            return record;
        } catch (IOException e) {
            throw new HoldfastException(
                    ErrorCode.STORAGE,
                    "cannot read " + file + " at byte " + reader.intactEnd() + ": " + e.getMessage(),
                    e);
        }
    }

    private @Nullable LogRecord nextFrom() throws IOException {
        LogRecord record = nextOwned();
        while (record != null && record.index() < fromIndex) {
            record = nextOwned();
        }
        return record;
    }

    private @Nullable LogRecord nextOwned() throws IOException {
        LogRecord record = reader.next();
        if (record != null && fence != null && record.offset() == fence.offset() && record.crc() == fence.crc()) {
            disowned = record;
            return null;
        }
        return record;
    }

    @Override
    public Tail tail() {
        LogRecord cut = disowned;
        if (cut != null) {
            return new Tail(segment, cut.index(), cut.offset(), Math.min(cut.index(), reader.durable()), true);
        }
        return new Tail(segment, reader.nextIndex(), reader.intactEnd(), reader.durable(), reader.endsInDebris());
    }

    @Override
    public List<Fault> faults() {
        return reader.faults();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new HoldfastException(ErrorCode.STORAGE, "cannot close " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Finds a line that begins at or before an index, by halving. Where bytes are damaged it may land early, never late:
     * the caller reads on from there.
     */
    private static long seek(Storage.Input in, long length, long index) throws IOException {
        long low = 0;
        long high = length;
        while (high - low > PROBE_BYTES) {
            long middle = low + (high - low) / 2;
            long line = lineStart(in, middle, high);
            long at = line < 0 ? -1 : peek(in, line);
            if (line < 0) {
                high = middle;
            } else if (at < 0 || at > index) {
                high = middle;
            } else {
                low = line;
            }
        }
        // Debris stands only behind the last write of a segment. Starting a whole write earlier, the reader meets the
        // record before its impostor, however the search went.
        long early = Math.max(0, low - FileLog.MAX_WRITE_BYTES - LineFormat.MAX_LINE_BYTES);
        long line = early == 0 ? 0 : lineStart(in, early, low);
        return line < 0 || peek(in, line) < 0 ? low : line;
    }

    /** Returns the first byte after a newline at or behind an offset, or -1 if none comes before the limit. */
    private static long lineStart(Storage.Input in, long offset, long limit) throws IOException {
        byte[] probe = new byte[PROBE_BYTES];
        long at = offset;
        while (at < limit) {
            int read = in.read(at, probe, 0, (int) Math.min(probe.length, limit - at));
            if (read <= 0) {
                return -1;
            }
            for (int k = 0; k < read; k++) {
                if (probe[k] == '\n') {
                    return at + k + 1 < limit ? at + k + 1 : -1;
                }
            }
            at += read;
        }
        return -1;
    }

    private static long peek(Storage.Input in, long offset) throws IOException {
        byte[] start = new byte[32];
        int read = in.read(offset, start, 0, start.length);
        return read <= 0 ? -1 : LineFormat.peekIndex(start, 0, read);
    }
}
