package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Tail;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes sessions out of one store into another, under their ids and with their records as they are. At every point,
 * whatever fails, the receiving store holds nothing of a session or all of it; one that is extended holds more and more of
 * it. Doing it again goes on. Not thread-safe, but sessions may be used meanwhile.
 */
public final class Transfer {
    private static final int ATTEMPTS = 10;

    private final SessionStore from;
    private final SessionStore to;

    /**
     * Prepares a transfer.
     *
     * @param from where sessions come from: a store of the caller's own for the journey, since forks are prepared in it
     * @param to where they go
     */
    public Transfer(SessionStore from, SessionStore to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Takes a session over. What it reads of its ancestors goes along and is kept inside it, unless its parent is there.
     * Durable when it returns.
     *
     * @param id the session
     * @return what became of it
     * @throws HoldfastException NOT_FOUND; DRIVEN_BY_OTHER if it would have to be extended while somebody drives it;
     *     DAMAGED if the one that is there is damaged
     */
    public ImportResult bring(SessionId id) {
        if (!to.exists(id)) {
            try {
                return adopt(id);
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.CONFLICT || !to.exists(id)) {
                    throw e;
                }
                // Somebody else brought it at the same time.
            }
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Common common = common(id);
            LogRecord next = common.next();
            if (next == null) {
                keepAncestors(id);
                return new ImportResult.Unchanged(id);
            }
            LogRecord last = common.last();
            if (last == null || !common.isAllThere() || !fits(id, last, next)) {
                return fork(id, last, next);
            }
            long appended = extend(id, last, next);
            if (appended > 0) {
                return new ImportResult.Extended(id, appended);
            }
            // Somebody appended meanwhile.
        }
        throw new HoldfastException(
                ErrorCode.BUSY, "session " + id + " is being appended to again and again; import it later");
    }

    /**
     * How far two logs of one session are the same.
     *
     * @param last the last record of the receiving store that both have, or null
     * @param next the first record that only comes, or null if there is none
     * @param isAllThere whether the receiving store has nothing but what both have
     */
    private record Common(
            @Nullable LogRecord last, @Nullable LogRecord next, boolean isAllThere) {}

    private Common common(SessionId id) {
        try (RecordReader here = to.read(id).records();
                RecordReader there = from.read(id).records()) {
            LogRecord last = null;
            LogRecord mine = here.next();
            LogRecord theirs = there.next();
            LogRecord beginning = theirs;
            while (mine != null && theirs != null && isSame(mine, theirs)) {
                if (mine.batchOrdinal() == mine.batchSize() - 1) {
                    last = mine;
                    beginning = null;
                }
                mine = here.next();
                theirs = there.next();
                // What differs in the middle of an append differs from its first event on.
                beginning = beginning == null ? theirs : beginning;
            }
            boolean isAllThere = mine == null;
            while (mine != null) {
                mine = here.next();
            }
            List<Fault> damage = here.faults().stream().filter(Fault::damage).toList();
            if (theirs != null && !damage.isEmpty()) {
                throw new DamagedException(id, damage);
            }
            return new Common(last, theirs == null ? null : beginning, isAllThere);
        }
    }

    /** The same event at the same place. How much had been forced when it was written makes no difference. */
    private static boolean isSame(LogRecord a, LogRecord b) {
        if (a.segment() != b.segment() || a.index() != b.index()) {
            return false;
        }
        byte[] line = a.line();
        if (Arrays.equals(line, b.line())) {
            return true;
        }
        Draft mine = a.toDraft();
        Draft theirs = b.toDraft();
        return mine.at().equals(theirs.at())
                && mine.type().equals(theirs.type())
                && Objects.equals(mine.id(), theirs.id())
                && mine.batchOrdinal() == theirs.batchOrdinal()
                && mine.batchSize() == theirs.batchSize()
                && mine.ignorable() == theirs.ignorable()
                && Arrays.equals(mine.data(), theirs.data())
                && Arrays.equals(mine.source(), theirs.source());
    }

    private ImportResult adopt(SessionId id) {
        // Whoever removes the parent waits, and then finds the fork.
        try (Log log = from.backend().open(LogId.of(id));
                Lease pin = pinnedParent(id)) {
            Copies copy = Copies.whole(from.backend(), id, log);
            LogCopy content = pin == null ? copy : copy.alone();
            to.backend().adopt(LogId.of(id), content);
            return new ImportResult.Adopted(id, count(id), content.ancestors().size());
        }
    }

    private long count(SessionId id) {
        long records = 0;
        try (RecordReader reader = from.read(id).records()) {
            while (reader.next() != null) {
                records++;
            }
        }
        return records;
    }

    /** Pins the parent if it is there, with the record that is gone on from and all that is read before it. */
    private @Nullable Lease pinnedParent(SessionId id) {
        if (!(from.read(id).state().origin() instanceof Origin.Forked forked)) {
            return null;
        }
        Position at = Position.parse(forked.position());
        Backend backend = to.backend();
        LogId parent = LogId.of(at.session());
        if (!backend.exists(parent)) {
            return null;
        }
        Lease pin = backend.pin(parent);
        boolean keep = false;
        try (Log log = backend.open(parent)) {
            LogRecord record = Lineage.find(log, at);
            Lineage lineage = new Lineage(backend, at.session(), log);
            keep = record != null
                    && String.format("%08x", record.crc()).equals(forked.crc())
                    && lineage.find(at) != null
                    && lineage.faults().stream().noneMatch(Fault::damage);
            return keep ? pin : null;
        } finally {
            if (!keep) {
                pin.close();
            }
        }
    }

    /** A session that came without its ancestors, as a copied directory does, gets them. */
    private void keepAncestors(SessionId id) {
        Predicate<Fault> lost = fault -> fault.kind() == Fault.Kind.MISSING_ANCESTOR;
        try (RecordReader here = to.read(id).history().reader();
                Log log = to.backend().open(LogId.of(id))) {
            if (here.faults().stream().anyMatch(lost)) {
                from.read(id).copy().ancestors().forEach(log::keepAncestor);
            }
        }
    }

    /** Whether the rest can stand where it stood: each new segment gets the number it has. */
    private boolean fits(SessionId id, LogRecord last, LogRecord next) {
        try (Log here = to.backend().open(LogId.of(id));
                Log there = from.backend().open(LogId.of(id))) {
            int number = last.segment();
            if (here.segments().getLast() != number
                    || Loaded.loadFromHead(id, here).tail().blocked()) {
                return false;
            }
            for (Chain.Link link : new Chain(id, there).links()) {
                if (link.segment() > last.segment()) {
                    number++;
                    if (link.segment() != number) {
                        return false;
                    }
                }
            }
            return next.segment() == last.segment() || next.index() == 0;
        }
    }

    /** Appends the rest as it is; returns how many records, 0 if somebody else appended first. */
    private long extend(SessionId id, LogRecord last, LogRecord next) {
        LogId logId = LogId.of(id);
        try (Lease lease = to.backend().drive(logId);
                Log log = to.backend().open(logId);
                RecordReader rest = from.read(id).records(next.position())) {
            Objects.requireNonNull(lease);
            Loaded end = Loaded.loadFromHead(id, log);
            Tail tail = end.tail();
            if (tail.blocked() || tail.segment() != last.segment() || tail.index() != last.index() + 1) {
                return 0;
            }
            return new Continuation(id, log, log.force(tail)).append(rest);
        }
    }

    private ImportResult fork(SessionId id, @Nullable LogRecord last, LogRecord next) {
        SessionId fork;
        try (Log there = from.backend().open(LogId.of(id))) {
            Branch branch = new Branch(there, last, next);
            fork = branch.id();
            if (!from.exists(fork)) {
                from.backend().adopt(LogId.of(fork), branch);
            }
        }
        return switch (bring(fork)) {
            case ImportResult.Adopted adopted ->
                new ImportResult.Forked(fork, id, last == null ? null : last.position(), adopted.records());
            case ImportResult.Unchanged unchanged -> unchanged;
            case ImportResult.Extended extended -> extended;
            case ImportResult.Forked again -> again;
        };
    }

    /** Loads the payloads that records refer to; one that is lost stays lost. */
    static List<EncodedEvent.Payload> payloads(LogRecord record, dev.holdfast.event.BlobSource blobs) {
        return Copies.references(record.line()).stream()
                .map(ref -> payload(ref, blobs))
                .filter(Objects::nonNull)
                .toList();
    }

    private static EncodedEvent.@Nullable Payload payload(BlobRef ref, dev.holdfast.event.BlobSource blobs) {
        try {
            return new EncodedEvent.Payload(ref, blobs.load(ref));
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.DAMAGED) {
                return null;
            }
            throw e;
        }
    }
}
