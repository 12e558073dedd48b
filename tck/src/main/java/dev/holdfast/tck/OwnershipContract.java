package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Origin;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.DeletePreview;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who may drive, and what removing a session does. */
abstract class OwnershipContract extends StoreSuite {
    OwnershipContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void oneHandleDrivesAtATime() {
        SessionStore other = rival();
        SessionId id;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            refused(ErrorCode.DRIVEN_BY_OTHER, () -> store.drive(id));
            refused(ErrorCode.DRIVEN_BY_OTHER, () -> other.drive(id));
            assertThat(other.presence(id).kind()).isEqualTo(Presence.Kind.DRIVEN);
            session.append(said("still mine"));
        }
        assertThat(store.presence(id).kind()).isEqualTo(Presence.Kind.FREE);
        try (Session next = other.drive(id)) {
            assertThat(next.append(said("now mine"))).isEqualTo(new Position(id, 1, 2));
        }
    }

    @Test
    void aClosedHandleAcceptsNothing() {
        Session session = store.create(CONVERSATION);
        session.append(said("before"));
        session.close();
        session.close();

        refused(ErrorCode.CLOSED, () -> session.append(said("after")));
        refused(ErrorCode.CLOSED, session::state);
        refused(ErrorCode.CLOSED, session::force);
        assertThat(events(store, session.id())).containsExactly(said("before"));
    }

    @Test
    void closingAStoreClosesItsHandles() {
        SessionStore other = rival();
        Session session = store.create(CONVERSATION);
        SessionId id = session.id();
        session.append(said("before"));
        store.close();
        store.close();

        refused(ErrorCode.CLOSED, () -> session.append(said("after")));
        refused(ErrorCode.CLOSED, () -> store.create(CONVERSATION));
        if (has(Trait.SHARED)) {
            assertThat(other.presence(id).kind()).isEqualTo(Presence.Kind.FREE);
        }
        assertThat(has(Trait.DURABLE) && afterwards().exists(id)).isEqualTo(has(Trait.DURABLE));
    }

    @Test
    void aRunningSessionWhoseDriverDiedIsInterrupted() {
        SessionId id = make(Session::start);
        assertThat(store.summary(id).interrupted()).isFalse();
        fixture.driveAndDie(LogId.of(id));

        assertThat(store.summary(id).interrupted()).isEqualTo(has(Trait.SHARED));
        try (Session session = store.drive(id)) {
            session.complete("after all");
        }
        assertThat(store.summary(id).interrupted()).isFalse();
    }

    @Test
    void aSessionIsRemovedAndTakenBack() {
        SessionId id = make(session -> session.append(said(LARGE)));
        SessionState before = store.read(id).state();
        DeletePreview preview = store.previewDelete(id);
        assertThat(preview.isAllowed()).isTrue();
        assertThat(store.exists(id)).isTrue();
        Trashed trashed = store.delete(id);

        assertThat(store.exists(id)).isFalse();
        assertThat(listed(store, SessionFilter.ALL)).isEmpty();
        assertThat(store.trash().list()).containsExactly(trashed);
        refused(ErrorCode.NOT_FOUND, () -> store.read(id));
        rival().trash().restore(trashed);
        assertThat(store.trash().list()).isEmpty();
        assertThat(store.read(id).state()).isEqualTo(before);
        assertThat(events(store, id)).containsExactly(said(LARGE));
    }

    @Test
    void whatIsDestroyedIsGone() {
        SessionId id = make(session -> {});
        Trashed trashed = store.delete(id);
        store.trash().purge(trashed);

        assertThat(store.trash().list()).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> store.trash().restore(trashed));
        store.create(CONVERSATION.title("anew"), id, new Origin.Fresh()).close();
        assertThat(store.read(id).state().title()).isEqualTo("anew");
    }

    @Test
    void aSessionThatIsDrivenIsNotRemoved() {
        try (Session session = store.create(CONVERSATION)) {
            refused(ErrorCode.DRIVEN_BY_OTHER, () -> rival().delete(session.id()));
            assertThat(store.previewDelete(session.id()).isAllowed()).isFalse();
            session.append(said("still there"));
        }
    }

    @Test
    void aSessionThatOthersCameFromIsNotRemoved() {
        SessionId parent = make(session -> session.append(said("x")));
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
        assertThat(listed(store, SessionFilter.ALL)).isEmpty();
    }
}
