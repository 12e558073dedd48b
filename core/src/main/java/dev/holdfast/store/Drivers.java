package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions that this store drives. Thread-safe. */
final class Drivers implements AutoCloseable {
    private final SessionStore store;
    private final Backend backend;
    private final OpenLogs logs;
    private final Beginnings beginnings;
    private final Set<Session> driven = ConcurrentHashMap.newKeySet();

    Drivers(SessionStore store, Backend backend, OpenLogs logs, Beginnings beginnings) {
        this.store = store;
        this.backend = backend;
        this.logs = logs;
        this.beginnings = beginnings;
    }

    Session create(SessionId id, Forks.Start start) {
        Lease lease = backend.drive(LogId.of(id));
        try {
            beginnings.create(id, start).close();
            return created(id, lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** From here on it is there: whoever is told that the storage failed must not think that nothing was recorded. */
    private Session created(SessionId id, Lease lease) {
        try {
            return session(id, lease, SessionLog::createdHere);
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.STORAGE) {
                throw e;
            }
            throw new HoldfastException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "session " + id + " was created, but could not be read then: " + e.getMessage()
                            + "; drive it instead of creating it again",
                    e);
        }
    }

    Session drive(SessionId id) {
        Lease lease = backend.drive(LogId.of(id));
        try {
            return session(id, lease, SessionLog::requireSound);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private Session session(SessionId id, Lease lease, Consumer<SessionLog> first) {
        SessionLog log = logs.acquire(id);
        try {
            first.accept(log);
            Session session = new Session(store, this, log, lease);
            driven.add(session);
            return session;
        } catch (RuntimeException e) {
            logs.release(log);
            throw e;
        }
    }

    /** Lets go of a session's log. */
    void release(SessionLog log) {
        logs.release(log);
    }

    void forget(Session session) {
        driven.remove(session);
    }

    /** Closes all handles that are still open, and throws the first failure at the end. */
    @Override
    public void close() {
        @Nullable RuntimeException first = null;
        for (Session session : driven) {
            try {
                session.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
