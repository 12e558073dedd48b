package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Log;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The end of one session in this process: takes appends from any thread and makes them durable together.
 *
 * <p>Whoever finds nobody at work takes the turn and writes everything that waits, one write and one force for all; the
 * others wait until they are told. So threads of one session share a force, and sessions do not wait for each other.
 * Nobody is told before the force.
 */
final class SessionLog {
    private static final int MAX_APPEND_BYTES = 8 * 1024 * 1024;
    private static final int MAX_ROUND_BYTES = 1024 * 1024 - 64 * 1024;

    private final SessionId id;
    private final Log log;
    private final Executor workers;
    private final Relaxation relaxation;

    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    /** Guarded by turn. */
    private final LogEnd end;

    /** Asks for a force within 200 ms. */
    interface Relaxation {
        void forceSoon(SessionLog log);
    }

    SessionLog(
            SessionId id, Log log, Clock clock, SegmentOpened.Writer writer, Executor workers, Relaxation relaxation) {
        this.id = id;
        this.log = log;
        this.end = new LogEnd(id, log, clock, writer);
        this.workers = workers;
        this.relaxation = relaxation;
    }

    SessionId id() {
        return id;
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

    void createdHere() {
        inTurn(() -> {
            end.createdHere();
            return true;
        });
    }

    SessionState state() {
        return inTurn(end::state);
    }

    Position last() {
        return inTurn(end::last);
    }

    boolean isBroken() {
        return end.isBroken();
    }

    void requireSound() {
        inTurn(() -> {
            end.requireSound();
            return true;
        });
    }

    /** Makes everything appended so far durable. */
    void force() {
        inTurn(() -> {
            end.force();
            return true;
        });
    }

    /** Opens a new segment for a reason of the caller's; the state is folded into it, changed as told. */
    Position openSegment(Origin origin, Consumer<Fold> change) {
        return inTurn(() -> end.openSegment(origin, change));
    }

    /** Appends what follows from the state, with nobody in between. */
    AppendResult append(Function<SessionState, Append> following) {
        return inTurn(() -> {
            Append append = following.apply(end.state());
            List<EncodedEvent> encoded = encode(append);
            Pending pending = Pending.blocking(append, encoded, hash(append, encoded));
            end.write(new ArrayList<>(List.of(pending)));
            return pending.outcome();
        });
    }

    /** Opens a new segment behind everything that is intact, damage or not. */
    Repair.Opened repair() {
        return inTurn(end::repair);
    }

    /** Forces, saves the state and lets go. The log stays usable for others. */
    void close() {
        inTurn(() -> {
            while (!waiting.isEmpty()) {
                flushRound();
            }
            end.close();
            return true;
        });
    }

    private List<EncodedEvent> encode(Append append) {
        List<EncodedEvent> encoded = new ArrayList<>(append.entries().size());
        List<EncodedEvent.Payload> blobs = new ArrayList<>(0);
        long bytes = 0;
        for (Entry entry : append.entries()) {
            EncodedEvent event = EventCodec.encode(entry.event());
            encoded.add(event);
            bytes += event.data().length;
            blobs.addAll(event.blobs());
            if (entry.source() != null && entry.source().toLine().getBytes(StandardCharsets.UTF_8).length > 32 * 1024) {
                throw new HoldfastException(ErrorCode.TOO_LARGE, "source of " + event.type() + " is over 32 KiB");
            }
        }
        if (bytes > MAX_APPEND_BYTES) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "an append of " + bytes + " bytes; at most " + MAX_APPEND_BYTES + ", split it");
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
        end.write(round);
        if (end.owesForce()) {
            relaxation.forceSoon(this);
        }
    }

    /** Whether an event must never wait for its force. */
    static boolean neverRelaxed(Event event) {
        return event instanceof Lifecycle
                || event instanceof UsageRecorded
                || event instanceof CheckpointTaken
                || userInput(event);
    }

    private static boolean userInput(Event event) {
        return event instanceof dev.holdfast.event.Message message && message.role() == dev.holdfast.event.Role.USER;
    }

    static boolean ignorable(Event event) {
        return event instanceof Unknown;
    }

    static byte @Nullable [] sourceBytes(Entry entry) {
        return entry.source() == null ? null : entry.source().toLine().getBytes(StandardCharsets.UTF_8);
    }

    static Instant time(Entry entry, Instant now) {
        return entry.at() == null ? now : entry.at().truncatedTo(ChronoUnit.MICROS);
    }
}
