package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.file.FileBackend;
import dev.holdfast.file.Hosts;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.StoreInfo;
import dev.holdfast.spi.Trashed;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A store of sessions: creates, drives, reads, lists, removes and checks them.
 *
 * <p>Thread-safe. Several processes, and several stores in one process, may use one directory at the same time.
 */
public final class SessionStore implements AutoCloseable {
    private static final int MAX_CONFIG_BYTES = 64 * 1024;

    private final Backend backend;
    private final StoreOptions options;
    private final SegmentOpened.Writer writer;
    private final OpenLogs logs;
    private final Set<Session> driven = ConcurrentHashMap.newKeySet();
    private final Catalog catalog;
    private volatile boolean closed;

    private SessionStore(Backend backend, StoreOptions options) {
        this.backend = backend;
        this.options = options;
        this.catalog = new Catalog(backend);
        this.writer = new SegmentOpened.Writer(
                options.program(),
                options.version(),
                Hosts.name(),
                ProcessHandle.current().pid());
        this.logs = new OpenLogs(backend, options.clock(), writer);
    }

    /**
     * Makes a store in a directory that is empty or does not exist. Durable when it returns.
     *
     * @param directory the directory
     * @return the store, open
     * @throws HoldfastException CONFLICT if the directory holds a store or anything else
     */
    public static SessionStore create(Path directory) {
        return create(directory, StoreOptions.usual());
    }

    /**
     * Makes a store in a directory that is empty or does not exist. Durable when it returns.
     *
     * @param directory the directory
     * @param options how to open it
     * @return the store, open
     * @throws HoldfastException CONFLICT if the directory holds a store or anything else
     */
    public static SessionStore create(Path directory, StoreOptions options) {
        return on(FileBackend.create(directory, options.unsafeFileSystem()), options);
    }

    /**
     * Opens a store.
     *
     * @param directory its directory
     * @return the store, open
     * @throws HoldfastException NOT_FOUND if there is none, UNSUPPORTED if its format is newer
     */
    public static SessionStore open(Path directory) {
        return open(directory, StoreOptions.usual());
    }

    /**
     * Opens a store.
     *
     * @param directory its directory
     * @param options how to open it
     * @return the store, open
     * @throws HoldfastException NOT_FOUND if there is none, UNSUPPORTED if its format is newer
     */
    public static SessionStore open(Path directory, StoreOptions options) {
        return on(FileBackend.open(directory, options.unsafeFileSystem()), options);
    }

    /**
     * Makes a store on the heap: the same contract, nothing durable.
     *
     * @return the store, open
     */
    public static SessionStore inMemory() {
        return on(new MemoryBackend(), StoreOptions.usual());
    }

    /**
     * Opens a store over any backend.
     *
     * @param backend the backend; closed with the store
     * @param options how to open it
     * @return the store, open
     */
    public static SessionStore on(Backend backend, StoreOptions options) {
        return new SessionStore(backend, options);
    }

    /**
     * Returns which store this is.
     *
     * @return id, format and place
     */
    public StoreInfo info() {
        return backend.info();
    }

    /**
     * Tells whether a session exists.
     *
     * @param id the session
     * @return true if it can be read
     */
    public boolean exists(SessionId id) {
        return backend.exists(LogId.of(id));
    }

    /**
     * Makes a new session and drives it. Durable when it returns.
     *
     * @param config what it is created with
     * @return the session, driven by the caller
     */
    public Session create(SessionConfig config) {
        return create(config, newId(), new Origin.Fresh());
    }

    /**
     * Makes a new session under a given id and drives it. Durable when it returns.
     *
     * @param config what it is created with
     * @param id its id
     * @param origin why it exists
     * @return the session, driven by the caller
     * @throws HoldfastException CONFLICT if the id is in use
     */
    public Session create(SessionConfig config, SessionId id, Origin origin) {
        requireOpen();
        EncodedEvent opening = opening(config, id, 1, origin);
        if (config.toJson().text().length() > MAX_CONFIG_BYTES) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "configuration of over " + MAX_CONFIG_BYTES + " bytes; keep large inputs in messages or metadata");
        }
        LogId logId = LogId.of(id);
        Lease lease = backend.drive(logId);
        try {
            Log log = backend.create(
                    logId,
                    (segment, previous, unseen) -> {
                        EncodedEvent numbered = segment == 1 ? opening : opening(config, id, segment, origin);
                        return Draft.single(
                                options.clock().instant().truncatedTo(ChronoUnit.MICROS),
                                numbered.type(),
                                numbered.data());
                    },
                    opening.blobs());
            log.close();
            return session(id, lease, SessionLog::createdHere);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private EncodedEvent opening(SessionConfig config, SessionId id, int segment, Origin origin) {
        return EventCodec.encode(
                new SegmentOpened(1, id.value(), segment, origin, writer, null, config.toJson(), null));
    }

    /**
     * Makes a new session that goes on from a record of another one. Refers to it; copies nothing. The parent is forced
     * first.
     *
     * @param at the last record of the parent that is history of the new session
     * @param config what the new session is created with
     * @return the new session, driven by the caller
     * @throws HoldfastException NOT_FOUND if there is no such record
     */
    public Session fork(Position at, SessionConfig config) {
        requireOpen();
        logs.force(at.session());
        return create(config, newId(), ForkPoint.origin(backend, at));
    }

    /**
     * Drives a session: this process is the one that appends, until the handle is closed.
     *
     * @param id the session
     * @return the session
     * @throws HoldfastException NOT_FOUND
     * @throws DrivenByOtherException if another process or handle drives it
     * @throws DamagedException if it needs a repair first
     */
    public Session drive(SessionId id) {
        requireOpen();
        LogId logId = LogId.of(id);
        if (!backend.exists(logId)) {
            throw HoldfastException.notFound("session " + id + " does not exist in " + info().location());
        }
        Lease lease = backend.drive(logId);
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
            Session session = new Session(this, log, lease);
            driven.add(session);
            return session;
        } catch (RuntimeException e) {
            release(log);
            throw e;
        }
    }

    /**
     * Reads a session. Takes no lock.
     *
     * @param id the session
     * @return the view
     * @throws HoldfastException NOT_FOUND
     */
    public SessionView read(SessionId id) {
        LogId logId = LogId.of(id);
        if (!backend.exists(logId)) {
            throw HoldfastException.notFound("session " + id + " does not exist in " + info().location());
        }
        return new SessionView(id, backend.open(logId));
    }

    /**
     * Appends a remark to a session, whoever drives it. Durable when it returns.
     *
     * @param id the session
     * @param annotations the remarks, all or none
     * @return the last one's position
     * @throws HoldfastException NOT_FOUND, and as for {@link Session#append(dev.holdfast.event.Event...)}
     */
    public Position annotate(SessionId id, Annotation... annotations) {
        requireOpen();
        if (!backend.exists(LogId.of(id))) {
            throw HoldfastException.notFound("session " + id + " does not exist in " + info().location());
        }
        SessionLog log = logs.acquire(id);
        try {
            return switch (log.append(Append.of(annotations))) {
                case AppendResult.Appended appended -> appended.last();
                case AppendResult.Duplicate duplicate -> duplicate.first();
                case AppendResult.Conflict conflict ->
                    throw new IllegalStateException("an append without a condition cannot conflict: " + conflict);
            };
        } finally {
            release(log);
        }
    }

    /**
     * Lists sessions, newest update first.
     *
     * @param filter which
     * @return the sessions, and what could not be listed
     */
    public SessionListing list(SessionFilter filter) {
        return catalog.list(filter);
    }

    /**
     * Lists the sessions that are not final, newest update first.
     *
     * @return their ids
     */
    public List<SessionId> active() {
        return list(SessionFilter.ACTIVE).sessions().stream()
                .map(SessionSummary::id)
                .toList();
    }

    /**
     * Summarises one session.
     *
     * @param id the session
     * @return what a listing tells about it
     * @throws HoldfastException NOT_FOUND
     */
    public SessionSummary summary(SessionId id) {
        return catalog.summary(id);
    }

    /**
     * Finds the session that an id or the beginning of one names.
     *
     * @param text an id, or a beginning that only one session has
     * @return the session
     * @throws HoldfastException NOT_FOUND if there is none, INVALID_ARGUMENT if it is no beginning of an id or there are
     *     several
     */
    public SessionId resolve(String text) {
        return catalog.resolve(text);
    }

    /**
     * Tells who drives a session now.
     *
     * @param id the session
     * @return free, driven or abandoned
     */
    public Presence presence(SessionId id) {
        return backend.presence(LogId.of(id));
    }

    /**
     * Tells what removing a session would do.
     *
     * @param id the session
     * @return the preview
     * @throws HoldfastException NOT_FOUND
     */
    public DeletePreview previewDelete(SessionId id) {
        return new DeletePreview(summary(id), catalog.forksOf(id), presence(id));
    }

    /**
     * Moves a session to the trash. Durable when it returns; {@link #restore} takes it back.
     *
     * @param id the session
     * @return what is in the trash now
     * @throws HoldfastException NOT_FOUND; CONFLICT if other sessions came from it by fork
     * @throws DrivenByOtherException if somebody drives it
     */
    public Trashed delete(SessionId id) {
        List<SessionId> forks = catalog.forksOf(id);
        if (!forks.isEmpty()) {
            throw new HoldfastException(
                    ErrorCode.CONFLICT,
                    "session " + id + " is the parent of " + forks.size() + " fork(s), the first is " + forks.getFirst()
                            + "; remove those first");
        }
        LogId logId = LogId.of(id);
        try (Lease lease = backend.drive(logId)) {
            java.util.Objects.requireNonNull(lease);
            return backend.trash(logId);
        }
    }

    /**
     * Lists what was removed, newest first.
     *
     * @return what can be restored
     */
    public List<Trashed> trash() {
        return backend.trashed().stream()
                .filter(trashed -> trashed.id().kind() == LogId.Kind.SESSION)
                .toList();
    }

    /**
     * Takes something out of the trash. Durable when it returns.
     *
     * @param trashed what to restore
     * @throws HoldfastException NOT_FOUND, CONFLICT if the id is in use again
     */
    public void restore(Trashed trashed) {
        backend.restore(trashed);
    }

    /**
     * Destroys something in the trash for good.
     *
     * @param trashed what to destroy
     * @throws HoldfastException NOT_FOUND
     */
    public void purge(Trashed trashed) {
        backend.purge(trashed);
    }

    /**
     * Reads everything a session has and says what is wrong.
     *
     * @param id the session
     * @return the report
     * @throws HoldfastException NOT_FOUND
     */
    public VerifyReport verify(SessionId id) {
        return new Verifier(id, backend.open(LogId.of(id))).verify();
    }

    /**
     * Makes a damaged session writable again: a new segment accepts what is intact. No file is changed.
     *
     * @param id the session
     * @return what was found and done
     * @throws HoldfastException NOT_FOUND
     * @throws DrivenByOtherException if somebody drives it
     */
    public RepairReport repair(SessionId id) {
        requireOpen();
        LogId logId = LogId.of(id);
        if (!backend.exists(logId)) {
            throw HoldfastException.notFound("session " + id + " does not exist in " + info().location());
        }
        VerifyReport before = verify(id);
        if (!before.isDamaged()) {
            return new RepairReport(id, before, null);
        }
        try (Lease lease = backend.drive(logId)) {
            java.util.Objects.requireNonNull(lease);
            SessionLog log = logs.acquire(id);
            try {
                return new RepairReport(id, before, log.repair());
            } finally {
                release(log);
            }
        }
    }

    /** Closes all handles that are still open, then the backend. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        RuntimeException first = null;
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
        logs.close();
        backend.close();
        if (first != null) {
            throw first;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new HoldfastException(
                    ErrorCode.CLOSED, "the store in " + info().location() + " was closed; open it again");
        }
    }

    void release(SessionLog log) {
        logs.release(log);
    }

    void forget(Session session) {
        driven.remove(session);
    }

    private SessionId newId() {
        return SessionId.of(
                options.clock().millis(),
                options.random().nextLong(),
                options.random().nextLong());
    }
}
