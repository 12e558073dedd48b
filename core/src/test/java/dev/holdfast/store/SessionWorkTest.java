package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.AgentRun;
import dev.holdfast.event.Changes;
import dev.holdfast.event.CommandExecuted;
import dev.holdfast.event.Event;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Milestone;
import dev.holdfast.event.ToolRun;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.PhasePlan;
import dev.holdfast.session.Progress;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.WorkState;
import dev.holdfast.session.WorkflowChangedException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Work as it is recorded through a session, and from where it goes on. */
class SessionWorkTest extends EveryStore {
    private static final Json STEPS = Json.parse("{\"name\":\"nightly\",\"steps\":[\"build\",\"test\"]}");
    private static final SessionConfig WORKFLOW =
            SessionConfig.workflow("nightly").workflow(STEPS).maxIterations(3);

    @Test
    void anIterationRecordsWhatItDoesAndChanges() {
        Changes changes = Changes.of(List.of("src/A.java"), 3, 1);
        SessionId id = make(WORKFLOW, session -> {
            session.start();
            session.iteration(
                    1,
                    it -> it.command(
                                    "mvn test",
                                    Outcome.success()
                                            .took(Duration.ofMillis(12))
                                            .output(LARGE))
                            .command("git commit", Outcome.of(1))
                            .changed(changes));
        });
        assertThat(events(store, id))
                .containsExactly(
                        new Lifecycle.Started(),
                        new Iteration.Started(1),
                        new CommandExecuted("mvn test", 0, 12, LARGE),
                        new CommandExecuted("git commit", 1, 0, ""),
                        new Iteration.Completed(1, changes.commandsRun(List.of("mvn test", "git commit"))));
        WorkState work = another().read(id).state().work();
        assertThat(work.commands()).isEqualTo(new WorkState.Commands(2, 1));
        assertThat(work.finished().iterations()).isEqualTo(1);
    }

    @Test
    void anIterationThatThrowsCanBeStartedAgain() {
        try (Session session = store.create(WORKFLOW)) {
            session.start();
            assertThatThrownBy(() -> session.iteration(1, it -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
            assertThat(session.state().work().iterationOpen()).isTrue();
            session.iteration(1, it -> assertThat(it.number()).isEqualTo(1));
            refused(ErrorCode.CONFLICT, () -> session.iteration(3, it -> {}));
            assertThat(session.state().iteration()).isEqualTo(1);
        }
    }

    @Test
    void everyOtherMethodRecordsItsEvent() {
        SessionId id = make(WORKFLOW.phasePlan(PhasePlan.DELIVERY), session -> {
            session.start();
            SessionWork work = session.work();
            work.moveTo("spec", null);
            work.handoff("spec", "plan", "the spec");
            work.startStep("s", 0, "build");
            work.completeStep("s", "out", Map.of("v", Json.of(1)), Duration.ofSeconds(1));
            work.startStep("t", 1, "test");
            work.failStep("t", "red", Duration.ofSeconds(2));
            work.command("ls", Outcome.success());
            work.metric("coverage", new BigDecimal("0.9"), "ratio");
            work.timing("build", Duration.ofMillis(3));
            work.timing("build", Duration.ofMillis(4));
            work.decide("records", "immutable");
            work.ask("q", "which?");
            work.note(new Journal.AnalysisCompleted("size", Json.of(3)));
            work.startRun(AgentRun.Started.of("r", "coder"));
            work.startTool(new ToolRun.Started("t1", "bash", Json.EMPTY_OBJECT, "r"));
            work.endTool("t1", Json.of("ok"), null, Duration.ofMillis(5));
            work.endRun("r", AgentRun.Status.COMPLETED, null);
            work.workspace("branch", "tree", "main");
            work.plan(PhasePlan.linear("own", List.of("spec", "ship")));
            work.moveTo("ship", "done");
            session.pause("");
            work.answer("q", "that");
        });
        var state = another().read(id).state();
        assertThat(state.oddities()).isZero();
        assertThat(state.phase()).isEqualTo("ship");
        assertThat(state.configuration().plan().name()).isEqualTo("own");
        assertThat(state.work().open().size()).isZero();
        assertThat(state.work().steps()).isEqualTo(new WorkState.Steps(null, 1, 1));
        assertThat(state.work().timings().get("build").total()).isEqualTo(Duration.ofMillis(7));
        assertThat(state.work().workspace().branch()).isEqualTo("branch");
    }

    @Test
    void aMilestoneAndItsCheckpointAreOneAppend() {
        SessionId id = make(WORKFLOW, session -> {
            session.start();
            session.work().planMilestones(List.of("parse", "print"));
            Position before = session.last();
            refused(ErrorCode.CONFLICT, () -> session.work().completeMilestone(2, "", NewCheckpoint.labelled("print")));
            assertThat(session.last()).isEqualTo(before);
            Checkpoint checkpoint = session.work()
                    .completeMilestone(
                            1, "parses", NewCheckpoint.labelled("parse").state(Json.of(1)));
            assertThat(checkpoint.position()).isEqualTo(session.last());
        });
        SessionView view = another().read(id);
        List<Event> events = events(store, id);
        assertThat(events.get(events.size() - 2)).isEqualTo(new Milestone.Completed(1, "parses"));
        assertThat(records(store, id).getLast().batchOrdinal()).isEqualTo(1);
        assertThat(view.checkpoints()).extracting(Checkpoint::label).containsExactly("parse");
        assertThat(view.progress().unit()).isEqualTo(Progress.Unit.MILESTONES);
        assertThat(view.progress().fraction()).isEqualTo(0.5);
    }

    @Test
    void workIsRefusedUnlessTheSessionRuns() {
        try (Session session = store.create(WORKFLOW)) {
            assertThatThrownBy(() -> session.work().startIteration(1)).isInstanceOf(IllegalTransitionException.class);
            session.start();
            session.complete("");
            assertThatThrownBy(() -> session.work().decide("x", "")).isInstanceOf(IllegalTransitionException.class);
        }
        Session closed = store.create(WORKFLOW);
        closed.close();
        refused(ErrorCode.CLOSED, () -> closed.work().moveTo("x", null));
        refused(ErrorCode.CLOSED, closed::items);
        refused(ErrorCode.CLOSED, () -> closed.work().completeMilestone(1, "", NewCheckpoint.labelled("")));
    }

    @Test
    void whatWasBegunAndHasNotEndedIsNamed() {
        SessionId id = make(WORKFLOW, session -> {
            session.start();
            session.work().ask("q", "which?");
            session.work().startRun(AgentRun.Started.of("old", "coder"));
            session.work().endRun("old", AgentRun.Status.COMPLETED, null);
            session.work().startIteration(1);
            session.work().startStep("s", 0, "build");
            session.work().startRun(AgentRun.Started.of("r", "coder"));
            session.work().startTool(new ToolRun.Started("t", "bash", Json.NULL, "r"));
        });
        Unfinished unfinished = another().read(id).unfinished();
        assertThat(unfinished.begun())
                .extracting(each -> each.kind() + " " + each.id() + " " + each.name())
                .containsExactly(
                        "QUESTION q which?", "ITERATION 1 ", "STEP s build", "AGENT_RUN r coder", "TOOL_RUN t bash");
        assertThat(unfinished.isEmpty()).isFalse();
        SessionId done = make(WORKFLOW, session -> {
            session.start();
            session.iteration(1, it -> {});
        });
        assertThat(store.read(done).unfinished().isEmpty()).isTrue();
    }

    @Test
    void anInterruptedSessionGoesOnAndTheTimeBetweenDoesNotCount() {
        SessionId id = make(WORKFLOW, session -> {
            session.start();
            session.iteration(1, it -> {});
            session.work().startIteration(2);
            session.work().startStep("s", 0, "build");
        });
        Duration before = store.read(id).progress().active();
        for (int k = 0; k < 500; k++) {
            store.now();
        }
        try (Session session = another().drive(id)) {
            ResumePoint point = session.work().resume(Resume.with(STEPS));
            assertThat(point.iteration()).isEqualTo(2);
            assertThat(point.iterationOpen()).isTrue();
            assertThat(point.step()).isEqualTo("s");
            Position last = session.last();
            session.work().resume(Resume.asRecorded());
            assertThat(session.last()).as("resumed once").isEqualTo(last);
            assertThat(session.state().work().active().upTo(session.state().updatedAt()))
                    .isEqualTo(before);
            session.iteration(2, it -> {});
        }
        assertThat(store.read(id).progress().wall()).isGreaterThan(before.plusMillis(400));
    }

    @Test
    void aChangedWorkflowMustBeConfirmed() {
        Json changed = Json.parse("{\"name\":\"nightly\",\"steps\":[\"build\"]}");
        SessionId id = make(WORKFLOW, session -> {
            session.start();
            session.pause("");
        });
        try (Session session = store.drive(id)) {
            Position before = session.last();
            assertThatThrownBy(() -> session.work().resume(Resume.with(changed)))
                    .isInstanceOfSatisfying(WorkflowChangedException.class, e -> {
                        assertThat(e.recorded()).isEqualTo(SessionConfig.workflowHash(STEPS));
                        assertThat(e.given()).isEqualTo(SessionConfig.workflowHash(changed));
                        assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                    });
            assertThat(session.last()).isEqualTo(before);
            session.work().resume(Resume.with(changed).acceptChange());
            assertThat(session.state().configuration().workflow()).isEqualTo(changed);
        }
        try (Session session = store.drive(id)) {
            session.work().resume(Resume.with(Json.parse("{ \"steps\": [\"build\"], \"name\": \"nightly\" }")));
        }
    }

    @Test
    void progressNeedsNoMoreThanTheState() {
        SessionId id = make(SessionConfig.of(SessionKind.WORKFLOW).maxIterations(4), session -> {
            session.start();
            session.iteration(1, it -> it.changed(Changes.of(List.of("a", "b"), 1, 1)));
        });
        SessionView view = store.read(id);
        Progress progress = view.progress();
        assertThat(progress.iterationsDone()).isEqualTo(1);
        assertThat(progress.iterationsTotal()).isEqualTo(4);
        assertThat(progress.filesChanged()).isEqualTo(2);
        assertThat(progress.perHour()).isPositive();
        assertThat(view.progress(view.state().updatedAt().plusSeconds(60)).active())
                .isEqualTo(progress.active().plusSeconds(60));
        assertThat(view.resumePoint().iteration()).isEqualTo(2);
    }
}
