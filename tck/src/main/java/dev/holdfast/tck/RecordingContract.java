package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Entry;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Appends: conditional, idempotent, of several events, relaxed, by many threads, by others. */
abstract class RecordingContract extends StoreSuite {
    RecordingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void anAppendExpectsTheLastRecord() {
        try (Session session = store.create(CONVERSATION)) {
            Append conditional = Append.of(said("a")).expecting(session.last());
            assertThat(session.append(conditional)).isInstanceOf(AppendResult.Appended.class);
            assertThat(session.append(conditional)).isInstanceOfSatisfying(AppendResult.Conflict.class, conflict -> {
                assertThat(conflict.last()).isEqualTo(new Position(session.id(), 1, 1));
            });
            Position theirs = rival().annotate(session.id(), new Annotation.Noted("between", null));
            assertThat(session.append(Append.of(said("b")).expecting(new Position(session.id(), 1, 1))))
                    .isInstanceOf(AppendResult.Conflict.class);
            assertThat(session.append(Append.of(said("b")).expecting(theirs)))
                    .isInstanceOf(AppendResult.Appended.class);
            assertThat(events(store, session.id())).hasSize(3);
        }
    }

    @Test
    void anIdIsRecordedOnce() {
        Append append = Append.of(said("a"), said(LARGE)).id("turn 1");
        Append other = Append.of(said("other")).id("turn 1");
        SessionId id = make(session -> {
            session.append(append);
            session.append(note("between"));
            session.compact("so far", List.of());
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(session.id(), 1, 1)));
            assertThat(session.append(other)).isInstanceOf(AppendResult.Conflict.class);
        });
        SessionStore next = has(Trait.DURABLE) ? afterwards() : store;
        try (Session again = next.drive(id)) {
            assertThat(again.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
            assertThat(again.append(other)).isInstanceOf(AppendResult.Conflict.class);
        }
        assertThat(events(next, id)).containsExactly(said("a"), said(LARGE), note("between"));
    }

    @Test
    void severalEventsAreOneAppend() {
        try (Session session = store.create(CONVERSATION)) {
            assertThat(session.append(Append.of(notes(1_024))))
                    .isEqualTo(new AppendResult.Appended(
                            new Position(session.id(), 1, 1), new Position(session.id(), 1, 1_024)));
            assertThat(events(rival(), session.id())).containsExactly(notes(1_024));
            try (RecordReader reader = session.read().records(new Position(session.id(), 1, 500))) {
                LogRecord record = Objects.requireNonNull(reader.next(), "a record in the middle");
                assertThat(record.batchOrdinal()).isEqualTo(499);
                assertThat(record.batchSize()).isEqualTo(1_024);
            }
        }
    }

    @Test
    void appendsWithoutWaitingKeepTheirOrder() {
        try (Session session = store.create(CONVERSATION)) {
            List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
            for (int k = 0; k < 100; k++) {
                futures.add(session.appendAsync(Append.of(note("note " + k))));
            }
            for (int k = 0; k < 100; k++) {
                Position at = new Position(session.id(), 1, k + 1L);
                assertThat(futures.get(k).join()).isEqualTo(new AppendResult.Appended(at, at));
            }
            CompletableFuture<AppendResult> illegal = session.appendAsync(Append.of(new Lifecycle.Resumed()));
            assertThatThrownBy(illegal::join).hasCauseInstanceOf(IllegalTransitionException.class);
            assertThat(events(store, session.id())).containsExactly(notes(100));
        }
    }

    @Test
    void relaxedAppendsAreForcedAtTheLatestWithTheHandle() {
        SessionId id = make(session -> {
            session.append(Append.of(note("one")).relaxed());
            session.append(Append.of(note("two")).relaxed());
            assertThat(events(rival(), session.id())).containsExactly(note("one"), note("two"));
        });
        SessionStore next = afterwards();
        assertThat(next.exists(id)).isEqualTo(has(Trait.DURABLE));
        assertThat(has(Trait.DURABLE) ? events(next, id) : List.of(note("one"), note("two")))
                .containsExactly(note("one"), note("two"));
    }

    @Test
    void anyoneAnnotatesWhoeverDrives() {
        SessionStore other = rival();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            session.append(said("one"));
            assertThat(other.annotate(id, new Annotation.TitleSet("theirs"), new Annotation.Noted("n", "they")))
                    .isEqualTo(new Position(id, 1, 3));
            assertThat(session.state().title()).isEqualTo("theirs");
            assertThat(session.append(said("two"))).isEqualTo(new Position(id, 1, 4));
            session.compact("so far", List.of());
            assertThat(other.annotate(id, new Annotation.Tagged(List.of("t"), List.of())))
                    .isEqualTo(new Position(id, 2, 1));
            assertThat(session.append(said("three"))).isEqualTo(new Position(id, 2, 2));
            assertThat(session.state()).isEqualTo(other.read(id).state());
        }
    }

    @Test
    void timesSourcesAndUnknownEventsAreKept() {
        Event foreign = new Unknown("vendor.thing", Json.parse("{\"a\": 1.50,\"b\" :[1e400]}"));
        Instant then = Instant.parse("2020-02-02T02:02:02.000002Z");
        Entry entry = new Entry(foreign, then, Json.parse("{\"line\": 7}"));
        try (Session session = store.create(CONVERSATION)) {
            session.append(Append.entries(List.of(entry)));
            try (RecordReader reader = rival().read(session.id()).records(new Position(session.id(), 1, 1))) {
                LogRecord record = Objects.requireNonNull(reader.next(), "the record");
                assertThat(record.at()).isEqualTo(then);
                assertThat(Objects.requireNonNull(record.source()).text()).isEqualTo("{\"line\": 7}");
                assertThat(record.event(reader.blobs())).isEqualTo(foreign);
            }
        }
    }

    @Test
    void sixtyFourThreadsLoseNothingAndKeepTheirOwnOrder() {
        int threads = 64;
        int each = 8;
        SessionStore other = rival();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            List<List<Position>> told = Together.run(threads, thread -> {
                List<Position> mine = new ArrayList<>();
                for (int k = 0; k < each; k++) {
                    Annotation note = new Annotation.Noted(thread + "/" + k, null);
                    mine.add(thread % 16 == 0 ? other.annotate(id, note) : session.append(note));
                }
                return mine;
            });
            try (RecordReader reader = rival().read(id).records(new Position(id, 1, 1))) {
                int[] next = new int[threads];
                int count = 0;
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    String[] text = ((Annotation.Noted) record.event(reader.blobs()))
                            .text()
                            .split("/", 2);
                    int thread = Integer.parseInt(text[0]);
                    assertThat(text[1]).isEqualTo(String.valueOf(next[thread]));
                    assertThat(record.position()).isEqualTo(told.get(thread).get(next[thread]++));
                    count++;
                }
                assertThat(count).isEqualTo(threads * each);
            }
            assertThat(session.state().records()).isEqualTo((long) threads * each);
        }
    }
}
