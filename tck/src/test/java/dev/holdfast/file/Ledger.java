package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was tried and what was acknowledged, to be held against what a store says it has. */
final class Ledger {
    /** One append. */
    static final class Attempt {
        final List<Event> events;
        /** Where it was acknowledged to be, or null. */
        Position first;
        /** Whether it was acknowledged as durable, not only as written. */
        boolean durable;
        /** Whether a power cut took it, as it may where it was not durable. */
        private boolean lost;

        private Attempt(List<Event> events) {
            this.events = events;
        }

        @Override
        public String toString() {
            return (first == null ? "unacknowledged " : durable ? "durable " : "relaxed ") + events.size() + " x "
                    + events.getFirst() + " at " + first;
        }
    }

    /** Where a session that was created must be. */
    enum Place {
        STORE,
        TRASH,
        /** It was on its way. */
        EITHER
    }

    /** What was tried on one session. */
    static final class History {
        final List<Attempt> attempts = new ArrayList<>();
        boolean created;
        Place place = Place.STORE;
    }

    private final Map<SessionId, History> sessions = new LinkedHashMap<>();

    Map<SessionId, History> sessions() {
        return sessions;
    }

    /** A ledger of its own with the same entries, for one of several fates. */
    Ledger copy() {
        Ledger copy = new Ledger();
        sessions.forEach((id, history) -> {
            History copied = copy.of(id);
            copied.created = history.created;
            copied.place = history.place;
            for (Attempt attempt : history.attempts) {
                Attempt same = new Attempt(attempt.events);
                same.first = attempt.first;
                same.durable = attempt.durable;
                copied.attempts.add(same);
            }
        });
        return copy;
    }

    History of(SessionId id) {
        return sessions.computeIfAbsent(id, key -> new History());
    }

    /** Makes an append and notes what became of it; what it throws goes on to the caller. */
    AppendResult append(
            SessionId id, boolean relaxed, Append append, List<Event> events, Function<Append, AppendResult> by) {
        Attempt attempt = new Attempt(events);
        History history = of(id);
        history.attempts.add(attempt);
        AppendResult result = by.apply(append);
        switch (result) {
            case AppendResult.Appended appended -> {
                attempt.first = appended.first();
                attempt.durable = !relaxed;
                if (!relaxed) {
                    forced(id);
                }
            }
            case AppendResult.Duplicate duplicate -> {
                history.attempts.remove(attempt);
                // A duplicate is acknowledged as an append is: what it repeats is durable.
                history.attempts.stream()
                        .filter(known -> known.events.equals(events))
                        .forEach(known -> {
                            known.first = duplicate.first();
                            known.durable = true;
                        });
            }
            case AppendResult.Conflict conflict -> history.attempts.remove(attempt);
        }
        return result;
    }

    AppendResult append(Session session, Event... events) {
        return append(session.id(), false, Append.of(events), List.of(events), session::append);
    }

    void annotate(SessionStore store, SessionId id, Annotation... annotations) {
        append(id, false, Append.of(annotations), List.of(annotations), append -> {
            Position last = store.annotate(id, annotations);
            Position first = new Position(id, last.segment(), last.index() - annotations.length + 1);
            return new AppendResult.Appended(first, last);
        });
    }

    /** Everything acknowledged so far is durable. */
    void forced(SessionId id) {
        of(id).attempts.forEach(attempt -> attempt.durable |= attempt.first != null);
    }

    /** What was acknowledged before its force may be there or not from now on. */
    void mayLoseRelaxed() {
        sessions.values().stream()
                .flatMap(history -> history.attempts.stream())
                .filter(attempt -> !attempt.durable)
                .forEach(attempt -> attempt.first = null);
    }

    /** Checks every session of a store. */
    void check(SessionStore store, boolean powerWasCut) {
        sessions.forEach((id, history) -> {
            boolean there = store.exists(id);
            if (history.created) {
                assertThat(there && history.place == Place.TRASH)
                        .as("%s came back from the trash", id)
                        .isFalse();
                assertThat(!there && history.place == Place.STORE)
                        .as("session %s was acknowledged and is gone", id)
                        .isFalse();
            }
            if (!there) {
                List<Trashed> trashed = store.trash().list().stream()
                        .filter(each -> each.id().name().equals(id.value()))
                        .toList();
                assertThat(trashed.isEmpty() && history.created)
                        .as("%s is lost", id)
                        .isFalse();
                if (trashed.isEmpty()) {
                    return;
                }
                store.trash().restore(trashed.getFirst());
                history.place = Place.STORE;
            }
            check(store, id, history, powerWasCut);
        });
    }

    private static void check(SessionStore store, SessionId id, History history, boolean powerWasCut) {
        List<LogRecord> records = new ArrayList<>();
        SessionView view = store.read(id);
        SessionState folded;
        try (RecordReader reader = view.records()) {
            Fold fold = null;
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.event(reader.blobs()) instanceof SegmentOpened opened) {
                    fold = fold == null ? Fold.of(opened, record.at()) : fold;
                } else {
                    records.add(record);
                    fold.apply(record);
                }
            }
            assertThat(fold).as("a first record of %s", id).isNotNull();
            folded = fold.toState();
            match(records, history, powerWasCut, reader);
            if (powerWasCut) {
                history.attempts.removeIf(attempt -> attempt.lost);
            }
        }
        assertThat(store.verify(id).isDamaged())
                .as("%s is damaged: %s", id, store.verify(id).faults())
                .isFalse();
        assertThat(view.state())
                .as("state as loaded and state folded from scratch")
                .isEqualTo(folded);
        assertThat(view.last())
                .as("last record")
                .isEqualTo(records.isEmpty() ? view.last() : records.getLast().position());
    }

    /** Every record belongs to an attempt; attempts come in order, once, whole; none that was acknowledged is missing. */
    private static void match(List<LogRecord> records, History history, boolean powerWasCut, RecordReader reader) {
        int at = 0;
        Attempt missing = null;
        for (int k = 0; k < records.size(); ) {
            Event event = records.get(k).event(reader.blobs());
            while (at < history.attempts.size()
                    && !history.attempts.get(at).events.getFirst().equals(event)) {
                missing = skipped(history.attempts.get(at++), missing, powerWasCut);
            }
            assertThat(at)
                    .as("record %s %s was never appended there", records.get(k), event)
                    .isLessThan(history.attempts.size());
            Attempt attempt = history.attempts.get(at++);
            if (attempt.first != null) {
                assertThat(records.get(k).position()).as("%s", attempt).isEqualTo(attempt.first);
            }
            assertThat(missing)
                    .as("acknowledged and lost, though %s behind it is there", records.get(k))
                    .isNull();
            for (Event expected : attempt.events) {
                assertThat(k).as("%s is there only in part", attempt).isLessThan(records.size());
                assertThat(records.get(k++).event(reader.blobs())).isEqualTo(expected);
            }
        }
        while (at < history.attempts.size()) {
            missing = skipped(history.attempts.get(at++), missing, powerWasCut);
        }
    }

    private static Attempt skipped(Attempt attempt, Attempt missing, boolean powerWasCut) {
        if (attempt.first == null) {
            return missing;
        }
        assertThat(attempt.durable || !powerWasCut)
                .as("acknowledged and lost: %s", attempt)
                .isFalse();
        attempt.lost = true;
        return attempt;
    }

    /** Appends to every session that is there, as a new process does first. */
    void goOn(SimulatedProcess process, String mark) {
        for (SessionId id : List.copyOf(sessions.keySet())) {
            if (process.store().exists(id)) {
                of(id).created = true;
                Session session = process.keep(process.store().drive(id));
                append(session, new Annotation.Noted(mark, null));
                append(
                        session,
                        new Annotation.Noted(mark + " again", null),
                        new Annotation.Noted(mark + " twice", null));
                session.close();
            }
        }
    }
}
