package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a session's history and goes on reading what is appended, by any process. Used by one thread at a time; takes no
 * lock. Misses nothing and repeats nothing, however late it reads.
 */
public final class Follower implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;
    /** Records taken in at a time; a follower that is behind holds no more. */
    private static final int READ_AHEAD = 1_000;

    private final SessionId id;
    private final Log log;
    private final ArrayDeque<LogRecord> ready = new ArrayDeque<>();
    private Tail place;

    Follower(SessionId id, Log log, @Nullable Position after) {
        this.id = id;
        this.log = log;
        if (after == null) {
            int first = new Chain(id, log).links().getFirst().segment();
            this.place = new Tail(first, 0, 0, 0, false);
        } else {
            this.place = new Tail(after.segment(), after.index() + 1, -1, 0, false);
        }
    }

    /**
     * Returns the next record, waiting for it if need be.
     *
     * @param patience how long to wait; zero looks once
     * @return the record, or null if none came in time or the thread was interrupted (it stays interrupted)
     * @throws HoldfastException NOT_FOUND if the session was removed meanwhile
     */
    public @Nullable LogRecord next(Duration patience) {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (ready.isEmpty()) {
            readOn();
            if (!ready.isEmpty()) {
                break;
            }
            if (System.nanoTime() - start >= patience.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                return null;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
        return ready.poll();
    }

    /**
     * Returns where payloads of this session's records are found.
     *
     * @return the source
     */
    public BlobSource blobs() {
        return log;
    }

    private void readOn() {
        if (log.isHead(place.segment())) {
            read(Long.MAX_VALUE);
            return;
        }
        List<Chain.Link> links = new Chain(id, log).links();
        for (int k = 0; k < links.size(); k++) {
            Chain.Link link = links.get(k);
            if (link.segment() == place.segment()) {
                boolean more = read(link.records());
                if (!more && ready.isEmpty() && k + 1 < links.size()) {
                    place = new Tail(links.get(k + 1).segment(), 0, 0, 0, false);
                    read(links.get(k + 1).records());
                }
                return;
            }
        }
        throw new HoldfastException(
                ErrorCode.CONFLICT,
                "segment " + place.segment() + " of " + id
                        + " is not part of its history; follow from another position");
    }

    /** Reads on in the segment; true if it stopped because enough was read. */
    private boolean read(long limit) {
        if (place.index() >= limit) {
            return false;
        }
        try (RecordSource source = log.read(place.segment(), place.index(), place.offset(), place.durable())) {
            LogRecord record = source.next();
            while (record != null && record.index() < limit) {
                ready.add(record);
                place = new Tail(place.segment(), record.index() + 1, record.end(), record.durable(), false);
                if (ready.size() >= READ_AHEAD) {
                    return true;
                }
                record = source.next();
            }
        }
        return false;
    }

    @Override
    public void close() {
        ready.clear();
    }
}
