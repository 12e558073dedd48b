package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.spi.Presence;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What creating, moving through the lifecycle and listing promise. */
class SessionLifecycleTest extends EveryStore {
    @Test
    void aSessionIsCreatedAndRead() {
        SessionConfig config = SessionConfig.workflow("nightly")
                .project("p")
                .agent("a")
                .tags(List.of("x"))
                .metadata(Map.of("k", Json.of("v")))
                .maxIterations(5)
                .executionMode("worktree:w")
                .focus("tests")
                .options(Map.of("failFast", Json.of(true)))
                .environment(Map.of("E", "1"));
        SessionId id;
        try (Session session = store.create(config)) {
            id = session.id();
            assertThat(session.last()).isEqualTo(new Position(id, 1, 0));
            assertThat(session.state().status()).isEqualTo(SessionStatus.CREATED);
        }

        assertThat(store.exists(id)).isTrue();
        SessionState state = another().read(id).state();
        assertThat(state.configuration()).isEqualTo(config);
        assertThat(state.title()).isEqualTo("nightly");
        assertThat(state.kind()).isEqualTo(SessionKind.WORKFLOW);
        assertThat(state.metadata()).containsEntry("k", Json.of("v"));
        assertThat(state.createdAt()).isEqualTo(state.updatedAt());
    }

    @Test
    void aSessionThatIsNotThereIsNotFound() {
        SessionId id = SessionId.of(1, 2, 3);

        assertThat(store.exists(id)).isFalse();
        refused(ErrorCode.NOT_FOUND, () -> store.read(id));
        refused(ErrorCode.NOT_FOUND, () -> store.drive(id));
        refused(ErrorCode.NOT_FOUND, () -> store.summary(id));
        refused(ErrorCode.NOT_FOUND, () -> store.delete(id));
        refused(ErrorCode.NOT_FOUND, () -> store.previewDelete(id));
        refused(ErrorCode.NOT_FOUND, () -> store.verify(id));
        refused(ErrorCode.NOT_FOUND, () -> store.repair(id));
        refused(ErrorCode.NOT_FOUND, () -> store.annotate(id, new Annotation.TitleSet("t")));
        refused(ErrorCode.NOT_FOUND, () -> store.resolve(id.value()));
        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(id, 1, 0), CONVERSATION));
        assertThat(store.exists(id)).isFalse();
        assertThat(store.list(SessionFilter.ALL).sessions()).isEmpty();
    }

    @Test
    void anIdIsUsedOnce() {
        SessionId id = SessionId.of(1, 2, 3);
        store.create(CONVERSATION, id, new Origin.Imported("codex", "x", "", ""))
                .close();

        refused(ErrorCode.CONFLICT, () -> store.create(CONVERSATION, id, new Origin.Fresh()));
        assertThat(store.read(id).state().origin()).isEqualTo(new Origin.Imported("codex", "x", "", ""));
        assertThat(store.presence(id).kind()).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void titleTagsMetadataAndConfigurationAreUpdated() {
        try (Session session = store.create(CONVERSATION)) {
            session.title("new title");
            session.tag("a", "b");
            session.append(new Annotation.Tagged(List.of(), List.of("a")));
            session.note("a note");
            session.metadata(Map.of("k", Json.of(1), "gone", Json.of(2)));
            session.append(new MetadataSet(Map.of(), List.of("gone")));
            session.configure(Json.parse("{\"focus\":\"docs\",\"later\":1.50}"));

            SessionState state = another().read(session.id()).state();
            assertThat(state).isEqualTo(session.state());
            assertThat(state.title()).isEqualTo("new title");
            assertThat(state.tags()).containsExactly("b");
            assertThat(state.metadata()).containsExactly(Map.entry("k", Json.of(1)));
            assertThat(state.configuration().focus()).isEqualTo("docs");
            assertThat(state.config().text()).contains("\"later\":1.50");
            assertThat(state.records()).isEqualTo(7);
            assertThat(state.updatedAt()).isAfter(state.createdAt());
        }
    }

    @Test
    void aSessionStartsPausesResumesAndCompletes() {
        try (Session session = store.create(SessionConfig.workflow("w"))) {
            assertThat(session.start()).isEqualTo(new Position(session.id(), 1, 1));
            assertThat(session.state().status()).isEqualTo(SessionStatus.RUNNING);
            session.pause("lunch");
            assertThat(session.state().reason()).isEqualTo("lunch");
            session.resume();
            session.complete("2 files", Json.of(List.of("a", "b")));

            SessionState state = store.read(session.id()).state();
            assertThat(state.status()).isEqualTo(SessionStatus.COMPLETED);
            assertThat(state.summary()).isEqualTo("2 files");
            assertThat(state.result()).isEqualTo(Json.of(List.of("a", "b")));
            assertThat(state.startedAt()).isNotNull();
            assertThat(state.completedAt()).isEqualTo(state.updatedAt());
        }
    }

    @Test
    void aSessionFails() {
        try (Session session = store.create(SessionConfig.workflow("w"))) {
            session.start();
            session.fail("disk full");
            assertThat(store.read(session.id()).state().error()).isEqualTo("disk full");
            assertThat(session.state().status()).isEqualTo(SessionStatus.FAILED);
        }
    }

    @Test
    void aSessionIsCancelled() {
        try (Session session = store.create(SessionConfig.workflow("w"))) {
            session.cancel("no longer needed");
            assertThat(store.read(session.id()).state().reason()).isEqualTo("no longer needed");
            assertThat(session.state().status()).isEqualTo(SessionStatus.CANCELLED);
        }
    }

    @Test
    void anIllegalTransitionWritesNothing() {
        try (Session session = store.create(SessionConfig.workflow("w"))) {
            assertThatThrownBy(session::resume).isInstanceOfSatisfying(IllegalTransitionException.class, e -> {
                assertThat(e.from()).isEqualTo(SessionStatus.CREATED);
                assertThat(e.to()).isEqualTo(SessionStatus.RUNNING);
            });
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.append(Message.user("too early")));
            refused(
                    ErrorCode.ILLEGAL_TRANSITION,
                    () -> session.append(new Lifecycle.Started(), Message.user("x"), new Lifecycle.Started()));
            assertThat(session.last().index()).isZero();

            session.append(new Lifecycle.Started(), Message.user("x"), new Lifecycle.Completed("", null));
            assertThat(session.state().status()).isEqualTo(SessionStatus.COMPLETED);
        }
    }

    @Test
    void onlyAnnotationsFollowTheEnd() {
        try (Session session = store.create(CONVERSATION)) {
            session.cancel("");
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.append(Message.user("more")));
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.metadata(Map.of("k", Json.NULL)));
            session.title("t");
            session.tag("t");
            session.note("n");
            assertThat(session.last().index()).isEqualTo(4);
        }
    }

    @Test
    void sessionsAreListedNewestUpdateFirst() {
        List<SessionId> ids = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            try (Session session = store.create(CONVERSATION)) {
                ids.add(session.id());
            }
        }
        store.annotate(ids.get(1), new Annotation.TitleSet("updated last"));

        assertThat(listed(SessionFilter.ALL))
                .containsExactly(ids.get(1), ids.get(4), ids.get(3), ids.get(2), ids.get(0));
        assertThat(listed(SessionFilter.ALL.limit(2))).containsExactly(ids.get(1), ids.get(4));
        assertThat(another().list(SessionFilter.ALL).unreadable()).isEmpty();
    }

    @Test
    void everyFilterShowsWhatItShould() {
        SessionId workflow =
                make(SessionConfig.workflow("w").project("p").agent("a").tags(List.of("t")), s -> {});
        SessionId running = make(CONVERSATION.project("p"), Session::start);
        SessionId paused = make(SessionConfig.of(SessionKind.MAPREDUCE).agent("a"), s -> {
            s.start();
            s.pause("");
        });
        SessionId failed = make(CONVERSATION, s -> s.fail("no"));
        SessionId done = make(CONVERSATION, s -> {
            s.start();
            s.complete("");
            s.tag("t");
        });

        assertThat(listed(SessionFilter.ALL.kind(SessionKind.WORKFLOW))).containsExactly(workflow);
        assertThat(listed(SessionFilter.ALL.project("p"))).containsExactly(running, workflow);
        assertThat(listed(SessionFilter.ALL.agent("a"))).containsExactly(paused, workflow);
        assertThat(listed(SessionFilter.ALL.tag("t"))).containsExactly(done, workflow);
        assertThat(listed(SessionFilter.ALL.statuses(EnumSet.of(SessionStatus.FAILED))))
                .containsExactly(failed);
        assertThat(listed(SessionFilter.ALL.project("p").agent("a"))).containsExactly(workflow);
        assertThat(listed(SessionFilter.ALL.project("none"))).isEmpty();
        assertThat(listed(SessionFilter.ACTIVE)).containsExactly(paused, running, workflow);
        assertThat(store.active()).containsExactly(paused, running, workflow);
        Instant since = store.read(failed).state().updatedAt();
        assertThat(listed(SessionFilter.ALL.since(since))).containsExactly(done, failed);
        assertThat(listed(SessionFilter.ALL.since(since.plusNanos(1)))).containsExactly(done);
    }

    @Test
    void aSummaryTellsWhatAListShows() {
        try (Session session = store.create(CONVERSATION.project("p").agent("a"))) {
            session.start();
            session.append(new UsageRecorded(new Tokens(5, 4, 3, 2, 1), "m", "r", new BigDecimal("0.5")));
            SessionSummary summary = store.summary(session.id());

            assertThat(summary.id()).isEqualTo(session.id());
            assertThat(summary.state()).isEqualTo(session.state());
            assertThat(summary.project()).isEqualTo("p");
            assertThat(summary.agent()).isEqualTo("a");
            assertThat(summary.head()).isEqualTo(session.last());
            assertThat(summary.interrupted()).isFalse();
            assertThat(summary.state().tokens()).isEqualTo(new Tokens(5, 4, 3, 2, 1));
        }
    }

    @Test
    void anIdMayBeShortenedToABeginningThatOnlyOneHas() {
        SessionId one = SessionId.of(0x0196_f5a2_7c3bL, 1, 1);
        SessionId two = SessionId.of(0x0196_f5a2_7c3bL, 2, 2);
        store.create(CONVERSATION, one, new Origin.Fresh()).close();
        store.create(CONVERSATION, two, new Origin.Fresh()).close();

        assertThat(store.resolve(one.value())).isEqualTo(one);
        assertThat(store.resolve("0196f5a2-7c3b-7001")).isEqualTo(one);
        assertThat(store.resolve("0196f5a2-7c3b-7002-8")).isEqualTo(two);
        assertThatThrownBy(() -> store.resolve("0196"))
                .hasMessageContaining("2 sessions begin with 0196")
                .hasMessageContaining(one.value());
        refused(ErrorCode.NOT_FOUND, () -> store.resolve("0197"));
        for (String text : List.of("", "..", "../x", "/", "0196*", "0196\n", "x".repeat(1_000), "0196\u0000")) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> store.resolve(text));
        }
    }
}
