package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Trashed;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What removing a session and driving it promise. */
class OwnershipTest extends EveryStore {
    @Test
    void aSessionIsRemovedAndTakenBack() {
        SessionId id = make(CONVERSATION, s -> s.append(Message.user(LARGE)));
        SessionState before = store.read(id).state();

        DeletePreview preview = store.previewDelete(id);
        assertThat(preview.session().id()).isEqualTo(id);
        assertThat(preview.referringSessions()).isEmpty();
        assertThat(preview.presence().kind()).isEqualTo(Presence.Kind.FREE);
        assertThat(store.exists(id)).isTrue();

        Trashed trashed = store.delete(id);
        assertThat(trashed.id().session()).isEqualTo(id);
        assertThat(trashed.bytes()).isGreaterThan(LARGE.length());
        assertThat(store.exists(id)).isFalse();
        assertThat(store.list(SessionFilter.ALL).sessions()).isEmpty();
        assertThat(store.trash().list()).hasSize(1);
        refused(ErrorCode.NOT_FOUND, () -> store.read(id));

        another().trash().restore(trashed);
        assertThat(store.trash().list()).isEmpty();
        assertThat(store.read(id).state()).isEqualTo(before);
        assertThat(events(store, id)).containsExactly(Message.user(LARGE));
        refused(ErrorCode.NOT_FOUND, () -> store.trash().restore(trashed));
    }

    @Test
    void whatIsPurgedIsGone() {
        SessionId id = make(CONVERSATION, s -> {});
        Trashed trashed = store.delete(id);
        store.trash().purge(trashed);

        assertThat(store.trash().list()).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> store.trash().restore(trashed));
        refused(ErrorCode.NOT_FOUND, () -> store.trash().purge(trashed));
        assertThat(store.exists(id)).isFalse();
    }

    @Test
    void anIdThatIsInUseAgainIsNotOverwritten() {
        SessionId id = make(CONVERSATION, s -> {});
        Trashed trashed = store.delete(id);
        store.create(CONVERSATION.title("second"), id, new Origin.Fresh()).close();

        refused(ErrorCode.CONFLICT, () -> store.trash().restore(trashed));
        assertThat(store.read(id).state().title()).isEqualTo("second");
        Trashed again = store.delete(id);
        assertThat(store.trash().list())
                .extracting(Trashed::name)
                .containsExactlyInAnyOrder(trashed.name(), again.name());
        store.trash().restore(trashed);
        assertThat(store.read(id).state().title()).isEqualTo("talk");
    }

    @Test
    void aSessionThatIsDrivenIsNotRemoved() {
        try (Session session = store.create(CONVERSATION)) {
            assertThat(store.previewDelete(session.id()).presence().kind()).isEqualTo(Presence.Kind.DRIVEN);
            refused(ErrorCode.DRIVEN_BY_OTHER, () -> store.delete(session.id()));
            assertThat(store.exists(session.id())).isTrue();
        }
    }

    @Test
    void aSessionThatOthersCameFromIsNotRemoved() {
        SessionId parent = make(CONVERSATION, s -> s.append(Message.user("x")));
        SessionId fork;
        try (Session forked = store.fork(new Position(parent, 1, 1), CONVERSATION.title("fork"))) {
            fork = forked.id();
            assertThat(forked.state().origin())
                    .isInstanceOfSatisfying(
                            Origin.Forked.class,
                            origin -> assertThat(origin.position()).isEqualTo(parent + "/1/1"));
        }

        assertThat(store.previewDelete(parent).referringSessions()).containsExactly(fork);
        refused(ErrorCode.CONFLICT, () -> store.delete(parent));
        store.delete(fork);
        store.delete(parent);
        assertThat(store.list(SessionFilter.ALL).sessions()).isEmpty();
    }

    @Test
    void aForkNeedsARecordToComeFrom() {
        SessionId parent = make(CONVERSATION, s -> s.append(Message.user("x")));

        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(parent, 1, 2), CONVERSATION));
        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(parent, 2, 0), CONVERSATION));
    }

    @Test
    void oneHandleDrivesAtATime() {
        SessionId id;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            for (SessionStore rival : List.of(store, another())) {
                assertThatThrownBy(() -> rival.drive(id)).isInstanceOfSatisfying(DrivenByOtherException.class, e -> {
                    assertThat(Objects.requireNonNull(e.holder()).pid())
                            .isEqualTo(ProcessHandle.current().pid());
                    assertThat(e.getMessage())
                            .contains(id.value(), String.valueOf(e.holder().pid()));
                });
                assertThat(rival.presence(id).kind()).isEqualTo(Presence.Kind.DRIVEN);
            }
            session.append(Message.user("still mine"));
        }
        assertThat(store.presence(id).kind()).isEqualTo(Presence.Kind.FREE);
        try (Session next = another().drive(id)) {
            assertThat(next.append(Message.user("now mine"))).isEqualTo(new Position(id, 1, 2));
        }
    }

    @Test
    void anyoneAnnotatesWhoeverDrives() {
        SessionStore other = another();
        try (Session session = store.create(CONVERSATION)) {
            SessionId id = session.id();
            session.append(Message.user("one"));
            assertThat(other.annotate(id, new Annotation.TitleSet("theirs"), new Annotation.Noted("n", "they")))
                    .isEqualTo(new Position(id, 1, 3));
            assertThat(session.state().title()).isEqualTo("theirs");
            assertThat(session.append(Message.user("two"))).isEqualTo(new Position(id, 1, 4));
            store.annotate(id, new Annotation.Tagged(List.of("t"), List.of()));
            assertThat(session.append(Message.user("three"))).isEqualTo(new Position(id, 1, 6));

            assertThat(session.state()).isEqualTo(other.read(id).state());
            assertThat(session.state().tags()).containsExactly("t");
            assertThat(session.state().messages()).isEqualTo(3);
        }
    }

    @Test
    void aClosedHandleAcceptsNothing() {
        Session session = store.create(CONVERSATION);
        session.close();
        session.close();

        refused(ErrorCode.CLOSED, () -> session.append(Message.user("x")));
        refused(ErrorCode.CLOSED, session::start);
        refused(ErrorCode.CLOSED, session::state);
        refused(ErrorCode.CLOSED, session::last);
        refused(ErrorCode.CLOSED, session::force);
        refused(ErrorCode.CLOSED, () -> session.appendAsync(Append.of(Message.user("x"))));
        refused(ErrorCode.CLOSED, () -> session.compact("s", List.of()));
        assertThat(session.read().state().records()).isZero();
    }

    @Test
    void closingTheStoreClosesItsHandles() {
        SessionStore second = another();
        Session session = second.create(CONVERSATION);
        session.append(Append.of(Message.assistant("relaxed")).relaxed());
        second.close();

        refused(ErrorCode.CLOSED, () -> session.append(Message.user("x")));
        assertThat(store.presence(session.id()).kind()).isEqualTo(Presence.Kind.FREE);
        assertThat(events(store, session.id())).containsExactly(Message.assistant("relaxed"));
    }
}
