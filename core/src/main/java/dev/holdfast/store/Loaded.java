package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session as it was found: the state at its end and where that is. Reads the head segment, or only its end where a
 * saved state holds.
 *
 * @param fold the state
 * @param tail where the next record goes
 * @param last the last record that is no opening, or the first segment's opening
 * @param end where the last record stands, or null if that was not looked at
 * @param stamp how the head looked when all of it up to the tail was known to be as this says, or null: then somebody
 *     else wrote to it since, or nobody can tell
 * @param faults what was passed over
 */
record Loaded(
        Fold fold,
        Tail tail,
        Position last,
        @Nullable Place end,
        @Nullable String stamp,
        List<Fault> faults) {
    /**
     * Where a record stands.
     *
     * @param segment its segment
     * @param index its index
     * @param offset the byte where its line begins
     * @param crc its checksum
     */
    record Place(int segment, long index, long offset, int crc) {
        static Place of(LogRecord record) {
            return new Place(record.segment(), record.index(), record.offset(), record.crc());
        }
    }

    /** Loads the end for reading: damage before it is none of this reader's business. */
    static Loaded load(SessionId id, Log log) {
        SavedState saved = SavedState.of(id, log.derived());
        Loaded resumed = saved == null ? null : resume(id, log, saved);
        return resumed == null ? loadFromHead(id, log) : resumed;
    }

    /**
     * Loads the end for writing: whoever writes must know of any damage in the head, so all of it is read, unless it is
     * certain that nobody wrote to it since it was last known to be sound.
     */
    static Loaded loadToWrite(SessionId id, Log log) {
        SavedState saved = SavedState.of(id, log.derived());
        Loaded resumed = saved == null || !saved.isUntouched(log) ? null : resume(id, log, saved);
        return resumed == null ? loadFromHead(id, log) : resumed;
    }

    private static @Nullable Loaded resume(SessionId id, Log log, SavedState saved) {
        try (RecordSource source = saved.resume(log)) {
            if (source == null) {
                return null;
            }
            Position last = new Position(id, saved.lastSegment(), saved.lastIndex());
            Place place = new Place(saved.segment(), saved.index(), saved.offset(), saved.crc());
            return read(log, source, new Fold(saved.state()), last, place, saved.stamp(), List.of(), false);
        }
    }

    /** Loads the end by reading the whole head segment. */
    static Loaded loadFromHead(SessionId id, Log log) {
        SavedState saved = SavedState.of(id, log.derived());
        Head head = log.head();
        SegmentOpened opened = opened(log, head.opening());
        if (opened.format() != 1) {
            throw new HoldfastException(
                    ErrorCode.UNSUPPORTED,
                    id + " has a segment of format " + opened.format()
                            + ", this version knows 1; use a newer Holdfast");
        }
        Tail start = head.start();
        // Before it is read, so that whatever is written in between shows.
        String stamp = log.stamp(start.segment());
        long forced = SavedState.forced(saved, start.segment());
        // An opening that damage moved says nothing of where the next record stands: then all is read, but the opening.
        boolean moved = head.opening().offset() != 0;
        try (RecordSource source = moved
                ? log.read(start.segment(), 0, 0, forced)
                : log.read(start.segment(), start.index(), start.offset(), forced)) {
            if (moved) {
                source.next();
            }
            Loaded loaded = read(
                    log,
                    source,
                    Fold.of(opened, head.opening().at()),
                    lastBefore(id, log, head.opening(), opened),
                    Place.of(head.opening()),
                    stamp,
                    head.faults(),
                    head.blocked());
            Chain.shortfall(start.segment(), Long.MAX_VALUE, forced, loaded.tail())
                    .ifPresent(loaded.faults()::add);
            Chain.missingHead(saved, start.segment()).ifPresent(loaded.faults()::add);
            return loaded;
        }
    }

    private static Loaded read(
            Log log,
            RecordSource source,
            Fold fold,
            Position lastBefore,
            Place first,
            @Nullable String stamp,
            List<Fault> above,
            boolean blocked) {
        Position last = lastBefore;
        Place end = first;
        for (LogRecord record = source.next(); record != null; record = source.next()) {
            fold.apply(record, log);
            last = record.position();
            end = Place.of(record);
        }
        Tail tail = source.tail();
        List<Fault> faults = new ArrayList<>(above);
        faults.addAll(source.faults());
        if (blocked && !tail.blocked()) {
            tail = new Tail(tail.segment(), tail.index(), tail.offset(), tail.durable(), true);
        }
        return new Loaded(fold, tail, last, end, stamp, faults);
    }

    /** Decodes record 0, with its blobs. */
    static SegmentOpened opened(Log log, LogRecord record) {
        if (record.event(log) instanceof SegmentOpened opened) {
            return opened;
        }
        throw new HoldfastException(
                ErrorCode.UNSUPPORTED, record + ": the opening record has a form this version does not know");
    }

    /** The last record before a segment that is no opening. Openings in a row are rare; each is one look back. */
    private static Position lastBefore(SessionId id, Log log, LogRecord record, SegmentOpened opened) {
        SegmentOpened.Previous previous = opened.previous();
        LogRecord at = record;
        while (previous != null && previous.records() <= 1) {
            try (RecordSource source = log.read(previous.segment(), 0, 0, 0)) {
                LogRecord before = source.next();
                if (before == null || !(before.event(log) instanceof SegmentOpened further)) {
                    return at.position();
                }
                at = before;
                previous = further.previous();
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                // The segment is missing: verify tells.
                return at.position();
            }
        }
        return previous == null ? at.position() : new Position(id, previous.segment(), previous.records() - 1);
    }

    List<Fault> damage() {
        return faults.isEmpty()
                ? List.of()
                : faults.stream().filter(Fault::damage).toList();
    }
}
