package dev.holdfast.memory;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.ByteInput;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SegmentReader;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Remains;
import dev.holdfast.spi.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One log as growing byte arrays in the same line format as files. Thread-safe. */
final class MemoryLog implements Log {
    private final LogId id;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<LineBuffer> segments = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final ConcurrentHashMap<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LogId, Log> ancestors = new ConcurrentHashMap<>();
    private volatile byte @Nullable [] derived;

    MemoryLog(LogId id) {
        this.id = id;
    }

    void openFirst(Opening opening) {
        add(opening.recordZero(1, null, List.of()));
    }

    private Tail add(Draft recordZero) {
        lock.lock();
        try {
            int number = segments.size() + 1;
            LineBuffer segment = new LineBuffer(1024);
            new LineFormat(id, number).write(recordZero, 0, 0, segment);
            segments.add(segment);
            counts.add(1L);
            return new Tail(number, 1, segment.length(), 1, false);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Head head() {
        int number = segments().size();
        try (RecordSource source = read(number, 0, 0, 0)) {
            LogRecord first = source.next();
            if (first == null) {
                throw new IllegalStateException("a segment in memory always has its first record: " + id);
            }
            return new Head(first, new Tail(number, 1, first.end(), 1, false), false, List.of());
        }
    }

    @Override
    public List<Integer> segments() {
        lock.lock();
        try {
            return IntStream.rangeClosed(1, segments.size()).boxed().toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isHead(int segment) {
        lock.lock();
        try {
            return segment == segments.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public RecordSource read(int segment, long index, long offset, long knownDurable) {
        lock.lock();
        try {
            if (segment < 1 || segment > segments.size()) {
                throw HoldfastException.notFound(id + ": segment " + segment + " is not there");
            }
        } finally {
            lock.unlock();
        }
        long start = Math.max(0, offset);
        return new MemoryRecords(
                segment,
                new SegmentReader(input(segment), id, segment, "memory", start, offset < 0 ? 0 : index, knownDurable),
                index);
    }

    private ByteInput input(int segment) {
        return (offset, into, from, length) -> {
            lock.lock();
            try {
                LineBuffer bytes = segments.get(segment - 1);
                int read = (int) Math.min(length, bytes.length() - offset);
                if (read <= 0) {
                    return -1;
                }
                System.arraycopy(bytes.array(), (int) offset, into, from, read);
                return read;
            } finally {
                lock.unlock();
            }
        };
    }

    @Override
    public AppendOutcome append(Tail expected, List<Draft> records, boolean force) {
        lock.lock();
        try {
            if (expected.segment() != segments.size()
                    || expected.index() != counts.getLast()
                    || expected.offset() != segments.getLast().length()) {
                return new AppendOutcome.Moved();
            }
            LineFormat format = new LineFormat(id, expected.segment());
            long index = expected.index();
            long lastOffset = 0;
            int lastCrc = 0;
            for (Draft draft : records) {
                lastOffset = segments.getLast().length();
                lastCrc = format.write(draft, index, index, segments.getLast());
                index++;
            }
            counts.set(counts.size() - 1, index);
            Tail tail = new Tail(expected.segment(), index, segments.getLast().length(), index, false);
            return new AppendOutcome.Appended(tail, lastOffset, lastCrc, null, null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Tail force(Tail tail) {
        return new Tail(tail.segment(), tail.index(), tail.offset(), tail.index(), tail.blocked());
    }

    @Override
    public @Nullable Tail openSegment(Tail expected, Opening opening, List<EncodedEvent.Payload> payloads) {
        putBlobs(payloads);
        lock.lock();
        try {
            if (expected.segment() < segments.size()) {
                return null;
            }
            List<LogRecord> unseen = new ArrayList<>();
            try (RecordSource source = read(expected.segment(), expected.index(), expected.offset(), 0)) {
                for (LogRecord record = source.next(); record != null; record = source.next()) {
                    unseen.add(record);
                }
                return add(opening.recordZero(segments.size() + 1, force(source.tail()), unseen));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void putBlobs(List<EncodedEvent.Payload> payloads) {
        for (EncodedEvent.Payload payload : payloads) {
            blobs.put(payload.ref().sha256(), payload.content().clone());
        }
    }

    @Override
    public byte[] load(BlobRef ref) {
        byte[] content = blobs.get(ref.sha256());
        if (content == null) {
            throw HoldfastException.notFound(id + ": blob " + ref.sha256() + " is not there");
        }
        return content.clone();
    }

    @Override
    public @Nullable Log ancestor(LogId ancestor) {
        return ancestors.get(ancestor);
    }

    @Override
    public void keepAncestor(LogId ancestor, LogCopy content) {
        ancestors.putIfAbsent(ancestor, copied(ancestor, content));
    }

    /** Makes a log of content from elsewhere. */
    static MemoryLog copied(LogId id, LogCopy content) {
        MemoryLog log = new MemoryLog(id);
        try {
            for (int segment : content.segments()) {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                for (BlobRef ref : content.write(segment, lines)) {
                    byte[] payload = content.blob(ref);
                    if (payload != null) {
                        log.blobs.put(ref.sha256(), payload.clone());
                    }
                }
                log.addSegment(segment, lines.toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the heap does not fail", e);
        }
        content.ancestors().forEach(log::keepAncestor);
        return log;
    }

    /** Adds a segment of other hands; a number that is left out stands for a file that was no segment. */
    private void addSegment(int number, byte[] lines) {
        while (segments.size() + 1 < number) {
            segments.add(new LineBuffer(16));
            counts.add(0L);
        }
        LineBuffer buffer = new LineBuffer(Math.max(16, lines.length));
        buffer.append(lines);
        segments.add(buffer);
        long count = 0;
        for (byte each : lines) {
            count += each == '\n' ? 1 : 0;
        }
        counts.add(count);
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
    public byte @Nullable [] derived() {
        byte[] content = derived;
        return content == null ? null : content.clone();
    }

    @Override
    public void saveDerived(byte[] content) {
        derived = content.clone();
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    long bytes() {
        lock.lock();
        try {
            return segments.stream().mapToLong(LineBuffer::length).sum()
                    + blobs.values().stream().mapToLong(b -> b.length).sum();
        } finally {
            lock.unlock();
        }
    }

    private record MemoryRecords(int segment, SegmentReader reader, long fromIndex) implements RecordSource {
        @Override
        public @Nullable LogRecord next() {
            try {
                LogRecord record = reader.next();
                while (record != null && record.index() < fromIndex) {
                    record = reader.next();
                }
                return record;
            } catch (IOException e) {
                throw new IllegalStateException("the heap does not fail", e);
            }
        }

        @Override
        public Tail tail() {
            return new Tail(segment, reader.nextIndex(), reader.intactEnd(), reader.nextIndex(), false);
        }

        @Override
        public List<Fault> faults() {
            return reader.faults();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
