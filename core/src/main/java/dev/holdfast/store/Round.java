package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Admission;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The appends of one write: which are admitted, and what records they make. Looks at a state without changing it, so
 * that a round can be looked at again when somebody else wrote first.
 */
final class Round {
    private final SessionId id;
    private final Loaded end;
    private final Instant now;
    private final Supplier<RecentIds> recent;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Pending> writing = new ArrayList<>();
    private final Map<String, Pending> idsInRound = new java.util.HashMap<>();
    private final IdentityHashMap<Pending, AppendResult> results = new IdentityHashMap<>();
    private SessionStatus status;
    private boolean force;
    private boolean repeatsUnforced;
    /** The state behind what was admitted so far; made only for events that look at it. */
    private @Nullable Fold trial;

    Round(SessionId id, Loaded end, Instant now, Supplier<RecentIds> recent) {
        this.id = id;
        this.end = end;
        this.now = now;
        this.recent = recent;
        this.status = end.fold().status();
    }

    List<Draft> drafts() {
        return drafts;
    }

    boolean mustForce() {
        return force;
    }

    /** Whether an append repeats one that is recorded but not known to be forced. */
    boolean repeatsUnforced() {
        return repeatsUnforced;
    }

    AppendResult result(Pending pending) {
        return java.util.Objects.requireNonNull(results.get(pending), "every admitted append has a result");
    }

    /** Admits an append to the round; false if it was refused and has been told so. */
    boolean admit(Pending pending) {
        AppendResult known = known(pending);
        if (known != null) {
            results.put(pending, known);
            if (known instanceof AppendResult.Duplicate duplicate && !pending.append.isRelaxed()) {
                Position first = duplicate.first();
                boolean inRound = first.segment() == end.tail().segment()
                        && first.index() >= end.tail().index();
                force |= inRound;
                repeatsUnforced |= !inRound
                        && first.segment() == end.tail().segment()
                        && first.index() + pending.append.entries().size()
                                > end.tail().durable();
            }
            return true;
        }
        SessionStatus after = status;
        try {
            for (Entry entry : pending.append.entries()) {
                after = Admission.admit(end.fold().kind(), after, entry.event());
            }
            admitByState(pending);
        } catch (RuntimeException e) {
            pending.fail(e);
            return false;
        }
        status = after;
        record(pending);
        return true;
    }

    /** Refuses what does not follow from the state, or what the state could not take in. */
    private void admitByState(Pending pending) {
        List<Entry> events = pending.append.entries();
        if (trial == null && events.stream().noneMatch(entry -> Admission.looksAtState(entry.event()))) {
            return;
        }
        Fold fold = trial;
        trial = null;
        if (fold == null) {
            fold = end.fold().copy();
            applyTo(fold);
        }
        long index = end.tail().index() + drafts.size();
        for (Entry entry : events) {
            Admission.admit(fold, entry.event());
            long oddities = fold.oddities();
            fold.apply(entry.event(), SessionLog.time(entry, now), place(index++));
            if (fold.oddities() > oddities && Admission.looksAtState(entry.event())) {
                throw HoldfastException.invalid("the change does not fit session " + id
                        + ": metadata may take 24 KiB, a configuration 64 KiB, its fields must be valid and its phase plan"
                        + " must have the phase that work stands in");
            }
        }
        trial = fold;
    }

    private Position place(long index) {
        return new Position(id, end.tail().segment(), index);
    }

    private @Nullable AppendResult known(Pending pending) {
        String appendId = pending.append.id();
        if (appendId != null) {
            Pending twin = idsInRound.get(appendId);
            RecentIds.Seen seen = recent.get().find(appendId);
            if (twin != null) {
                seen = new RecentIds.Seen(((AppendResult.Appended) result(twin)).first(), String.valueOf(twin.hash), 0);
            }
            if (seen != null) {
                return seen.hash().equals(pending.hash)
                        ? new AppendResult.Duplicate(seen.first())
                        : new AppendResult.Conflict(
                                last(), "id \"" + appendId + "\" was used for other events at " + seen.first());
            }
        }
        Position expected = pending.append.expected();
        if (expected != null && !isLast(expected)) {
            return new AppendResult.Conflict(
                    last(), "expected " + expected + " to be the last record, but it is " + last());
        }
        return null;
    }

    /** A segment's opening is not an event of the session's, so that a roll-over breaks nobody's condition. */
    private boolean isLast(Position expected) {
        if (expected.equals(last())) {
            return true;
        }
        return drafts.isEmpty()
                && end.tail().index() == 1
                && expected.equals(new Position(id, end.tail().segment(), 0));
    }

    private Position last() {
        return drafts.isEmpty()
                ? end.last()
                : new Position(id, end.tail().segment(), end.tail().index() + drafts.size() - 1);
    }

    private void record(Pending pending) {
        long first = end.tail().index() + drafts.size();
        List<Entry> events = pending.append.entries();
        int size = pending.append.isSeparate() ? 1 : events.size();
        for (int k = 0; k < events.size(); k++) {
            Entry entry = events.get(k);
            drafts.add(new Draft(
                    SessionLog.time(entry, now),
                    entry.event().type(),
                    k == 0 ? pending.append.id() : null,
                    pending.encoded.get(k).data(),
                    SessionLog.sourceBytes(entry),
                    size == 1 ? 0 : k,
                    size,
                    SessionLog.ignorable(entry.event())));
            entries.add(entry);
            force |= !pending.append.isRelaxed()
                    || (!pending.append.isSeparate() && SessionLog.neverRelaxed(entry.event()));
        }
        int segment = end.tail().segment();
        results.put(
                pending,
                new AppendResult.Appended(
                        new Position(id, segment, first), new Position(id, segment, first + events.size() - 1)));
        writing.add(pending);
        if (pending.append.id() != null) {
            idsInRound.put(pending.append.id(), pending);
        }
    }

    void applyTo(Fold fold) {
        long index = end.tail().index();
        for (Entry entry : entries) {
            fold.apply(entry.event(), SessionLog.time(entry, now), place(index++));
        }
    }

    void applyTo(RecentIds ids) {
        for (Pending pending : writing) {
            int events = pending.append.entries().size();
            String appendId = pending.append.id();
            if (appendId != null && pending.hash != null) {
                ids.add(appendId, ((AppendResult.Appended) result(pending)).first(), pending.hash, events);
            } else {
                ids.count(events);
            }
        }
    }
}
