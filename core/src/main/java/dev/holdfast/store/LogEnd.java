package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.StateJson;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.OutcomeUnknownException;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.lang.ref.SoftReference;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of one session: knows the state there, writes behind it, opens segments, takes in what others wrote. Used by
 * whoever has the turn in {@link SessionLog}; not thread-safe by itself.
 */
final class LogEnd {
    static final long ROLL_OVER_BYTES = 8L * 1024 * 1024;
    private static final int SAVE_EVERY_BYTES = 2 * 1024 * 1024;

    private final SessionId id;
    private final Log log;
    private final Clock clock;
    private final SegmentOpened.Writer writer;
    private @Nullable Loaded end;
    /** Soft, because it may be large, and is read from the log again when an id is next asked for. */
    private SoftReference<RecentIds> recent = new SoftReference<>(null);
    /** Read without the turn too. */
    private volatile @Nullable OutcomeUnknownException broken;

    private long savedOffset = -1;
    /** Whether this end appended something that it has not forced yet. */
    private boolean owesForce;

    private long unsavedBytes;

    LogEnd(SessionId id, Log log, Clock clock, SegmentOpened.Writer writer) {
        this.id = id;
        this.log = log;
        this.clock = clock;
        this.writer = writer;
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Whether something was appended that is not forced yet. */
    boolean owesForce() {
        return owesForce && broken == null;
    }

    /** Takes note that the opening is forced: whoever created the log here has seen it. */
    void createdHere() {
        Loaded now = end();
        Tail tail = now.tail();
        Tail sure = new Tail(tail.segment(), tail.index(), tail.offset(), Math.max(1, tail.durable()), tail.blocked());
        end = new Loaded(now.fold(), sure, now.last(), now.end(), now.stamp(), now.faults());
    }

    SessionState state() {
        catchUp();
        return end().fold().toState();
    }

    Position last() {
        catchUp();
        return end().last();
    }

    /** Throws if the session cannot be written: it is damaged, or of a format this version does not know. */
    void requireSound() {
        if (!end().damage().isEmpty()) {
            throw new DamagedException(id, end().damage());
        }
    }

    void force() {
        refuseIfBroken();
        Loaded now = end();
        try {
            Tail tail = log.force(now.tail());
            end = new Loaded(now.fold(), tail, now.last(), now.end(), now.stamp(), now.faults());
            owesForce = false;
        } catch (RuntimeException e) {
            noteFailure(e);
            throw e;
        }
    }

    /** Forces, saves the state and lets go of what is open. */
    void close() {
        try {
            if (owesForce()) {
                force();
            }
            if (end != null && broken == null) {
                save();
            }
        } finally {
            log.close();
        }
    }

    /** Writes appends and tells each what became of it. */
    void write(List<Pending> round) {
        try {
            refuseIfBroken();
            while (!tryWrite(round)) {
                followOthers();
            }
        } catch (RuntimeException e) {
            noteFailure(e);
            round.forEach(pending -> pending.fail(e));
        } catch (Error e) {
            OutcomeUnknownException unknown = new OutcomeUnknownException(id + ": the append broke off", e);
            noteFailure(unknown);
            round.forEach(pending -> pending.fail(unknown));
            throw e;
        }
    }

    /** Somebody else wrote first. If nothing of theirs is to be seen, bytes vanished, and that is damage. */
    private void followOthers() {
        Tail before = end().tail();
        catchUp();
        if (end().tail().equals(before)) {
            reload();
            Tail after = end().tail();
            if (after.segment() == before.segment() && after.index() < before.index()) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED,
                        id + ": " + Chain.file(before.segment()) + " held " + before.index() + " records and now holds "
                                + after.index() + ": somebody cut it; see verify, then repair");
            }
        }
    }

    /** Opens a new segment for a reason of the caller's; the state is folded into it, changed as told. */
    Position openSegment(Origin origin, Consumer<Fold> change) {
        refuseIfBroken();
        catchUp();
        try {
            requireSound();
            while (!open(origin, change)) {
                followOthers();
            }
        } catch (RuntimeException e) {
            noteFailure(e);
            throw e;
        }
        return new Position(id, end().tail().segment(), 0);
    }

    /** Opens a new segment behind everything that is intact, damage or not. */
    Repair.Opened repair() {
        refuseIfBroken();
        Salvage.Found found;
        try {
            found = Salvage.load(id, log);
            end = found.loaded();
            if (!open(new Origin.Recovered(true))) {
                throw new HoldfastException(
                        ErrorCode.BUSY, id + " was written to during the repair; look at it again with verify");
            }
        } catch (RuntimeException e) {
            noteFailure(e);
            throw e;
        }
        return new Repair.Opened(new Position(id, end().tail().segment(), 0), found.defaulted());
    }

    private void noteFailure(RuntimeException e) {
        if (e instanceof OutcomeUnknownException unknown) {
            broken = broken == null ? unknown : broken;
        } else if (e instanceof HoldfastException fault && fault.code() == ErrorCode.STORAGE) {
            // Certainly not recorded, but nothing more may go into that file.
            broken = new OutcomeUnknownException(id + ": an earlier append failed", e);
        }
        // What is loaded may hold more than the file does.
        end = null;
    }

    /** Writes a round; false if somebody else wrote first and the round must be looked at again. */
    private boolean tryWrite(List<Pending> round) {
        if (end == null) {
            reload();
        }
        Loaded now = end();
        if (!now.damage().isEmpty()) {
            throw new DamagedException(id, now.damage());
        }
        if (now.tail().blocked() && !open(new Origin.Recovered(false))) {
            return false;
        }
        if (end().tail().offset() >= ROLL_OVER_BYTES && !open(new Origin.RolledOver())) {
            return false;
        }
        now = end();
        Round admitted = new Round(id, now, clock.instant().truncatedTo(ChronoUnit.MICROS), this::recent);
        round.removeIf(pending -> !admitted.admit(pending));
        if (admitted.repeatsUnforced()) {
            // A repeated append is told "recorded": then it must be as durable as a new one.
            force();
        }
        if (!admitted.drafts().isEmpty()
                && !owesForce
                && now.tail().durable() < now.tail().index()) {
            // What somebody else wrote last was acknowledged by them, for all this end knows. Forced first, it is known
            // to be durable by what the next line says, and so its loss can be told from a tail that never counted.
            if (!log.isHead(now.tail().segment())) {
                return false;
            }
            force();
            now = end();
        }
        if (admitted.drafts().isEmpty()) {
            // Nothing is written that would show whether somebody else wrote first: look.
            catchUp();
            if (!end().tail().equals(now.tail())) {
                return tryWrite(round);
            }
            round.forEach(pending -> pending.complete(admitted.result(pending)));
            return true;
        }
        return switch (log.append(now.tail(), admitted.drafts(), admitted.mustForce())) {
            case AppendOutcome.Moved moved -> false;
            case AppendOutcome.Appended appended -> {
                recorded(admitted, appended);
                round.forEach(pending -> pending.complete(admitted.result(pending)));
                yield true;
            }
        };
    }

    private void recorded(Round admitted, AppendOutcome.Appended appended) {
        Loaded now = end();
        Tail tail = appended.tail();
        admitted.applyTo(now.fold());
        RecentIds ids = recent.get();
        if (ids != null) {
            admitted.applyTo(ids);
        }
        Loaded.Place place =
                new Loaded.Place(tail.segment(), tail.index() - 1, appended.lastOffset(), appended.lastCrc());
        String stamp = now.stamp() != null && now.stamp().equals(appended.before()) ? appended.after() : null;
        Position last = new Position(id, tail.segment(), tail.index() - 1);
        end = new Loaded(now.fold(), tail, last, place, stamp, now.faults());
        owesForce = tail.durable() < tail.index();
        unsavedBytes += tail.offset() - now.tail().offset();
        if (unsavedBytes > SAVE_EVERY_BYTES) {
            save();
        }
    }

    private void refuseIfBroken() {
        OutcomeUnknownException first = broken;
        if (first != null) {
            throw new OutcomeUnknownException(id + ": an earlier append failed (" + first.getMessage() + ")", first);
        }
    }

    private Loaded end() {
        Loaded now = end;
        if (now == null) {
            reload();
            now = java.util.Objects.requireNonNull(end);
        }
        return now;
    }

    private void reload() {
        end = Loaded.loadToWrite(id, log);
        recent.clear();
    }

    /** Takes in what others appended since. */
    private void catchUp() {
        Loaded now = end();
        Tail tail = now.tail();
        if (broken != null || !log.isHead(tail.segment())) {
            reload();
            return;
        }
        try (RecordSource source = log.read(tail.segment(), tail.index(), tail.offset(), tail.durable())) {
            boolean moved = false;
            Position last = now.last();
            Loaded.Place place = now.end();
            for (LogRecord record = source.next(); record != null; record = source.next()) {
                now.fold().apply(record, log);
                last = record.position();
                place = Loaded.Place.of(record);
                moved = true;
            }
            List<Fault> faults = new ArrayList<>(now.faults());
            faults.addAll(source.faults());
            if (moved || source.tail().blocked() != tail.blocked()) {
                Tail found = source.tail();
                Tail durableKept = new Tail(
                        found.segment(),
                        found.index(),
                        found.offset(),
                        Math.max(found.durable(), tail.durable()),
                        found.blocked());
                end = new Loaded(now.fold(), durableKept, last, place, null, faults);
                recent.clear();
            }
        } catch (RuntimeException e) {
            // The fold may have taken in what the tail does not count.
            end = null;
            throw e;
        }
    }

    private boolean open(Origin origin) {
        return open(origin, fold -> {});
    }

    private boolean open(Origin origin, Consumer<Fold> change) {
        Loaded now = end();
        List<EncodedEvent.Payload> blobs = new ArrayList<>();
        if (origin instanceof Origin.Compacted || origin instanceof Origin.Restored) {
            blobs.addAll(
                    encodeOpening(origin, 1, now.tail(), now.fold().toState()).blobs());
        }
        Position[] last = {now.last()};
        Tail tail = log.openSegment(
                now.tail(),
                (segment, previous, unseen) -> {
                    for (LogRecord record : unseen) {
                        now.fold().apply(record, log);
                        last[0] = record.position();
                    }
                    change.accept(now.fold());
                    EncodedEvent encoded =
                            encodeOpening(origin, segment, previous, now.fold().toState());
                    return Draft.single(clock.instant().truncatedTo(ChronoUnit.MICROS), encoded.type(), encoded.data());
                },
                blobs);
        if (tail == null) {
            return false;
        }
        end = new Loaded(now.fold(), tail, last[0], null, log.stamp(tail.segment()), List.of());
        owesForce = false;
        savedOffset = -1;
        return true;
    }

    private EncodedEvent encodeOpening(Origin origin, int segment, @Nullable Tail previous, SessionState state) {
        SegmentOpened.Previous before = previous == null
                ? null
                : new SegmentOpened.Previous(
                        previous.segment(), previous.index(), previous.offset(), previous.durable());
        return EventCodec.encode(new SegmentOpened(
                1, id.value(), segment, origin, writer, before, state.config(), StateJson.write(state)));
    }

    private void save() {
        Loaded now = end();
        unsavedBytes = 0;
        Tail tail = now.tail();
        boolean sure = !tail.blocked()
                && tail.durable() >= tail.index()
                && now.damage().isEmpty();
        if (!sure || savedOffset == tail.offset()) {
            return;
        }
        Loaded.Place place = now.end();
        if (place != null) {
            SavedState saved = new SavedState(
                    id,
                    place.segment(),
                    place.index(),
                    place.offset(),
                    place.crc(),
                    now.last().segment(),
                    now.last().index(),
                    now.stamp(),
                    now.fold().toState());
            log.saveDerived(saved.toBytes());
            savedOffset = tail.offset();
        }
    }

    private RecentIds recent() {
        RecentIds known = recent.get();
        if (known == null) {
            known = RecentIds.load(id, log, end().tail());
            recent = new SoftReference<>(known);
        }
        return known;
    }
}
