package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Origin;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Tail;
import java.time.Clock;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes sessions that go on from a record of another one. */
final class Forks {
    private final Backend backend;
    private final Clock clock;

    Forks(Backend backend, Clock clock) {
        this.backend = backend;
        this.clock = clock;
    }

    /** How a new session begins. */
    record Start(
            SessionConfig config, Origin origin, @Nullable SessionState state) {
        static Start fresh(SessionConfig config, Origin origin) {
            return new Start(config, origin, null);
        }
    }

    /** Creates the session whose beginning it is given. */
    interface Creation {
        Session create(Start start);
    }

    /**
     * Makes a fork while the parent cannot be removed: whoever wants to remove it waits, and then finds the fork.
     *
     * @param config makes the fork's configuration of the parent's at that record
     */
    Session fork(Position at, UnaryOperator<SessionConfig> config, String relation, Creation creation) {
        SessionId parent = at.session();
        LogId logId = LogId.of(parent);
        try (Lease pin = backend.pin(logId);
                Log log = backend.open(logId)) {
            java.util.Objects.requireNonNull(pin);
            LogRecord record = new Lineage(backend, parent, log).find(at);
            if (record == null) {
                throw HoldfastException.notFound(
                        "there is no record " + at + " in the history of " + parent + "; name one that its log shows");
            }
            makeDurable(log, at);
            Origin origin = new Origin.Forked(at.toString(), String.format("%08x", record.crc()), relation);
            SessionState from = Lineage.stateAt(log, at);
            SessionConfig own = config.apply(from.configuration().title(from.title()));
            return creation.create(new Start(own, origin, Fold.forked(own, from, origin, clock.instant())));
        }
    }

    /** What is referred to is durable before the reference. */
    private static void makeDurable(Log log, Position at) {
        Tail tail = Loaded.load(at.session(), log).tail();
        if (tail.segment() == at.segment() && at.index() >= tail.durable()) {
            log.force(tail);
        }
    }

    /** Where a new attempt at a finished session begins: its last intact resumable checkpoint, else before its end. */
    Position retryPoint(SessionId id) {
        try (Log log = backend.open(LogId.of(id))) {
            SessionState state = Loaded.load(id, log).fold().toState();
            if (!state.status().isFinal()) {
                throw new HoldfastException(
                        ErrorCode.CONFLICT,
                        "session " + id + " is " + state.status().wireName()
                                + ", not finished; resume it, or fork it at a record");
            }
            Lineage lineage = new Lineage(backend, id, log);
            return Checkpoints.of(lineage, state).stream()
                    .filter(each -> each.resumable() && each.current() && !each.pruned())
                    .filter(each -> each.position().session().equals(id))
                    .sorted(Comparator.comparingLong(Checkpoint::number).reversed())
                    .filter(each -> isIntact(lineage, each))
                    .map(Checkpoint::position)
                    .findFirst()
                    .orElseGet(() -> beforeTheEnd(id, log));
        }
    }

    static boolean isIntact(Lineage lineage, Checkpoint checkpoint) {
        try {
            Checkpoints.load(lineage, checkpoint);
            return true;
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                return false;
            }
            throw e;
        }
    }

    private Position beforeTheEnd(SessionId id, Log log) {
        Lineage lineage = new Lineage(backend, id, log);
        Records path = new Records(lineage.path(), lineage.faults(), log);
        try (RecordReader reader = path.reversed().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                boolean end = record.type().startsWith("session.")
                        && record.event(log) instanceof Lifecycle lifecycle
                        && dev.holdfast.session.Admission.target(lifecycle).isFinal();
                LogRecord before = end ? reader.next() : null;
                if (before != null && before.log().equals(LogId.of(id))) {
                    return before.position();
                }
            }
        }
        throw HoldfastException.notFound("session " + id + " has no record to go on from; create a new one");
    }
}
