package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads a damaged session for a repair: besides the head also the segments above it that lost their first record, because
 * the records in them are intact and so stay history.
 */
final class Salvage {
    private Salvage() {}

    /**
     * What was found.
     *
     * @param loaded the session at the end of what is intact
     * @param defaulted whether its configuration was nowhere intact
     */
    record Found(Loaded loaded, boolean defaulted) {}

    static Found load(SessionId id, Log log) {
        Loaded found = head(id, log);
        boolean opened = found != null;
        List<Integer> segments = log.segments();
        for (int segment : segments) {
            if (found == null || segment > found.tail().segment()) {
                Loaded further = readOn(id, log, Chain.unopened(id, log, segment, segments.getLast()), found);
                found = further == null ? found : further;
            }
        }
        if (segments.isEmpty()) {
            throw new HoldfastException(ErrorCode.DAMAGED, id + " has no segment any more; nothing can be repaired");
        }
        if (found == null) {
            // Not a single record is left: the session goes on empty, behind what is set aside.
            int last = segments.getLast();
            Tail tail = new Tail(last, 0, 0, 0, true);
            Fold fold = Fold.of(lostOpening(id, last, log), Instant.EPOCH);
            found = new Loaded(fold, tail, new Position(id, last, 0), null, null, List.of());
        }
        return new Found(found, !opened && SavedState.of(id, log.derived()) == null);
    }

    private static @Nullable Loaded head(SessionId id, Log log) {
        try {
            return Loaded.load(id, log);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable Loaded readOn(SessionId id, Log log, Chain.Link link, @Nullable Loaded before) {
        try (RecordSource source = log.read(link.segment(), 0, 0, link.durable())) {
            Fold fold = before == null ? null : before.fold();
            Position last = null;
            for (LogRecord record = source.next(); record != null; record = source.next()) {
                if (fold == null) {
                    fold = Fold.of(lostOpening(id, link.segment(), log), record.at());
                }
                fold.apply(record, log);
                last = record.position();
            }
            if (fold == null || last == null) {
                return null;
            }
            Tail tail = source.tail();
            List<Fault> faults = source.faults();
            return new Loaded(fold, tail, last, null, null, faults);
        }
    }

    /** Stands in for an opening that is lost: what it said of the session is lost with it, but for a saved state's part. */
    private static SegmentOpened lostOpening(SessionId id, int segment, Log log) {
        SavedState saved = SavedState.of(id, log.derived());
        return new SegmentOpened(
                1,
                id.value(),
                segment,
                new Origin.Recovered(true),
                new SegmentOpened.Writer("", "", "", 0),
                null,
                saved == null
                        ? SessionConfig.of(SessionKind.CONVERSATION).toJson()
                        : saved.state().config(),
                null);
    }
}
