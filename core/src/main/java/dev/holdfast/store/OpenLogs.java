package dev.holdfast.store;

import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The logs this store has open: one for each session, however many handles use it. Thread-safe. */
final class OpenLogs implements AutoCloseable {
    private final Backend backend;
    private final Clock clock;
    private final SegmentOpened.Writer writer;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final RelaxedForces relaxedForces = new RelaxedForces(workers);
    private final ConcurrentHashMap<SessionId, Shared> logs = new ConcurrentHashMap<>();

    /** An open log and how many handles use it. */
    private record Shared(SessionLog log, int users) {}

    OpenLogs(Backend backend, Clock clock, SegmentOpened.Writer writer) {
        this.backend = backend;
        this.clock = clock;
        this.writer = writer;
    }

    SessionLog acquire(SessionId id) {
        return logs.compute(
                        id,
                        (key, known) -> known != null && !known.log().isBroken()
                                ? new Shared(known.log(), known.users() + 1)
                                : new Shared(open(id), 1))
                .log();
    }

    private SessionLog open(SessionId id) {
        return new SessionLog(id, backend.open(LogId.of(id)), clock, writer, workers, relaxedForces);
    }

    /** Closes a log with its last handle. */
    void release(SessionLog log) {
        boolean[] last = {false};
        logs.compute(log.id(), (key, known) -> {
            if (known == null || known.log() != log) {
                // A broken log that a sound one has replaced.
                last[0] = true;
                return known;
            }
            last[0] = known.users() == 1;
            return last[0] ? null : new Shared(log, known.users() - 1);
        });
        if (last[0]) {
            log.close();
        }
    }

    /** Makes durable what this store appended to a session, if it has it open. */
    void force(SessionId id) {
        Shared shared = logs.get(id);
        if (shared != null) {
            shared.log().force();
        }
    }

    @Override
    public void close() {
        relaxedForces.close();
        workers.close();
    }
}
