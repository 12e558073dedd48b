package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What conditional, idempotent and asynchronous appends promise. */
class ConditionTest extends EveryStore {
    @Test
    void theSameAppendUnderTheSameIdIsRecordedOnce() {
        Append append = Append.of(Message.user("a"), Message.assistant("b")).id("turn 1");
        Append other = Append.of(Message.user("other")).id("turn 1");
        SessionId id = make(CONVERSATION, session -> {
            assertThat(session.append(append))
                    .isEqualTo(new AppendResult.Appended(
                            new Position(session.id(), 1, 1), new Position(session.id(), 1, 2)));
            session.append(Message.user("between"));

            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(session.id(), 1, 1)));
            assertThat(session.append(other)).isInstanceOfSatisfying(AppendResult.Conflict.class, conflict -> {
                assertThat(conflict.last()).isEqualTo(new Position(session.id(), 1, 3));
                assertThat(conflict.reason()).contains("turn 1");
            });
            assertThat(session.append(Append.of(Message.user("a")).id("turn 1")))
                    .isInstanceOf(AppendResult.Conflict.class);
            assertThat(session.last().index()).isEqualTo(3);
        });
        Append awkward = Append.of(Message.user("x")).id("turn \" 2 é");
        try (Session again = another().drive(id)) {
            assertThat(again.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
            assertThat(again.append(other)).isInstanceOf(AppendResult.Conflict.class);
            assertThat(again.append(awkward)).isInstanceOf(AppendResult.Appended.class);
        }
        try (Session again = another().drive(id)) {
            assertThat(again.append(awkward)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 4)));
        }
    }

    @Test
    void anIdWithBlobsIsRememberedToo() {
        Append append = Append.of(Message.user(LARGE)).id("large");
        SessionId id = make(CONVERSATION, session -> session.append(append));
        try (Session session = another().drive(id)) {
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
            assertThat(session.append(Append.of(Message.user(LARGE + "!")).id("large")))
                    .isInstanceOf(AppendResult.Conflict.class);
        }
    }

    @Test
    void idsAreRememberedForTheLastRecords() {
        Append append = Append.of(Message.user("a")).id("first");
        SessionId id;
        Position first;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            first = ((AppendResult.Appended) session.append(append)).first();
            session.append(notes(1_023));
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(first));
        }
        try (Session session = another().drive(id)) {
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(first));
            session.append(notes(1));
            assertThat(session.append(append)).isInstanceOf(AppendResult.Appended.class);
        }
    }

    @Test
    void idsAreRememberedAcrossSegments() {
        Append append = Append.of(Message.user("a")).id("first");
        SessionId id;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.append(append);
            session.compact("so far", List.of());
            session.append(notes(10));
            session.compact("so far", List.of());
            session.compact("so far", List.of());
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
        }
        try (Session session = another().drive(id)) {
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
            session.append(notes(1_012));
            assertThat(session.append(append)).isEqualTo(new AppendResult.Duplicate(new Position(id, 1, 1)));
        }
    }

    @Test
    void anAppendExpectsTheLastRecord() {
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            Position opening = session.last();
            Append conditional = Append.of(Message.user("a")).expecting(opening);
            assertThat(session.append(conditional)).isInstanceOf(AppendResult.Appended.class);
            assertThat(session.append(conditional)).isInstanceOfSatisfying(AppendResult.Conflict.class, conflict -> {
                assertThat(conflict.last()).isEqualTo(new Position(id, 1, 1));
                assertThat(conflict.reason()).contains(opening.toString());
            });
            another().annotate(id, new Annotation.Noted("between", null));
            assertThat(session.append(Append.of(Message.user("b")).expecting(new Position(id, 1, 1))))
                    .isInstanceOf(AppendResult.Conflict.class);
            assertThat(session.append(Append.of(Message.user("b")).expecting(new Position(id, 1, 2))))
                    .isInstanceOf(AppendResult.Appended.class);
            assertThat(session.append(Append.of(Message.user("c")).expecting(new Position(id, 1, 99))))
                    .isInstanceOf(AppendResult.Conflict.class);
            assertThat(session.last().index()).isEqualTo(3);
        }
    }

    @Test
    void aNewSegmentBreaksNobodysCondition() {
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            Position last = session.append(Message.user("a"));
            Position opening = session.compact("so far", List.of(last));
            assertThat(opening).isEqualTo(new Position(id, 2, 0));
            assertThat(session.last()).isEqualTo(last);
            assertThat(another().read(id).last()).isEqualTo(last);

            assertThat(session.append(Append.of(Message.user("b")).expecting(last)))
                    .isEqualTo(new AppendResult.Appended(new Position(id, 2, 1), new Position(id, 2, 1)));
            Position second = session.compact("so far", List.of());
            assertThat(session.append(Append.of(Message.user("c")).expecting(second)))
                    .isInstanceOf(AppendResult.Appended.class);
            assertThat(session.append(Append.of(Message.user("d")).expecting(second)))
                    .isInstanceOf(AppendResult.Conflict.class);
        }
    }

    @Test
    void anIdComesBeforeACondition() {
        try (Session session = store.create(CONVERSATION)) {
            Append append = Append.of(Message.user("a")).id("i").expecting(session.last());

            assertThat(session.append(append)).isInstanceOf(AppendResult.Appended.class);
            assertThat(session.append(append)).isInstanceOf(AppendResult.Duplicate.class);
        }
    }

    @Test
    void appendsWithoutWaitingKeepTheirOrder() {
        int count = 500;
        try (Session session = store.create(CONVERSATION)) {
            List<CompletableFuture<AppendResult>> futures = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                futures.add(session.appendAsync(Append.of(Message.user("m" + k))));
            }
            for (int k = 0; k < count; k++) {
                assertThat(futures.get(k).join())
                        .isEqualTo(new AppendResult.Appended(
                                new Position(session.id(), 1, k + 1L), new Position(session.id(), 1, k + 1L)));
            }
            List<Event> read = events(another(), session.id());
            for (int k = 0; k < count; k++) {
                assertThat(read.get(k)).isEqualTo(Message.user("m" + k));
            }
            CompletableFuture<AppendResult> illegal = session.appendAsync(Append.of(new Lifecycle.Resumed()));
            assertThatThrownBy(illegal::join).hasCauseInstanceOf(IllegalTransitionException.class);
        }
    }

    @Test
    void threadsThatAppendTogetherLoseNothingAndKeepTheirOwnOrder() throws Exception {
        int threads = 16;
        int each = 40;
        SessionStore other = another();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int me = t;
                running.add(Thread.ofVirtual().start(() -> {
                    for (int k = 0; k < each; k++) {
                        if (me % 4 == 0) {
                            other.annotate(id, new Annotation.Noted(me + "/" + k, null));
                        } else {
                            session.append(new Annotation.Noted(me + "/" + k, null));
                        }
                    }
                }));
            }
            for (Thread thread : running) {
                thread.join();
            }
            List<Event> read = events(another(), id);
            assertThat(read).hasSize(threads * each);
            for (int t = 0; t < threads; t++) {
                int me = t;
                List<String> mine = read.stream()
                        .map(event -> ((Annotation.Noted) event).text())
                        .filter(text -> text.startsWith(me + "/"))
                        .toList();
                for (int k = 0; k < each; k++) {
                    assertThat(mine.get(k)).isEqualTo(me + "/" + k);
                }
            }
            assertThat(session.state().records()).isEqualTo(threads * each);
        }
    }
}
