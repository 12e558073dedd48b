package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Creating a session, its way through the lifecycle, and how it is listed. */
abstract class LifecycleContract extends StoreSuite {
    LifecycleContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void aSessionIsCreatedWithItsConfiguration() {
        SessionConfig config = SessionConfig.workflow("nightly")
                .project("p")
                .agent("a")
                .tags(List.of("x"))
                .metadata(Map.of("k", Json.of("v")))
                .maxIterations(5);
        SessionId id = make(config, session -> assertThat(session.last()).isEqualTo(new Position(session.id(), 1, 0)));

        assertThat(store.exists(id)).isTrue();
        SessionState state = rival().read(id).state();
        assertThat(state.configuration()).isEqualTo(config);
        assertThat(state.status()).isEqualTo(SessionStatus.CREATED);
        assertThat(state.kind()).isEqualTo(SessionKind.WORKFLOW);
        assertThat(state.tags()).containsExactly("x");
    }

    @Test
    void anIdIsUsedOnce() {
        SessionId id = SessionId.of(1, 2, 3);
        store.create(CONVERSATION.title("first"), id, new Origin.Fresh()).close();

        refused(ErrorCode.CONFLICT, () -> rival().create(CONVERSATION, id, new Origin.Fresh()));
        assertThat(store.read(id).state().title()).isEqualTo("first");
    }

    @Test
    void aSessionThatIsNotThereIsNotFound() {
        SessionId there = make(session -> {});
        SessionId id = SessionId.of(1, 2, 3);

        assertThat(store.exists(id)).isFalse();
        refused(ErrorCode.NOT_FOUND, () -> store.read(id));
        refused(ErrorCode.NOT_FOUND, () -> store.drive(id));
        refused(ErrorCode.NOT_FOUND, () -> store.summary(id));
        refused(ErrorCode.NOT_FOUND, () -> store.delete(id));
        refused(ErrorCode.NOT_FOUND, () -> store.verify(id));
        refused(ErrorCode.NOT_FOUND, () -> store.annotate(id, new Annotation.TitleSet("t")));
        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(id, 1, 0), CONVERSATION));
        assertThat(listed(store, SessionFilter.ALL)).containsExactly(there);
    }

    @Test
    void aSessionStartsPausesResumesAndCompletes() {
        SessionId id = make(SessionConfig.workflow("w"), session -> {
            assertThat(session.start()).isEqualTo(new Position(session.id(), 1, 1));
            assertThat(session.state().status()).isEqualTo(SessionStatus.RUNNING);
            session.append(said("work"));
            session.pause("lunch");
            assertThat(session.state().reason()).isEqualTo("lunch");
            session.resume();
            session.complete("2 files", Json.of(List.of("a", "b")));
        });

        SessionState state = rival().read(id).state();
        assertThat(state.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(state.summary()).isEqualTo("2 files");
        assertThat(state.result()).isEqualTo(Json.of(List.of("a", "b")));
        assertThat(state.records()).isEqualTo(5);
        assertThat(state.completedAt()).isEqualTo(state.updatedAt());
    }

    @Test
    void whatTheStatusDoesNotAdmitIsRefusedAndWritesNothing() {
        try (Session session = store.create(SessionConfig.workflow("w"))) {
            assertThatThrownBy(session::resume)
                    .isInstanceOfSatisfying(
                            IllegalTransitionException.class,
                            e -> assertThat(e.from()).isEqualTo(SessionStatus.CREATED));
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.append(said("too early")));
            refused(
                    ErrorCode.ILLEGAL_TRANSITION,
                    () -> session.append(new Lifecycle.Started(), said("x"), new Lifecycle.Started()));
            assertThat(session.last().index()).isZero();

            session.append(new Lifecycle.Started(), said("x"), new Lifecycle.Completed("", null));
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.append(said("more")));
            session.note("annotations may follow");
            assertThat(session.last().index()).isEqualTo(4);
            assertThat(events(rival(), session.id())).hasSize(4);
        }
    }

    @Test
    void annotationsMetadataAndConfigurationAreFolded() {
        try (Session session = store.create(CONVERSATION)) {
            session.title("new title");
            session.tag("a", "b");
            session.append(new Annotation.Tagged(List.of(), List.of("a")));
            session.metadata(Map.of("k", Json.of(1), "gone", Json.of(2)));
            session.append(new MetadataSet(Map.of(), List.of("gone")));
            session.configure(Json.parse("{\"focus\":\"docs\",\"later\":1.50}"));

            SessionState state = rival().read(session.id()).state();
            assertThat(state).isEqualTo(session.state());
            assertThat(state.title()).isEqualTo("new title");
            assertThat(state.tags()).containsExactly("b");
            assertThat(state.metadata()).containsExactly(Map.entry("k", Json.of(1)));
            assertThat(state.config().text()).contains("\"later\":1.50");
        }
    }

    @Test
    void sessionsAreListedNewestUpdateFirst() {
        SessionId one = make(session -> {});
        SessionId two = make(session -> {});
        SessionId three = make(session -> {});
        store.annotate(one, new Annotation.TitleSet("updated last"));

        assertThat(listed(store, SessionFilter.ALL)).containsExactly(one, three, two);
        assertThat(listed(rival(), SessionFilter.ALL.limit(2))).containsExactly(one, three);
        assertThat(store.list(SessionFilter.ALL).unreadable()).isEmpty();
    }

    @Test
    void filtersShowWhatTheyShould() {
        SessionId talk = make(CONVERSATION.project("p").tags(List.of("t")), session -> {});
        SessionId work = make(SessionConfig.workflow("w").agent("a"), Session::start);
        SessionId done = make(CONVERSATION.project("q"), session -> session.cancel(""));

        assertThat(listed(store, SessionFilter.ALL)).containsExactlyInAnyOrder(talk, work, done);
        assertThat(listed(store, SessionFilter.ACTIVE)).containsExactlyInAnyOrder(talk, work);
        assertThat(store.active()).containsExactlyInAnyOrder(talk, work);
        assertThat(listed(store, SessionFilter.ALL.kind(SessionKind.WORKFLOW))).containsExactly(work);
        assertThat(listed(store, SessionFilter.ALL.project("p"))).containsExactly(talk);
        assertThat(listed(store, SessionFilter.ALL.agent("a"))).containsExactly(work);
        assertThat(listed(store, SessionFilter.ALL.tag("t"))).containsExactly(talk);
        assertThat(listed(store, SessionFilter.ALL.statuses(EnumSet.of(SessionStatus.CANCELLED))))
                .containsExactly(done);
    }

    @Test
    void aSessionIsFoundByTheBeginningOfItsId() {
        SessionId id = make(session -> {});

        assertThat(store.resolve(id.value())).isEqualTo(id);
        assertThat(store.resolve(id.value().substring(0, 30))).isEqualTo(id);
        refused(ErrorCode.NOT_FOUND, () -> store.resolve("ffffffff"));
    }

    @Test
    void everythingIsThereForTheNextProcess() {
        SessionId id = make(SessionConfig.workflow("w"), session -> {
            session.start();
            session.append(said("small"), said(LARGE));
            session.compact("so far", List.of());
            session.tag("t");
        });
        SessionId other = make(session -> session.append(said("other")));
        SessionState state = store.read(id).state();
        assertThat(state.records()).isEqualTo(4);
        SessionStore next = afterwards();

        assertThat(next.exists(id)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            assertThat(listed(next, SessionFilter.ALL)).containsExactly(other, id);
            assertThat(next.read(id).state()).isEqualTo(state);
            assertThat(events(next, id))
                    .containsExactly(
                            new Lifecycle.Started(),
                            said("small"),
                            said(LARGE),
                            new Annotation.Tagged(List.of("t"), List.of()));
            try (Session again = next.drive(id)) {
                assertThat(again.complete("").segment()).isEqualTo(2);
            }
        } else {
            assertThat(listed(next, SessionFilter.ALL)).isEmpty();
            refused(ErrorCode.NOT_FOUND, () -> next.drive(id));
        }
    }
}
