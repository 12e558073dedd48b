package dev.holdfast.store;

import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a piece of a segment from its last record to its first. What counts in a segment is decided by reading forwards,
 * so it first reads through and remembers where each page begins, then reads page by page from the last.
 */
final class Backwards implements RecordSource {
    private static final int PAGE_RECORDS = 64;
    private static final int PAGE_BYTES = 256 * 1024;

    private final Piece piece;
    private final ArrayDeque<Page> pages = new ArrayDeque<>();
    private final ArrayDeque<LogRecord> ready = new ArrayDeque<>();
    private final List<Fault> faults;
    private final Tail tail;
    private long durable;

    /** Records that are read together: from an index at an offset, up to another index. */
    private record Page(long from, long offset, long to) {}

    Backwards(Piece piece) {
        this.piece = piece;
        this.durable = piece.durable();
        try (RecordSource source =
                piece.log().read(piece.segment(), piece.from(), piece.from() == 0 ? 0 : -1, piece.durable())) {
            readThrough(source);
            this.faults = source.faults();
            this.tail = source.tail();
        }
    }

    private void readThrough(RecordSource source) {
        long from = -1;
        long offset = 0;
        long next = -1;
        int records = 0;
        long bytes = 0;
        for (LogRecord record = source.next(); record != null && record.index() < piece.to(); record = source.next()) {
            durable = Math.max(durable, record.durable());
            // A page begins with an append, because half of one, read alone, counts for nothing.
            boolean full = (records >= PAGE_RECORDS || bytes >= PAGE_BYTES) && record.batchOrdinal() == 0;
            if (from < 0 || full) {
                if (from >= 0) {
                    pages.push(new Page(from, offset, next));
                }
                from = record.index();
                offset = record.offset();
                records = 0;
                bytes = 0;
            }
            next = record.index() + 1;
            records++;
            bytes += record.end() - record.offset();
        }
        if (from >= 0) {
            pages.push(new Page(from, offset, next));
        }
    }

    @Override
    public @Nullable LogRecord next() {
        while (ready.isEmpty() && !pages.isEmpty()) {
            Page page = pages.pop();
            try (RecordSource source = piece.log().read(piece.segment(), page.from(), page.offset(), durable)) {
                for (LogRecord record = source.next();
                        record != null && record.index() < page.to();
                        record = source.next()) {
                    ready.push(record);
                }
            }
        }
        return ready.poll();
    }

    @Override
    public Tail tail() {
        return tail;
    }

    @Override
    public List<Fault> faults() {
        return new ArrayList<>(faults);
    }

    @Override
    public void close() {
        pages.clear();
        ready.clear();
    }
}
