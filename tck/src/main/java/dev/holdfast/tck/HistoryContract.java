package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.Follower;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import dev.holdfast.store.VerifyReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Histories of one and of many segments: read, followed, verified. */
abstract class HistoryContract extends StoreSuite {
    HistoryContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void aHistoryIsReadFromEveryPosition() {
        SessionId id = make(session -> {
            for (int segment = 1; segment <= 3; segment++) {
                session.append(notes(segment * 3));
                session.append(said("in " + segment));
                session.compact("s", List.of());
            }
        });
        SessionView view = rival().read(id);
        List<Position> all = positions(view.records());

        assertThat(all).hasSize(3 * 2 + 1 + 3 + 6 + 9).isSorted().doesNotHaveDuplicates();
        for (int k = 0; k < all.size(); k++) {
            assertThat(positions(view.records(all.get(k)))).isEqualTo(all.subList(k, all.size()));
        }
        refused(ErrorCode.INVALID_ARGUMENT, () -> view.records(new Position(SessionId.of(1, 1, 1), 1, 0)));
    }

    @Test
    void aCompactionOpensASegmentAndKeepsTheHistory() {
        String summary = LARGE + " in short";
        try (Session session = store.create(CONVERSATION)) {
            Position kept = session.append(said("keep"));
            Position opening = session.compact(summary, List.of(kept));
            assertThat(opening).isEqualTo(new Position(session.id(), 2, 0));
            assertThat(session.last()).isEqualTo(kept);
            session.append(said("after"));

            try (RecordReader reader = rival().read(session.id()).records(opening)) {
                LogRecord record = Objects.requireNonNull(reader.next(), "the opening");
                assertThat(((SegmentOpened) record.event(reader.blobs())).origin())
                        .isEqualTo(new Origin.Compacted(summary, List.of(kept.toString())));
            }
            assertThat(events(store, session.id())).containsExactly(said("keep"), said("after"));
            assertThat(store.read(session.id()).state().origin()).isEqualTo(new Origin.Fresh());
        }
    }

    @Test
    void aFullSegmentRollsOver() {
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < 15; k++) {
            parts.add(new Part.Text("x".repeat(60_000)));
        }
        List<Event> appended = new ArrayList<>();
        try (Session session = store.create(CONVERSATION)) {
            for (int k = 0; k < 10; k++) {
                Message message = new Message(Role.ASSISTANT, parts, "m" + k, null);
                session.append(message);
                appended.add(message);
            }
            appended.add(note("last"));
            assertThat(session.append(note("last")).segment()).isEqualTo(has(Trait.OFFSETS) ? 2 : 1);

            assertThat(events(rival(), session.id())).isEqualTo(appended);
            SessionState state = rival().read(session.id()).state();
            assertThat(state).isEqualTo(session.state());
            assertThat(state.records()).isEqualTo(11);
            assertThat(store.verify(session.id()).segments()).isEqualTo(has(Trait.OFFSETS) ? 2 : 1);
        }
    }

    @Test
    void aFollowerSeesEverythingOnceAcrossSegmentsAndStores() {
        SessionStore other = rival();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            session.append(notes(3));
            try (Follower follower = other.read(id).follow(Cursor.startOf(id))) {
                List<Position> seen = new ArrayList<>(drain(follower));
                assertThat(seen).hasSize(4);
                session.append(notes(2));
                session.compact("s", List.of());
                session.compact("s", List.of());
                session.append(notes(2));
                seen.addAll(drain(follower));
                other.annotate(id, new Annotation.Noted("theirs", null));
                seen.addAll(drain(follower));
                assertThat(follower.next(Duration.ZERO)).isNull();

                List<Position> all = positions(store.read(id).records());
                assertThat(seen).isEqualTo(all).hasSize(11);
                for (int k = 0; k < all.size(); k++) {
                    try (Follower late = other.read(id).follow(Cursor.after(all.get(k)))) {
                        assertThat(drain(late)).isEqualTo(all.subList(k + 1, all.size()));
                    }
                }
            }
        }
    }

    @Test
    void aFollowerWaitsForWhatComes() {
        SessionStore other = rival();
        try (Session session = store.create(CONVERSATION)) {
            List<Integer> counts = Together.run(2, thread -> {
                if (thread == 0) {
                    for (int k = 0; k < 20; k++) {
                        session.append(note("note " + k));
                    }
                    return 20;
                }
                try (Follower follower =
                        other.read(session.id()).follow(Cursor.after(new Position(session.id(), 1, 0)))) {
                    for (int k = 0; k < 20; k++) {
                        LogRecord record = Objects.requireNonNull(follower.next(Duration.ofMinutes(1)), "a record");
                        assertThat(record.event(follower.blobs())).isEqualTo(note("note " + k));
                    }
                    return 20;
                }
            });
            assertThat(counts).containsExactly(20, 20);
        }
    }

    @Test
    void aViewIsWhatIsThereNow() {
        try (Session session = store.create(CONVERSATION)) {
            SessionView view = rival().read(session.id());
            assertThat(view.last()).isEqualTo(new Position(session.id(), 1, 0));
            Position last = session.append(said(LARGE));
            assertThat(view.last()).isEqualTo(last);
            assertThat(view.state()).isEqualTo(session.state());
            assertThat(view.state().messages()).isEqualTo(1);
            try (RecordReader reader = view.records(last)) {
                assertThat(Objects.requireNonNull(reader.next()).event(view.blobs()))
                        .isEqualTo(said(LARGE));
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void aSoundSessionVerifiesAsSound() {
        SessionId id = make(session -> {
            session.append(notes(10));
            session.append(said(LARGE));
            session.compact(LARGE, List.of());
            session.append(notes(5));
        });
        VerifyReport report = rival().verify(id);

        assertThat(report.id()).isEqualTo(id);
        assertThat(report.segments()).isEqualTo(2);
        assertThat(report.records()).isEqualTo(18);
        assertThat(report.faults()).isEmpty();
        assertThat(store.repair(id).opened()).isNull();
    }

    @Test
    void damageIsFoundAndRepaired() {
        SessionId id = make(session -> session.append(said("one")));
        try (Session session = store.drive(id)) {
            session.append(said("two"));
            session.append(said("three"));
        }
        damage(id, 1, 2);
        SessionStore next = has(Trait.DURABLE) ? afterwards() : store;

        assertThat(next.verify(id).isDamaged()).isEqualTo(has(Trait.DETECTS_DAMAGE));
        if (has(Trait.DETECTS_DAMAGE)) {
            refused(ErrorCode.DAMAGED, () -> next.drive(id));
            assertThat(next.repair(id).opened()).isNotNull();
            assertThat(next.verify(id).isDamaged()).isFalse();
        } else {
            assertThat(next.repair(id).opened()).isNull();
            assertThat(events(next, id)).containsExactly(said("one"), said("two"), said("three"));
        }
        try (Session session = next.drive(id)) {
            assertThat(session.append(said("four")).index()).isPositive();
        }
    }
}
