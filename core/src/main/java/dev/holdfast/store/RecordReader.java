package dev.holdfast.store;

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
 * Reads a session's history in order, segment by segment, in memory bounded by one record. Used by one thread at a time;
 * takes no lock. Opening records are part of what it returns.
 */
public final class RecordReader implements AutoCloseable {
    private final Log log;
    private final List<Fault> faults;
    private final Iterator<Chain.Link> links;
    private Chain.@Nullable Link link;
    private @Nullable RecordSource source;
    private long fromIndex;
    private Tail place = new Tail(0, 0, 0, 0, false);
    private long bytes;

    RecordReader(Log log, Chain chain, @Nullable Position from) {
        this.log = log;
        List<Chain.Link> all = chain.links();
        this.faults = new ArrayList<>(chain.faults());
        this.links = all.stream()
                .filter(each -> from == null || each.segment() >= from.segment())
                .toList()
                .iterator();
        this.fromIndex = from == null ? 0 : from.index();
        if (from != null && all.stream().noneMatch(each -> each.segment() == from.segment())) {
            this.fromIndex = 0;
        }
        advance();
    }

    /**
     * Returns the next record.
     *
     * @return the record, or null at the end of the history
     * @throws dev.holdfast.HoldfastException STORAGE if the storage fails
     */
    public @Nullable LogRecord next() {
        while (source != null && link != null) {
            LogRecord record = source.next();
            if (record != null && record.index() < link.records()) {
                return record;
            }
            endOfSegment(source, link, record != null);
            advance();
        }
        return null;
    }

    /**
     * Returns what was found wrong so far.
     *
     * @return the faults, in order
     */
    public List<Fault> faults() {
        List<Fault> all = new ArrayList<>(faults);
        if (source != null) {
            all.addAll(source.faults());
        }
        return all;
    }

    /**
     * Returns where payloads of this session's records are found.
     *
     * @return the source
     */
    public BlobSource blobs() {
        return log;
    }

    /** Where the last segment that was read to its end ended. */
    Tail place() {
        return place;
    }

    long bytes() {
        return bytes;
    }

    private void endOfSegment(RecordSource ended, Chain.Link of, boolean cut) {
        List<Fault> found = ended.faults();
        faults.addAll(found);
        if (!cut) {
            place = ended.tail();
            bytes += place.offset();
            boolean head = of.records() == Long.MAX_VALUE;
            if (!head && place.index() < of.records()) {
                faults.add(new Fault(
                        Chain.file(of.segment()),
                        place.offset(),
                        Fault.Kind.SHORT_SEGMENT,
                        place.index() < of.durable(),
                        "it has " + place.index() + " records, the next segment counts " + of.records()
                                + " as history, " + of.durable() + " of them forced"));
            }
        }
        ended.close();
        source = null;
    }

    private void advance() {
        while (source == null && links.hasNext()) {
            Chain.Link next = links.next();
            link = next;
            try {
                source = log.read(next.segment(), fromIndex, fromIndex == 0 ? 0 : -1, next.durable());
            } catch (dev.holdfast.HoldfastException e) {
                if (e.code() != dev.holdfast.ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
            fromIndex = 0;
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
