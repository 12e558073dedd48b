package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments that are a session's history, found from the head backwards: each opening says what of the segment before
 * is history.
 */
final class Chain {
    private final SessionId id;
    private final Log log;
    private final List<Fault> faults = new ArrayList<>();

    /**
     * One segment of the history.
     *
     * @param segment its number
     * @param records how many of its records, from index 0, are history; the head's all are
     * @param durable how many are known to have been forced, by the segment behind it
     */
    record Link(int segment, long records, long durable) {}

    Chain(SessionId id, Log log) {
        this.id = id;
        this.log = log;
    }

    List<Fault> faults() {
        return faults;
    }

    /** The name of a segment's file, for messages. */
    static String file(int segment) {
        return String.format("%06d.jsonl", segment);
    }

    /** Returns the links, oldest first. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        Head head = log.head();
        faults.addAll(head.faults());
        int segment = head.start().segment();
        links.add(new Link(segment, Long.MAX_VALUE, SavedState.forced(log, segment)));
        SegmentOpened.Previous previous = Loaded.opened(log, head.opening()).previous();
        while (previous != null) {
            if (previous.segment() >= segment) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED,
                        id + ": segment " + segment + " refers to segment " + previous.segment()
                                + " as the one before");
            }
            segment = previous.segment();
            links.add(new Link(segment, previous.records(), previous.durable()));
            previous = previousOf(segment);
        }
        return links.reversed();
    }

    private SegmentOpened.@Nullable Previous previousOf(int segment) {
        try (RecordSource source = log.read(segment, 0, 0, 0)) {
            LogRecord first = source.next();
            if (first != null && first.index() == 0) {
                return Loaded.opened(log, first).previous();
            }
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            faults.add(new Fault(
                    Chain.file(segment), 0, Fault.Kind.MISSING_SEGMENT, true, "a later segment refers to it"));
        }
        return lowerThan(segment);
    }

    /** Where an opening is lost, the next lower segment is taken for the one before, as far as it goes. */
    private SegmentOpened.@Nullable Previous lowerThan(int segment) {
        int lower = 0;
        for (int number : log.segments()) {
            lower = number < segment ? Math.max(lower, number) : lower;
        }
        return lower == 0 ? null : new SegmentOpened.Previous(lower, Long.MAX_VALUE, 0, 0);
    }
}
