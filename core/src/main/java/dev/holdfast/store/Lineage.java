package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's records stand: in its own segments and, if it came from another session, in those of its ancestors.
 * History is referenced, never copied; a view is a way through it. Looks once, when it is asked. Not thread-safe.
 */
final class Lineage {
    private final Backend backend;
    private final SessionId id;
    private final Map<SessionId, Log> logs = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    Lineage(Backend backend, SessionId id, Log log) {
        this.backend = backend;
        this.id = id;
        logs.put(id, log);
    }

    /** What was found wrong on the way, ancestors that are not there among it. */
    List<Fault> faults() {
        return faults;
    }

    /** Payloads of all records of the lineage that were come upon so far. */
    BlobSource blobs() {
        List<Log> sources = List.copyOf(logs.values());
        return ref -> load(sources, ref);
    }

    private static byte[] load(List<Log> sources, BlobRef ref) {
        HoldfastException first = null;
        for (Log source : sources) {
            try {
                return source.load(ref);
            } catch (HoldfastException e) {
                // Content-addressed: another session of the lineage may hold the same payload intact.
                first = first == null || first.code() == ErrorCode.NOT_FOUND ? e : first;
            }
        }
        throw Objects.requireNonNull(first, "a lineage has at least one log");
    }

    /** Everything that happened, the oldest ancestor first; what was compacted away or rewound from included. */
    List<Piece> history() {
        List<List<Piece>> generations = new ArrayList<>();
        Set<SessionId> seen = new HashSet<>();
        SessionId session = id;
        Log log = Objects.requireNonNull(logs.get(id));
        Position last = null;
        while (log != null && seen.add(session)) {
            Chain chain = last == null ? new Chain(session, log) : Chain.upTo(log, last);
            List<Chain.Link> links = chain.links();
            faults.addAll(chain.faults());
            List<Piece> own = new ArrayList<>();
            for (Chain.Link link : links) {
                own.add(new Piece(log, session, link.segment(), 0, link.records(), link.durable()));
            }
            generations.add(own);
            if (!(links.getFirst().origin() instanceof Origin.Forked forked)) {
                break;
            }
            last = Position.parse(forked.position());
            log = parent(last, forked.crc());
            session = last.session();
        }
        return generations.reversed().stream().flatMap(List::stream).toList();
    }

    /** What a model would be shown: from the last compaction on, past what was rewound. */
    List<Piece> view() {
        return walk(true);
    }

    /** The way through the history that leads here, compactions passed through. */
    List<Piece> path() {
        return walk(false);
    }

    private List<Piece> walk(boolean stopAtCompaction) {
        ArrayDeque<Piece> pieces = new ArrayDeque<>();
        Log own = Objects.requireNonNull(logs.get(id));
        Head head = own.head();
        faults.addAll(head.faults());
        int segment = head.start().segment();
        Piece piece = new Piece(
                own, id, segment, 0, Long.MAX_VALUE, SavedState.forced(SavedState.of(id, own.derived()), segment));
        Set<SessionId> left = new HashSet<>();
        while (piece != null) {
            SegmentOpened opened = opening(piece);
            if (stopAtCompaction && opened != null && opened.origin() instanceof Origin.Compacted compacted) {
                pieces.addFirst(piece.from(1));
                compacted.kept().reversed().forEach(kept -> addKept(kept, pieces));
                pieces.addFirst(piece.to(1));
                break;
            }
            pieces.addFirst(piece);
            Piece before = opened == null ? null : before(piece, opened);
            boolean sameSession = before != null && before.session().equals(piece.session());
            if (before != null && (sameSession ? before.segment() >= piece.segment() : !left.add(piece.session()))) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED,
                        piece.session() + ": segment " + piece.segment() + " refers to " + before.session() + "/"
                                + before.segment() + ", which is not before it");
            }
            piece = before;
        }
        return List.copyOf(pieces);
    }

    private @Nullable Piece before(Piece piece, SegmentOpened opened) {
        return switch (opened.origin()) {
            case Origin.Forked forked -> {
                Position at = Position.parse(forked.position());
                yield upTo(at, parent(at, forked.crc()));
            }
            case Origin.Rewound rewound -> upTo(Position.parse(rewound.position()));
            case Origin.Restored restored -> upTo(Position.parse(restored.position()));
            case Origin.Fresh fresh -> previous(piece, opened);
            case Origin.RolledOver rolled -> previous(piece, opened);
            case Origin.Recovered recovered -> previous(piece, opened);
            case Origin.Compacted compacted -> previous(piece, opened);
            case Origin.Imported imported -> previous(piece, opened);
            case Origin.Other other -> previous(piece, opened);
        };
    }

    private static @Nullable Piece previous(Piece piece, SegmentOpened opened) {
        SegmentOpened.Previous previous = opened.previous();
        return previous == null
                ? null
                : new Piece(
                        piece.log(), piece.session(), previous.segment(), 0, previous.records(), previous.durable());
    }

    private @Nullable Piece upTo(Position at) {
        return upTo(at, logOf(at.session()));
    }

    private static @Nullable Piece upTo(Position at, @Nullable Log log) {
        // What is referred to was durable before the reference.
        return log == null ? null : new Piece(log, at.session(), at.segment(), 0, at.index() + 1, at.index() + 1);
    }

    private void addKept(String kept, ArrayDeque<Piece> pieces) {
        Position at = Position.parse(kept);
        Log log = logOf(at.session());
        if (log != null) {
            pieces.addFirst(new Piece(log, at.session(), at.segment(), at.index(), at.index() + 1, at.index() + 1));
        }
    }

    private @Nullable SegmentOpened opening(Piece piece) {
        try (RecordSource source = piece.log().read(piece.segment(), 0, 0, piece.durable())) {
            LogRecord first = source.next();
            return first != null && first.index() == 0 ? Loaded.opened(piece.log(), first) : null;
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return null;
        }
    }

    /** Finds the log a session came from and checks that the record it refers to is still the same. */
    private @Nullable Log parent(Position at, String crc) {
        Log log = logOf(at.session());
        if (log == null) {
            return null;
        }
        LogRecord record = find(log, at);
        if (record == null || !String.format("%08x", record.crc()).equals(crc)) {
            faults.add(new Fault(
                    at.toString(),
                    record == null ? 0 : record.offset(),
                    Fault.Kind.WRONG_ANCESTOR,
                    true,
                    record == null
                            ? "the record this session goes on from is not there"
                            : "the record this session goes on from has another checksum than " + crc));
        }
        return log;
    }

    private @Nullable Log logOf(SessionId session) {
        Log known = logs.get(session);
        if (known != null) {
            return known;
        }
        Log found = open(session);
        if (found == null) {
            faults.add(new Fault(
                    session.value(),
                    0,
                    Fault.Kind.MISSING_ANCESTOR,
                    true,
                    "the session this one goes on from is not in the store; its own records are whole"));
            return null;
        }
        logs.put(session, found);
        return found;
    }

    /** A copy that a descendant keeps comes first: the store's log of that id may have gone another way since. */
    private @Nullable Log open(SessionId session) {
        LogId logId = LogId.of(session);
        for (Log descendant : logs.values()) {
            Log kept = descendant.ancestor(logId);
            if (kept != null) {
                return kept;
            }
        }
        return backend.exists(logId) ? backend.open(logId) : null;
    }

    static @Nullable LogRecord find(Log log, Position at) {
        try (RecordSource source = log.read(at.segment(), at.index(), -1, 0)) {
            LogRecord found = source.next();
            return found != null && found.index() == at.index() ? found : null;
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return null;
        }
    }

    /** Returns a record of the lineage, or null if there is none at that position or it is debris. */
    @Nullable
    LogRecord find(Position at) {
        Log log = logs.get(at.session());
        return history().stream().anyMatch(piece -> piece.holds(at))
                ? find(log == null ? Objects.requireNonNull(logs.get(at.session())) : log, at)
                : null;
    }

    /** Reads a record that is known to be one of the lineage's, or returns null if it is not there any more. */
    @Nullable
    LogRecord read(Position at) {
        Log log = logOf(at.session());
        return log == null ? null : find(log, at);
    }

    /** The state behind a record of the lineage, which is there. */
    SessionState stateAt(Position at) {
        return stateAt(Objects.requireNonNull(logOf(at.session())), at);
    }

    static SessionState stateAt(Log log, Position at) {
        try (RecordSource source = log.read(at.segment(), 0, 0, at.index() + 1)) {
            LogRecord record = source.next();
            if (record == null || record.index() != 0) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED, at.session() + ": segment " + at.segment() + " lost its first record");
            }
            Fold fold = Fold.of(Loaded.opened(log, record), record.at());
            while (record != null && record.index() < at.index()) {
                record = source.next();
                if (record != null && record.index() <= at.index()) {
                    fold.apply(record, log);
                }
            }
            return fold.toState();
        }
    }
}
