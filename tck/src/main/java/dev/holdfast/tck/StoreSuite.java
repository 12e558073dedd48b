package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Follower;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import dev.holdfast.store.StoreOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A fresh store for each test, and the words in which the tests of the store are written. */
@Timeout(120)
abstract class StoreSuite {
    static final SessionConfig CONVERSATION = SessionConfig.conversation("talk");
    /** More than what stays in a record. */
    static final String LARGE = "0123456789".repeat(10_000);

    private final Supplier<BackendFixture> fixtures;
    private final List<SessionStore> open = new ArrayList<>();
    private final StoreOptions options =
            StoreOptions.usual().program("tck", "1").clock(new Ticking());
    BackendFixture fixture;
    SessionStore store;

    @SuppressWarnings("NullAway.Init") // JUnit calls openStore
    StoreSuite(Supplier<BackendFixture> fixtures) {
        this.fixtures = fixtures;
    }

    @BeforeEach
    final void openStore() {
        fixture = fixtures.get();
        store = keep(SessionStore.on(fixture.create(), options));
    }

    @AfterEach
    final void closeStores() {
        open.forEach(SessionStore::close);
        fixture.close();
    }

    private SessionStore keep(SessionStore opened) {
        open.add(opened);
        return opened;
    }

    final boolean has(Trait trait) {
        return fixture.traits().contains(trait);
    }

    /** Another process that has the store open too. */
    final SessionStore another() {
        return keep(SessionStore.on(fixture.open(), options));
    }

    /** Another process beside this one where there can be one, else this one once more. */
    final SessionStore rival() {
        return has(Trait.SHARED) ? another() : store;
    }

    /** The process that comes after all others have ended. */
    final SessionStore afterwards() {
        open.forEach(SessionStore::close);
        return keep(SessionStore.on(fixture.reopen(), options));
    }

    final SessionId make(Consumer<Session> work) {
        return make(CONVERSATION, work);
    }

    final SessionId make(SessionConfig config, Consumer<Session> work) {
        try (Session session = store.create(config)) {
            work.accept(session);
            return session.id();
        }
    }

    final void damage(SessionId id, int segment, long index) {
        fixture.damage(LogId.of(id), segment, index);
    }

    static Event note(String text) {
        return new Annotation.Noted(text, null);
    }

    static Event[] notes(int count) {
        Event[] notes = new Event[count];
        for (int k = 0; k < count; k++) {
            notes[k] = note("note " + k);
        }
        return notes;
    }

    static Message said(String text) {
        return Message.user(text);
    }

    // ---- looking ----

    static List<Event> events(SessionStore from, SessionId id) {
        try (RecordReader reader = from.read(id).records()) {
            List<Event> events = new ArrayList<>();
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                Event event = record.event(reader.blobs());
                if (!(event instanceof SegmentOpened)) {
                    events.add(event);
                }
            }
            assertThat(reader.faults()).isEmpty();
            return events;
        }
    }

    static List<Position> positions(RecordReader reader) {
        try (reader) {
            List<Position> positions = new ArrayList<>();
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                positions.add(record.position());
            }
            return positions;
        }
    }

    static List<Position> drain(Follower follower) {
        List<Position> positions = new ArrayList<>();
        for (LogRecord record = follower.next(Duration.ZERO); record != null; record = follower.next(Duration.ZERO)) {
            positions.add(record.position());
        }
        return positions;
    }

    static List<SessionId> listed(SessionStore from, SessionFilter filter) {
        return from.list(filter).sessions().stream().map(SessionSummary::id).toList();
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** A clock that goes on by a second each time it is asked, so that order by time is certain. */
    private static final class Ticking extends Clock {
        private final AtomicLong seconds =
                new AtomicLong(Instant.parse("2026-11-20T21:00:00Z").getEpochSecond());

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds.incrementAndGet());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
