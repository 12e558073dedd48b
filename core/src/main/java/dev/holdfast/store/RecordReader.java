package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records one after the other, segment by segment, in memory bounded by a few records. Used by one thread at a
 * time; takes no lock. Opening records are part of what it returns.
 */
public final class RecordReader implements AutoCloseable {
    private final BlobSource blobs;
    private final List<Fault> faults;
    private final Iterator<Piece> pieces;
    private final boolean backwards;
    private @Nullable Piece piece;
    private @Nullable RecordSource source;
    private Tail place = new Tail(0, 0, 0, 0, false);
    private long bytes;

    RecordReader(List<Piece> pieces, boolean backwards, List<Fault> faults, BlobSource blobs) {
        this.blobs = blobs;
        this.faults = new ArrayList<>(faults);
        this.pieces = (backwards ? pieces.reversed() : pieces).iterator();
        this.backwards = backwards;
        advance();
    }

    /** Reads a session's own segments. */
    RecordReader(Log log, Chain chain, @Nullable Position from) {
        this(own(log, chain, from), false, chain.faults(), log);
    }

    static List<Piece> own(Log log, Chain chain, @Nullable Position from) {
        List<Piece> pieces = new ArrayList<>();
        for (Chain.Link link : chain.links()) {
            if (from == null || link.segment() >= from.segment()) {
                long first = from != null && link.segment() == from.segment() ? from.index() : 0;
                pieces.add(new Piece(log, chain.id(), link.segment(), first, link.records(), link.durable()));
            }
        }
        return pieces;
    }

    /**
     * Returns the next record.
     *
     * @return the record, or null at the end
     * @throws HoldfastException STORAGE if the storage fails
     */
    public @Nullable LogRecord next() {
        while (source != null && piece != null) {
            LogRecord record = source.next();
            if (record != null && record.index() < piece.to()) {
                return record;
            }
            endOfPiece(source, piece, record != null);
            advance();
        }
        return null;
    }

    /**
     * Returns what was found wrong so far.
     *
     * @return the faults, in the order of reading
     */
    public List<Fault> faults() {
        List<Fault> all = new ArrayList<>(faults);
        if (source != null) {
            all.addAll(source.faults());
        }
        return all;
    }

    /**
     * Returns where payloads of these records are found.
     *
     * @return the source
     */
    public BlobSource blobs() {
        return blobs;
    }

    /** Where the last segment that was read to its end ended. */
    Tail place() {
        return place;
    }

    long bytes() {
        return bytes;
    }

    private void endOfPiece(RecordSource ended, Piece of, boolean cut) {
        faults.addAll(ended.faults());
        if (!cut) {
            place = ended.tail();
            bytes += place.offset();
            Chain.shortfall(of.segment(), of.to(), of.durable(), place).ifPresent(faults::add);
        }
        ended.close();
        source = null;
    }

    private void advance() {
        while (source == null && pieces.hasNext()) {
            Piece next = pieces.next();
            piece = next;
            try {
                source = backwards
                        ? new Backwards(next)
                        : next.log().read(next.segment(), next.from(), next.from() == 0 ? 0 : -1, next.durable());
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
            source = null;
        }
    }
}
