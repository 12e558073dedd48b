package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segments that are a session's own history, found backwards from the head or from a record: each opening says what
 * of the segment before is history.
 */
final class Chain {
    private final SessionId id;
    private final Log log;
    private final @Nullable Position last;
    private final List<Fault> faults = new ArrayList<>();

    /**
     * One segment of the history.
     *
     * @param segment its number
     * @param records how many of its records, from index 0, are history; the head's all are
     * @param durable how many are known to have been forced, by the segment behind it
     * @param origin why the segment exists, or null if its opening is lost
     */
    record Link(
            int segment,
            long records,
            long durable,
            @Nullable Origin origin) {}

    /** What of a segment is history, before its opening is read. */
    private record Part(int segment, long records, long durable) {}

    /** The fault of a piece of a segment that ends before what is known to have been in it. */
    static Optional<Fault> shortfall(int segment, long records, long durable, Tail tail) {
        boolean head = records == Long.MAX_VALUE;
        if (tail.index() >= (head ? durable : records)) {
            return Optional.empty();
        }
        String counted = head
                ? "the saved state shows that it had " + durable
                : "what follows counts " + records + " as history, " + durable + " of them forced";
        return Optional.of(new Fault(
                file(segment),
                tail.offset(),
                Fault.Kind.SHORT_SEGMENT,
                tail.index() < durable,
                "it has " + tail.index() + " records, " + counted));
    }

    Chain(SessionId id, Log log) {
        this(id, log, null);
    }

    private Chain(SessionId id, Log log, @Nullable Position last) {
        this.id = id;
        this.log = log;
        this.last = last;
    }

    /** The history up to a record that something refers to: so it was forced before. */
    static Chain upTo(Log log, Position last) {
        return new Chain(last.session(), log, last);
    }

    SessionId id() {
        return id;
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
        Part part;
        SegmentOpened opened;
        if (last == null) {
            // The state first: what it names was there before, however fast others write.
            SavedState saved = SavedState.of(id, log.derived());
            Head head = log.head();
            faults.addAll(head.faults());
            int segment = head.start().segment();
            missingHead(saved, segment).ifPresent(faults::add);
            part = new Part(segment, Long.MAX_VALUE, SavedState.forced(saved, segment));
            opened = Loaded.opened(log, head.opening());
        } else {
            part = new Part(last.segment(), last.index() + 1, last.index() + 1);
            opened = opening(last.segment());
        }
        while (part != null) {
            links.add(
                    new Link(part.segment(), part.records(), part.durable(), opened == null ? null : opened.origin()));
            int behind = part.segment();
            part = before(behind, opened);
            if (part != null && part.segment() >= behind) {
                faults.add(new Fault(
                        file(behind),
                        0,
                        Fault.Kind.FOREIGN_RECORD,
                        true,
                        "its opening refers to segment " + part.segment() + " as the one before"));
                part = lowerThan(behind);
            }
            opened = part == null ? null : opening(part.segment());
        }
        return links.reversed();
    }

    /** A segment without an opening: what of it counts is known from its own lines, and in the last one from the state. */
    static Link unopened(SessionId id, Log log, int segment, int last) {
        long forced = segment < last ? 0 : SavedState.forced(SavedState.of(id, log.derived()), segment);
        return new Link(segment, Long.MAX_VALUE, forced, null);
    }

    /** The fault of a log whose head is gone, though a state was saved in it. */
    static Optional<Fault> missingHead(@Nullable SavedState saved, int head) {
        return saved == null || saved.segment() <= head
                ? Optional.empty()
                : Optional.of(new Fault(
                        file(saved.segment()),
                        0,
                        Fault.Kind.MISSING_SEGMENT,
                        true,
                        "the saved state shows that it had at least " + (saved.index() + 1) + " records"));
    }

    private @Nullable Part before(int segment, @Nullable SegmentOpened opened) {
        if (opened == null) {
            return lowerThan(segment);
        }
        SegmentOpened.Previous previous = opened.previous();
        return previous == null ? null : new Part(previous.segment(), previous.records(), previous.durable());
    }

    private @Nullable SegmentOpened opening(int segment) {
        try (RecordSource source = log.read(segment, 0, 0, 0)) {
            LogRecord first = source.next();
            return first != null && first.index() == 0 && first.event(log) instanceof SegmentOpened opened
                    ? opened
                    : null;
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            faults.add(new Fault(
                    Chain.file(segment), 0, Fault.Kind.MISSING_SEGMENT, true, "a later segment refers to it"));
            return null;
        }
    }

    /** Where an opening is lost, the next lower segment is taken for the one before, as far as it goes. */
    private @Nullable Part lowerThan(int segment) {
        int lower = 0;
        for (int number : log.segments()) {
            lower = number < segment ? Math.max(lower, number) : lower;
        }
        return lower == 0 ? null : new Part(lower, Long.MAX_VALUE, 0);
    }
}
