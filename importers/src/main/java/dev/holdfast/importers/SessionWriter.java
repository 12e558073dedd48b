package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one source session: skips what the store holds, appends the rest in batches, and goes on in a fork where
 * somebody went on here. Drives the session only while there is something to write. Not thread-safe.
 */
final class SessionWriter {
    private static final int MAX_ENTRIES = 512;
    private static final long MAX_BYTES = 1024 * 1024;

    private final SessionStore store;
    private final SourceSession source;
    private final SessionId sourceSession;
    private final List<Entry> pending = new ArrayList<>();
    private final List<String> pendingIds = new ArrayList<>();
    private final UsageLedger usages = new UsageLedger();
    private final Stored stored = new Stored(usages);
    private final boolean created;
    private long pendingBytes;
    private long unwritten;
    private long written;
    private SessionId id;
    private @Nullable Session session;
    private @Nullable Position last;
    private @Nullable SessionId continuedIn;
    private String reason = "";

    SessionWriter(SessionStore store, SourceSession source) {
        this.store = store;
        this.source = source;
        this.sourceSession = source.id();
        this.id = sourceSession;
        this.created = !store.exists(id);
        if (created) {
            Session made = store.create(source.config(), id, source.origin());
            last = begin(made);
            session = made;
        } else {
            stored.read(store, id);
            last = stored.last();
            followForks();
        }
    }

    SourceSession source() {
        return source;
    }

    /** Returns the id that the source session has in every store; where it goes on in a fork, that has another one. */
    SessionId sourceSession() {
        return sourceSession;
    }

    boolean isDriving() {
        return session != null;
    }

    /** Appends an event unless the store has it; false if it has. */
    boolean add(String identity, int ordinal, Entry entry, long bytes) {
        long key = Stored.key(identity, ordinal);
        if (stored.has(key) || (entry.event() instanceof UsageRecorded usage && usages.isCounted(usage))) {
            return false;
        }
        driven();
        Event event = entry.event() instanceof UsageRecorded usage ? usages.missing(usage) : entry.event();
        stored.add(key);
        pending.add(new Entry(event, entry.at(), entry.source()));
        pendingIds.add(ordinal == 0 ? identity : "");
        pendingBytes += bytes;
        written++;
        if (pending.size() >= MAX_ENTRIES || pendingBytes >= MAX_BYTES) {
            flush();
        }
        return true;
    }

    /** Starts the view again, unless that was done before the record's first event was stored. */
    void compact(String identity, String summary, List<String> keptIds) {
        if (!stored.has(Stored.key(identity, 0)) && !stored.takeCompacted()) {
            Session driven = driven();
            flush();
            List<Position> kept = keptIds.stream()
                    .map(stored::positionOf)
                    .filter(Objects::nonNull)
                    .filter(position -> position.session().equals(id))
                    .toList();
            driven.compact(summary, kept);
        }
    }

    UsageLedger usages() {
        return usages;
    }

    void noteRecord() {
        unwritten++;
    }

    /** Returns how many records may not be written yet. */
    long unwritten() {
        return unwritten;
    }

    void flush() {
        if (!pending.isEmpty()) {
            AppendResult result =
                    driven().append(Append.entries(pending).separate().relaxed());
            if (result instanceof AppendResult.Appended appended) {
                stored.appended(pendingIds, appended.first());
            }
            pending.clear();
            pendingIds.clear();
            pendingBytes = 0;
        }
        unwritten = 0;
    }

    /** Writes what waits, makes it durable and stops driving; going on later is possible. */
    void park() {
        Session driven = session;
        if (driven != null) {
            flush();
            last = driven.last();
            session = null;
            driven.close();
        }
    }

    /** Like {@link #park}, and remembers the file, without driving its session a second time. */
    void park(FileMark mark, long records) {
        Session driven = session;
        if (driven == null || !driven.id().equals(id)) {
            park();
            mark.leaveIn(store, id, records);
        } else {
            flush();
            mark.leaveIn(driven, records);
            park();
        }
    }

    /** Stops driving without writing what waits, after something else failed. */
    void abandon() {
        Session driven = session;
        session = null;
        pending.clear();
        pendingIds.clear();
        if (driven != null) {
            try {
                driven.close();
            } catch (HoldfastException e) {
                // what failed first is what the caller hears of
            }
        }
    }

    ImportedSession report() {
        return new ImportedSession(
                source.sourceId(),
                source.id(),
                source.parent(),
                source.relation(),
                created,
                written,
                continuedIn,
                reason,
                usages.sum());
    }

    /** The session to append to; decides at the last moment whether it must be a fork. */
    private Session driven() {
        Session open = session;
        if (open != null) {
            return open;
        }
        if (mustFork()) {
            return fork();
        }
        Session opened = store.drive(id);
        session = opened;
        if (!opened.last().equals(last)) {
            stored.read(store, id);
            last = stored.last();
            if (mustFork()) {
                session = null;
                opened.close();
                return fork();
            }
        }
        SessionState state = opened.state();
        usages.driving(state.recentResponses());
        if (state.status() == SessionStatus.CREATED) {
            begin(opened);
        }
        return opened;
    }

    /** An imported session never looks as if it were at work. */
    private static Position begin(Session session) {
        try {
            return session.append(new Lifecycle.Started(), new Lifecycle.Paused("imported"));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private boolean mustFork() {
        if (continuedIn == null && created) {
            return false;
        }
        return stored.hasOwnRecords() || store.read(id).state().status().isFinal();
    }

    /** The fork is durable before the note that refers to it. */
    private Session fork() {
        SessionState state = store.read(id).state();
        Position at = stored.lastImported();
        reason = stored.hasOwnRecords()
                ? "somebody appended to session " + id + " after the last import"
                : "session " + id + " is " + state.status().wireName();
        Position from = at == null ? new Position(id, 1, 0) : at;
        Session fork = store.fork(from, source.config().title(state.title()));
        begin(fork);
        session = fork;
        store.annotate(id, Stored.continued(fork.id()));
        usages.driving(List.of());
        id = fork.id();
        continuedIn = id;
        stored.read(store, id);
        return fork;
    }

    private void followForks() {
        SessionId next = stored.continuedIn();
        while (next != null && store.exists(next)) {
            id = next;
            continuedIn = next;
            reason = "an earlier import went on in a fork";
            stored.read(store, id);
            last = stored.last();
            next = stored.continuedIn();
        }
    }
}
