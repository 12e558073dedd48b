package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.StateJson;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.OutcomeUnknownException;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of one session in this process: takes appends from any thread and makes them durable together.
 *
 * <p>Whoever finds nobody at work takes the turn and writes everything that waits, one write and one force for all; the
 * others wait until they are told. So threads of one session share a force, and sessions do not wait for each other.
 * Nobody is told before the force.
 */
final class SessionLog {
    static final long ROLL_OVER_BYTES = 8L * 1024 * 1024;
    private static final int MAX_ROUND_BYTES = 1024 * 1024 - 64 * 1024;
    private static final int SAVE_EVERY_BYTES = 512 * 1024;

    private final SessionId id;
    private final Log log;
    private final Clock clock;
    private final SegmentOpened.Writer writer;
    private final Executor workers;
    private final Relaxation relaxation;

    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    // Guarded by turn.
    private @Nullable Loaded end;
    private @Nullable RecentIds recent;
    private @Nullable OutcomeUnknownException broken;
    private long savedOffset = -1;
    private long unsavedBytes;

    /** Asks for a force within 200 ms. */
    interface Relaxation {
        void forceSoon(SessionLog log);
    }

    SessionLog(
            SessionId id, Log log, Clock clock, SegmentOpened.Writer writer, Executor workers, Relaxation relaxation) {
        this.id = id;
        this.log = log;
        this.clock = clock;
        this.writer = writer;
        this.workers = workers;
        this.relaxation = relaxation;
    }

    SessionId id() {
        return id;
    }

    Log log() {
        return log;
    }

    AppendResult append(Append append) {
        List<EncodedEvent> encoded = encode(append);
        Pending pending = Pending.blocking(append, encoded, hash(append, encoded));
        waiting.add(pending);
        boolean interrupted = false;
        while (!pending.isDone()) {
            if (turn.tryLock()) {
                try {
                    while (!pending.isDone()) {
                        flushRound();
                    }
                } finally {
                    turn.unlock();
                    passTurn();
                }
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return pending.outcome();
    }

    CompletableFuture<AppendResult> appendAsync(Append append) {
        CompletableFuture<AppendResult> future = new CompletableFuture<>();
        List<EncodedEvent> encoded = encode(append);
        waiting.add(Pending.async(append, encoded, hash(append, encoded), future));
        passTurn();
        return future;
    }

    /** Whoever leaves the turn wakes the first who waits: nobody else will. */
    private void passTurn() {
        Pending next = waiting.peek();
        if (next != null && !next.wake() && drainScheduled.compareAndSet(false, true)) {
            workers.execute(this::drain);
        }
    }

    private void drain() {
        drainScheduled.set(false);
        if (turn.tryLock()) {
            try {
                while (!waiting.isEmpty()) {
                    flushRound();
                }
            } finally {
                turn.unlock();
                passTurn();
            }
        }
    }

    private <T> T inTurn(java.util.function.Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
            passTurn();
        }
    }

    SessionState state() {
        return inTurn(() -> {
            catchUp();
            return end().fold().toState();
        });
    }

    Position last() {
        return inTurn(() -> {
            catchUp();
            return end().last();
        });
    }

    /** Makes everything appended so far durable. */
    void force() {
        inTurn(() -> {
            if (end != null) {
                refuseIfBroken();
                forceTail();
            }
            return true;
        });
    }

    private void forceTail() {
        Loaded now = end();
        try {
            Tail tail = log.force(now.tail());
            end = new Loaded(now.fold(), tail, now.last(), now.end(), now.faults());
        } catch (OutcomeUnknownException e) {
            broken = e;
            throw e;
        }
    }

    /** Opens a new segment for a reason of the caller's; the state is folded into it. */
    Position openSegment(Origin origin) {
        return inTurn(() -> {
            refuseIfBroken();
            catchUp();
            Loaded now = end();
            if (!now.damage().isEmpty() && !(origin instanceof Origin.Recovered recovered && recovered.repaired())) {
                throw new DamagedException(id, now.damage());
            }
            try {
                while (!open(origin)) {
                    reload();
                }
            } catch (RuntimeException e) {
                noteFailure(e);
                throw e;
            }
            return new Position(id, end().tail().segment(), 0);
        });
    }

    /** Saves the state and lets go. The log stays usable for others. */
    void close() {
        inTurn(() -> {
            if (end != null && broken == null) {
                try {
                    forceTail();
                    save();
                } finally {
                    log.close();
                }
            } else {
                log.close();
            }
            return true;
        });
    }

    private List<EncodedEvent> encode(Append append) {
        List<EncodedEvent> encoded = new ArrayList<>(append.entries().size());
        List<EncodedEvent.Payload> blobs = new ArrayList<>(0);
        for (Entry entry : append.entries()) {
            EncodedEvent event = EventCodec.encode(entry.event());
            encoded.add(event);
            blobs.addAll(event.blobs());
            if (entry.source() != null && entry.source().text().length() > 32 * 1024) {
                throw new HoldfastException(ErrorCode.TOO_LARGE, "source of " + event.type() + " is over 32 KiB");
            }
        }
        // A payload is durable before the record that refers to it.
        log.putBlobs(blobs);
        return encoded;
    }

    private static @Nullable String hash(Append append, List<EncodedEvent> encoded) {
        if (append.id() == null) {
            return null;
        }
        MessageDigest digest = RecentIds.digest();
        encoded.forEach(event -> RecentIds.update(digest, event.type(), event.data()));
        return RecentIds.hex(digest);
    }

    // ---- in turn ----

    private void flushRound() {
        List<Pending> round = new ArrayList<>();
        int bytes = 0;
        for (Pending next = waiting.peek(); next != null; next = waiting.peek()) {
            if (!round.isEmpty() && bytes + next.bytes > MAX_ROUND_BYTES) {
                break;
            }
            waiting.poll();
            round.add(next);
            bytes += next.bytes;
        }
        if (round.isEmpty()) {
            return;
        }
        try {
            refuseIfBroken();
            while (!write(round)) {
                reload();
            }
        } catch (RuntimeException e) {
            noteFailure(e);
            round.forEach(pending -> pending.fail(e));
        }
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

    /** Throws if the session cannot be written: it is damaged, or of a format this version does not know. */
    void requireSound() {
        inTurn(() -> {
            List<dev.holdfast.log.Fault> damage = end().damage();
            if (!damage.isEmpty()) {
                throw new DamagedException(id, damage);
            }
            return true;
        });
    }

    boolean isBroken() {
        return inTurn(() -> broken != null);
    }

    /** Writes a round; false if somebody else wrote first and the round must be looked at again. */
    private boolean write(List<Pending> round) {
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
        if (admitted.drafts().isEmpty()) {
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
        if (recent != null) {
            admitted.applyTo(recent);
        }
        Loaded.Place place =
                new Loaded.Place(tail.segment(), tail.index() - 1, appended.lastOffset(), appended.lastCrc());
        end = new Loaded(now.fold(), tail, new Position(id, tail.segment(), tail.index() - 1), place, now.faults());
        if (tail.durable() < tail.index()) {
            relaxation.forceSoon(this);
        }
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
        end = Loaded.load(id, log);
        recent = null;
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
                now.fold().apply(record);
                last = record.position();
                place = Loaded.Place.of(record);
                moved = true;
            }
            if (moved || source.tail().blocked() != tail.blocked()) {
                Tail found = source.tail();
                Tail durableKept = new Tail(
                        found.segment(),
                        found.index(),
                        found.offset(),
                        Math.max(found.durable(), tail.durable()),
                        found.blocked());
                end = new Loaded(now.fold(), durableKept, last, place, now.faults());
                recent = null;
            }
        }
    }

    private boolean open(Origin origin) {
        Loaded now = end();
        List<EncodedEvent.Payload> blobs = new ArrayList<>();
        if (origin instanceof Origin.Compacted) {
            blobs.addAll(
                    encodeOpening(origin, 1, now.tail(), now.fold().toState()).blobs());
        }
        Position[] last = {now.last()};
        Tail tail = log.openSegment(
                now.tail(),
                (segment, previous, unseen) -> {
                    for (LogRecord record : unseen) {
                        now.fold().apply(record);
                        last[0] = record.position();
                    }
                    EncodedEvent encoded =
                            encodeOpening(origin, segment, previous, now.fold().toState());
                    return Draft.single(clock.instant().truncatedTo(ChronoUnit.MICROS), encoded.type(), encoded.data());
                },
                blobs);
        if (tail == null) {
            return false;
        }
        end = new Loaded(now.fold(), tail, last[0], null, List.of());
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
        if (tail.blocked() || tail.durable() < tail.index() || savedOffset == tail.offset()) {
            return;
        }
        Loaded.Place place = now.end();
        if (place != null) {
            SavedState saved = new SavedState(
                    place.segment(),
                    place.index(),
                    place.offset(),
                    place.crc(),
                    now.last().segment(),
                    now.last().index(),
                    now.fold().toState());
            log.saveDerived(saved.toBytes());
            savedOffset = tail.offset();
        }
    }

    private RecentIds recent() {
        RecentIds known = recent;
        if (known == null) {
            known = loadRecent();
            recent = known;
        }
        return known;
    }

    private RecentIds loadRecent() {
        RecentIds loaded = new RecentIds();
        List<Chain.Link> links = new Chain(id, log).links();
        // A few more for the openings between them, which are no events.
        long needed = (long) RecentIds.REMEMBERED_RECORDS + links.size();
        int first = links.size() - 1;
        long available = end().tail().index();
        while (first > 0 && available < needed) {
            needed -= available;
            first--;
            available = links.get(first).records();
        }
        for (int k = first; k < links.size(); k++) {
            Chain.Link link = links.get(k);
            long from = k == first ? Math.max(0, available - needed) : 0;
            try (RecordSource source = log.read(link.segment(), from, from == 0 ? 0 : -1, link.durable())) {
                for (LogRecord record = source.next();
                        record != null && record.index() < link.records();
                        record = source.next()) {
                    if (!record.type().equals("segment.opened")) {
                        loaded.read(record);
                    }
                }
            }
        }
        return loaded;
    }

    /** Whether an event must never wait for its force. */
    static boolean neverRelaxed(Event event) {
        return event instanceof Lifecycle || event instanceof UsageRecorded || userInput(event);
    }

    private static boolean userInput(Event event) {
        return event instanceof dev.holdfast.event.Message message && message.role() == dev.holdfast.event.Role.USER;
    }

    static boolean ignorable(Event event) {
        return event instanceof Unknown;
    }

    static byte @Nullable [] sourceBytes(Entry entry) {
        return entry.source() == null ? null : entry.source().text().getBytes(StandardCharsets.UTF_8);
    }

    static Instant time(Entry entry, Instant now) {
        return entry.at() == null ? now : entry.at().truncatedTo(ChronoUnit.MICROS);
    }
}
