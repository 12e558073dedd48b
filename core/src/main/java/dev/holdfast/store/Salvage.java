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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads a damaged session for a repair: besides the head also the segments above it that lost their first record, because
 * the records in them are intact and so stay history.
 */
final class Salvage {
    private Salvage() {}

    static Loaded load(SessionId id, Log log) {
        Loaded found = head(id, log);
        for (int segment : log.segments()) {
            if (found == null || segment > found.tail().segment()) {
                Loaded further = readOn(id, log, segment, found);
                found = further == null ? found : further;
            }
        }
        if (found == null) {
            throw new HoldfastException(
                    ErrorCode.DAMAGED, id + " has no intact record at all; nothing can be repaired");
        }
        return found;
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

    private static @Nullable Loaded readOn(SessionId id, Log log, int segment, @Nullable Loaded before) {
        try (RecordSource source = log.read(segment, 0, 0, Long.MAX_VALUE)) {
            Fold fold = before == null ? null : before.fold();
            Position last = null;
            for (LogRecord record = source.next(); record != null; record = source.next()) {
                if (fold == null) {
                    fold = Fold.of(lostOpening(id, segment), record.at());
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

    /** Stands in for an opening that is lost: what it said of the session is lost with it. */
    private static SegmentOpened lostOpening(SessionId id, int segment) {
        return new SegmentOpened(
                1,
                id.value(),
                segment,
                new Origin.Recovered(true),
                new SegmentOpened.Writer("", "", "", 0),
                null,
                SessionConfig.of(SessionKind.CONVERSATION).toJson(),
                null);
    }
}
