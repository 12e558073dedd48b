package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What reading, following and new segments promise. */
class ReadingTest extends EveryStore {
    @Test
    void aFullSegmentIsFollowedByAnotherAndNothingChangesForReaders() {
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            session.start();
            Append append = Append.of(Message.user("before")).id("before");
            session.append(append);
            List<Event> appended = fill(session);
            Position last = session.last();
            assertThat(last.segment()).isEqualTo(1);
            SessionState before = session.state();

            AppendResult result =
                    session.append(Append.of(Message.user("after")).expecting(last));
            assertThat(result).isEqualTo(new AppendResult.Appended(new Position(id, 2, 1), new Position(id, 2, 1)));
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 2)));
            SessionState after = another().read(id).state();
            assertThat(after).isEqualTo(session.state());
            assertThat(after.records()).isEqualTo(before.records() + 1);
            assertThat(after.createdAt()).isEqualTo(before.createdAt());
            assertThat(events(store, id).subList(2, 2 + appended.size())).isEqualTo(appended);
            assertThat(store.verify(id).segments()).isEqualTo(2);
            assertThat(store.verify(id).isDamaged()).isFalse();
            try (RecordReader reader = store.read(id).records(new Position(id, 2, 0))) {
                LogRecord opening = Objects.requireNonNull(reader.next());
                assertThat(opening.event(reader.blobs())).isInstanceOfSatisfying(SegmentOpened.class, opened -> {
                    assertThat(opened.origin()).isEqualTo(new Origin.RolledOver());
                    SegmentOpened.Previous previous = Objects.requireNonNull(opened.previous());
                    assertThat(previous.segment()).isEqualTo(1);
                    assertThat(previous.records()).isEqualTo(last.index() + 1);
                    assertThat(previous.durable()).isEqualTo(last.index() + 1);
                });
            }
        }
    }

    @Test
    void aCompactionOpensASegmentAndKeepsTheHistory() {
        String summary = LARGE + " in short";
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            Position kept = session.append(Message.user("keep"));
            Position opening = session.compact(summary, List.of(kept));
            session.append(Message.user("after"));

            try (RecordReader reader = another().read(id).records(opening)) {
                LogRecord record = Objects.requireNonNull(reader.next());
                assertThat(record.position()).isEqualTo(opening);
                assertThat(((SegmentOpened) record.event(reader.blobs())).origin())
                        .isEqualTo(new Origin.Compacted(summary, List.of(kept.toString())));
            }
            assertThat(events(store, id)).containsExactly(Message.user("keep"), Message.user("after"));
            assertThat(store.read(id).state().origin()).isEqualTo(new Origin.Fresh());
            assertThat(store.verify(id).faults()).isEmpty();
        }
    }

    @Test
    void aHistoryIsReadFromEveryPosition() {
        SessionId id = make(CONVERSATION, session -> {
            for (int segment = 1; segment <= 4; segment++) {
                session.append(notes(segment * 3));
                session.append(Message.user("in " + segment));
                session.compact("s", List.of());
            }
        });
        SessionView view = another().read(id);
        List<Position> all = positions(view.records());

        assertThat(all).hasSize(4 * 2 + 1 + 3 + 6 + 9 + 12).isSorted();
        for (int k = 0; k < all.size(); k++) {
            assertThat(positions(view.records(all.get(k)))).isEqualTo(all.subList(k, all.size()));
        }
        assertThat(positions(view.records(new Position(id, 5, 99)))).isEmpty();
        refused(ErrorCode.INVALID_ARGUMENT, () -> view.records(new Position(SessionId.of(1, 1, 1), 1, 0)));
    }

    @Test
    void aLongSegmentIsReadFromAnyPosition() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        SessionId id = make(CONVERSATION, session -> {
            for (int k = 0; k < 20; k++) {
                session.append(notes(200));
                session.append(new OutputAppended(new byte[random.nextInt(40_000)]));
            }
        });
        SessionView view = another().read(id);
        List<Position> all = positions(view.records());
        for (int k = 0; k < 30; k++) {
            int from = random.nextInt(all.size());
            try (RecordReader reader = view.records(all.get(from))) {
                assertThat(Objects.requireNonNull(reader.next()).position())
                        .as("seed %d", seed)
                        .isEqualTo(all.get(from));
            }
        }
    }

    @Test
    void aFollowerSeesEverythingOnceAcrossSegmentsAndStores() {
        SessionStore other = another();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            session.append(notes(3));
            try (Follower follower = other.read(id).follow(Cursor.startOf(id))) {
                List<Position> seen = new ArrayList<>(drain(follower));
                assertThat(seen).hasSize(4);
                assertThat(follower.next(Duration.ZERO)).isNull();
                session.append(notes(2));
                seen.addAll(drain(follower));
                session.append(notes(1));
                session.compact("s", List.of());
                session.compact("s", List.of());
                session.append(notes(2));
                seen.addAll(drain(follower));
                other.annotate(id, new Annotation.Noted("theirs", null));
                session.append(notes(1));
                seen.addAll(drain(follower));

                List<Position> all = positions(store.read(id).records());
                assertThat(seen).isEqualTo(all);
                for (int k = 0; k < all.size(); k++) {
                    try (Follower late = other.read(id).follow(Cursor.after(all.get(k)))) {
                        assertThat(drain(late)).isEqualTo(all.subList(k + 1, all.size()));
                    }
                }
            }
            refused(ErrorCode.INVALID_ARGUMENT, () -> other.read(id).follow(Cursor.startOf(SessionId.of(1, 1, 1))));
        }
    }

    @Test
    void aFollowerWaitsForWhatComes() throws Exception {
        try (Session session = store.create(CONVERSATION);
                Follower follower = another().read(session.id()).follow(Cursor.after(session.last()))) {
            Thread appending = Thread.ofVirtual().start(() -> {
                for (int k = 0; k < 20; k++) {
                    session.append(Message.user("m" + k));
                }
            });
            for (int k = 0; k < 20; k++) {
                LogRecord record = Objects.requireNonNull(follower.next(Duration.ofMinutes(1)));
                assertThat(record.event(follower.blobs())).isEqualTo(Message.user("m" + k));
            }
            appending.join();
            Thread.currentThread().interrupt();
            assertThat(follower.next(Duration.ofMinutes(10))).isNull();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
