package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.file.FileBackend;
import dev.holdfast.file.Hosts;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.StoreInfo;
import dev.holdfast.spi.Trashed;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store of sessions: creates, drives, reads, lists, removes and checks them.
 *
 * <p>Thread-safe. Several processes, and several stores in one process, may use one directory at the same time.
 */
public final class SessionStore implements AutoCloseable {
    private final Backend backend;
    private final StoreOptions options;
    private final Drivers drivers;
    private final Forks forks;
    private final Removal removal;
    private final OpenLogs logs;
    private final Catalog catalog;
    private volatile boolean closed;

    private SessionStore(Backend backend, StoreOptions options) {
        this.backend = backend;
        this.options = options;
        this.catalog = new Catalog(backend);
        SegmentOpened.Writer writer = new SegmentOpened.Writer(
                options.program(),
                options.version(),
                Hosts.name(),
                ProcessHandle.current().pid());
        this.forks = new Forks(backend, options.clock());
        this.removal = new Removal(backend, catalog);
        this.logs = new OpenLogs(backend, options.clock(), writer);
        this.drivers = new Drivers(this, backend, logs, new Beginnings(backend, options.clock(), writer));
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
        return create(id, Forks.Start.fresh(config, origin));
    }

    private Session create(SessionId id, Forks.Start start) {
        requireOpen();
        return drivers.create(id, start);
    }

    /**
     * Makes a new session that goes on from a record of another one, and drives it. Refers to it; copies nothing. Where
     * work stood there and the checkpoints so far are the new session's too; what the other one cost is not. Durable when
     * it returns, the parent up to that record before it.
     *
     * @param at the last record of the parent that is history of the new session
     * @param title the new session's title, or null for the parent's; so is the rest of its configuration at that record
     * @return the new session, driven by the caller
     * @throws HoldfastException NOT_FOUND if there is no such record
     */
    public Session fork(Position at, @Nullable String title) {
        return fork(at, (SessionConfig parent) -> title == null ? parent : parent.title(title), "");
    }

    /**
     * Makes a new session that goes on from a record of another one, with a configuration of its own.
     *
     * @param at the last record of the parent that is history of the new session
     * @param config what the new session is created with
     * @return the new session, driven by the caller
     * @throws HoldfastException NOT_FOUND if there is no such record
     */
    public Session fork(Position at, SessionConfig config) {
        return fork(at, parent -> config, "");
    }

    private Session fork(Position at, UnaryOperator<SessionConfig> config, String relation) {
        requireOpen();
        logs.force(at.session());
        return forks.fork(at, config, relation, start -> create(newId(), start));
    }

    /**
     * Makes a new attempt at a finished session: a fork from its last intact checkpoint that is resumable, or, if there is
     * none, from before its end.
     *
     * @param id the finished session; it stays as it is
     * @return the new session, driven by the caller
     * @throws HoldfastException NOT_FOUND; CONFLICT if it is not finished
     */
    public Session retry(SessionId id) {
        requireExists(id);
        return fork(forks.retryPoint(id), parent -> parent, "retry");
    }

    /**
     * Draws the tree of sessions that came from each other around one. Reads every session's state once.
     *
     * @param id the session
     * @return the tree, from the oldest ancestor that is in the store
     * @throws HoldfastException NOT_FOUND
     */
    public LineageNode lineage(SessionId id) {
        return new LineageTree(backend, catalog).around(summary(id));
    }

    /**
     * Lists the sessions that are running but whose driver died, newest update first.
     *
     * @return the sessions; drive one to go on, see {@link SessionView#unfinished}
     */
    public List<SessionSummary> interrupted() {
        return list(SessionFilter.ALL.statuses(Set.of(SessionStatus.RUNNING))).sessions().stream()
                .filter(SessionSummary::interrupted)
                .toList();
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
        requireExists(id);
        return drivers.drive(id);
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
        requireExists(id);
        return new SessionView(id, backend.open(logId), backend);
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
        requireExists(id);
        SessionLog log = logs.acquire(id);
        try {
            return switch (log.append(Append.of(annotations))) {
                case AppendResult.Appended appended -> appended.last();
                case AppendResult.Duplicate duplicate -> duplicate.first();
                case AppendResult.Conflict conflict ->
                    throw new IllegalStateException("an append without a condition cannot conflict: " + conflict);
            };
        } finally {
            logs.release(log);
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
        return new DeletePreview(summary(id), removal.dependents(id), presence(id));
    }

    /**
     * Moves a session to the trash. Durable when it returns; {@link Trash#restore} takes it back.
     *
     * @param id the session
     * @return what is in the trash now
     * @throws HoldfastException NOT_FOUND; CONFLICT if other sessions came from it by fork
     * @throws DrivenByOtherException if somebody drives it
     */
    public Trashed delete(SessionId id) {
        requireExists(id);
        return removal.remove(id, false);
    }

    /**
     * Makes the forks of a session whole, see {@link #materialize}, then moves it to the trash.
     *
     * @param id the session
     * @return what is in the trash now
     * @throws HoldfastException NOT_FOUND; CONFLICT if it is forked again meanwhile
     * @throws DrivenByOtherException if somebody drives it
     */
    public Trashed deleteMaterializing(SessionId id) {
        requireExists(id);
        return removal.remove(id, true);
    }

    /**
     * Gives a fork copies of the records it reads of the sessions it came from, so that it needs them no more. Durable when
     * it returns.
     *
     * @param id the fork; nothing happens if it came from no other session
     * @throws HoldfastException NOT_FOUND; DAMAGED if an ancestor is not whole
     */
    public void materialize(SessionId id) {
        requireExists(id);
        removal.materialize(id);
    }

    /**
     * Returns what was removed.
     *
     * @return the trash
     */
    public Trash trash() {
        return new Trash(backend);
    }

    /**
     * Reads everything a session has and says what is wrong.
     *
     * @param id the session
     * @return the report
     * @throws HoldfastException NOT_FOUND
     */
    public VerifyReport verify(SessionId id) {
        return new Verifier(id, backend).verifyWithAncestors();
    }

    /**
     * Looks at what lies between the sessions.
     *
     * @return what belongs to no session; files are named relative to the store
     */
    public List<Fault> strays() {
        return backend.strays();
    }

    /**
     * Makes a damaged session writable again: copies what is damaged aside, then opens a segment that accepts what is
     * intact. No segment is changed. Durable when it returns; if it fails, it can be run again.
     *
     * @param id the session
     * @return what was found and done
     * @throws HoldfastException NOT_FOUND; DAMAGED if not even a segment's file is left
     * @throws DrivenByOtherException if somebody drives it
     */
    public RepairReport repair(SessionId id) {
        requireOpen();
        return new Repair(id, backend, logs).run();
    }

    /** Closes all handles that are still open, then the backend. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        try {
            drivers.close();
        } finally {
            logs.close();
            backend.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new HoldfastException(
                    ErrorCode.CLOSED, "the store in " + info().location() + " was closed; open it again");
        }
    }

    private void requireExists(SessionId id) {
        if (!backend.exists(LogId.of(id))) {
            throw HoldfastException.notFound("session " + id + " does not exist in " + info().location());
        }
    }

    Backend backend() {
        return backend;
    }

    Lineage lineageOf(SessionId id) {
        return new Lineage(backend, id, backend.open(LogId.of(id)));
    }

    Instant now() {
        return options.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    SessionId newId() {
        return SessionId.of(
                options.clock().millis(),
                options.random().nextLong(),
                options.random().nextLong());
    }
}
