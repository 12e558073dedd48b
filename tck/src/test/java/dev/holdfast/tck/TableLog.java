package dev.holdfast.tck;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Remains;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One log of a {@link TableBackend}. */
final class TableLog implements Log {
    private final TableBackend.Database database;
    private final LogId id;

    TableLog(TableBackend.Database database, LogId id) {
        this.database = database;
        this.id = id;
    }

    private TableBackend.Rows rows() {
        TableBackend.Rows rows = database.logs.get(id);
        if (rows == null) {
            throw HoldfastException.notFound(id + " does not exist");
        }
        return rows;
    }

    private Tail tail() {
        List<List<byte[]>> segments = rows().segments;
        int rows = segments.getLast().size();
        return new Tail(segments.size(), rows, 0, rows, false);
    }

    private byte[] line(Draft draft, int segment, long index) {
        LineBuffer line = new LineBuffer(256);
        new LineFormat(id, segment).write(draft, index, index, line);
        return java.util.Arrays.copyOf(line.array(), line.length());
    }

    private LogRecord record(int segment, byte[] line) {
        return Objects.requireNonNull(new LineFormat(id, segment).read(line, 0, line.length - 1, 0));
    }

    Tail add(Draft recordZero) {
        List<List<byte[]>> segments = rows().segments;
        List<byte[]> segment = new ArrayList<>();
        segment.add(line(recordZero, segments.size() + 1, 0));
        segments.add(segment);
        return tail();
    }

    @Override
    public Head head() {
        synchronized (database) {
            int number = rows().segments.size();
            LogRecord opening = record(number, rows().segments.getLast().getFirst());
            return new Head(opening, new Tail(number, 1, 0, 1, false), false, List.of());
        }
    }

    @Override
    public List<Integer> segments() {
        synchronized (database) {
            return IntStream.rangeClosed(1, rows().segments.size()).boxed().toList();
        }
    }

    @Override
    public boolean isHead(int segment) {
        synchronized (database) {
            return rows().segments.size() == segment;
        }
    }

    @Override
    public RecordSource read(int segment, long index, long offset, long knownDurable) {
        synchronized (database) {
            List<List<byte[]>> segments = rows().segments;
            if (segment < 1 || segment > segments.size()) {
                throw HoldfastException.notFound(id + ": segment " + segment + " is not there");
            }
            List<byte[]> all = segments.get(segment - 1);
            List<byte[]> selected = List.copyOf(all.subList((int) Math.min(index, all.size()), all.size()));
            return new Selected(segment, selected, all.size());
        }
    }

    @Override
    public AppendOutcome append(Tail expected, List<Draft> records, boolean force) {
        synchronized (database) {
            Tail tail = tail();
            if (expected.segment() != tail.segment() || expected.index() != tail.index()) {
                return new AppendOutcome.Moved();
            }
            List<byte[]> segment = rows().segments.getLast();
            for (Draft draft : records) {
                segment.add(line(draft, tail.segment(), segment.size()));
            }
            return new AppendOutcome.Appended(
                    tail(), 0, record(tail.segment(), segment.getLast()).crc(), null, null);
        }
    }

    @Override
    public Tail force(Tail tail) {
        return new Tail(tail.segment(), tail.index(), 0, tail.index(), false);
    }

    @Override
    public Tail openSegment(Tail expected, Opening opening, List<EncodedEvent.Payload> blobs) {
        synchronized (database) {
            Tail tail = tail();
            if (expected.segment() != tail.segment()) {
                return null;
            }
            putBlobs(blobs);
            List<LogRecord> unseen = rows().segments.getLast().stream()
                    .skip(expected.index())
                    .map(line -> record(tail.segment(), line))
                    .toList();
            return add(opening.recordZero(tail.segment() + 1, tail, unseen));
        }
    }

    @Override
    public void putBlobs(List<EncodedEvent.Payload> blobs) {
        synchronized (database) {
            blobs.forEach(
                    blob -> rows().blobs.put(blob.ref().sha256(), blob.content().clone()));
        }
    }

    @Override
    public byte[] load(BlobRef ref) {
        synchronized (database) {
            byte[] content = rows().blobs.get(ref.sha256());
            if (content == null) {
                throw HoldfastException.notFound(id + ": blob " + ref.sha256() + " is not there");
            }
            return content.clone();
        }
    }

    @Override
    public @Nullable Log ancestor(LogId ancestor) {
        synchronized (database) {
            TableBackend.Rows kept = rows().ancestors.get(ancestor);
            if (kept == null) {
                return null;
            }
            TableBackend.Database apart = new TableBackend.Database();
            apart.logs.put(ancestor, kept);
            return new TableLog(apart, ancestor);
        }
    }

    @Override
    public void keepAncestor(LogId ancestor, LogCopy content) {
        TableBackend.Rows copied = TableBackend.Rows.of(content);
        synchronized (database) {
            rows().ancestors.putIfAbsent(ancestor, copied);
        }
    }

    @Override
    public List<Fault> verifyBeside(Set<Integer> history) {
        return List.of();
    }

    @Override
    public String setAside(List<Remains> remains, byte[] report) {
        return "";
    }

    @Override
    public byte[] derived() {
        return null;
    }

    @Override
    public void saveDerived(byte[] content) {
        // It may vanish, and here it does.
    }

    @Override
    public void close() {
        // A log holds nothing.
    }

    /** The rows of one query. */
    private final class Selected implements RecordSource {
        private final int segment;
        private final List<byte[]> lines;
        private final long end;
        private int next;

        Selected(int segment, List<byte[]> lines, long end) {
            this.segment = segment;
            this.lines = lines;
            this.end = end;
        }

        @Override
        public LogRecord next() {
            return next < lines.size() ? record(segment, lines.get(next++)) : null;
        }

        @Override
        public Tail tail() {
            return new Tail(segment, end, 0, end, false);
        }

        @Override
        public List<Fault> faults() {
            return List.of();
        }

        @Override
        public void close() {
            // The rows are here already.
        }
    }
}
