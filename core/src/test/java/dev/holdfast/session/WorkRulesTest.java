package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.AgentRun;
import dev.holdfast.event.Changes;
import dev.holdfast.event.CommandExecuted;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Item;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Measurement;
import dev.holdfast.event.Milestone;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Phase;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Step;
import dev.holdfast.event.ToolRun;
import dev.holdfast.event.WorkEvent;
import dev.holdfast.event.WorkspaceSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of work follows from what, and what it amounts to. */
class WorkRulesTest {
    private static final Instant T0 = Instant.parse("2026-11-20T21:00:00Z");

    private Fold fold = running(SessionConfig.workflow("w").maxIterations(3));

    private static Fold running(SessionConfig config) {
        Fold fold = Fold.of(
                new SegmentOpened(
                        1,
                        "log",
                        1,
                        new Origin.Fresh(),
                        new SegmentOpened.Writer("p", "v", "h", 1),
                        null,
                        config.toJson(),
                        null),
                T0);
        fold.apply(new Lifecycle.Started(), T0);
        return fold;
    }

    private void take(Event... events) {
        for (Event event : events) {
            Admission.admit(fold, event);
            long oddities = fold.oddities();
            fold.apply(event, T0);
            assertThat(fold.oddities()).as("%s", event).isEqualTo(oddities);
        }
    }

    /** Refused in writing; in reading left out of the state and counted. */
    private void refuse(WorkEvent event, String... words) {
        SessionState before = fold.toState();
        assertThatThrownBy(() -> Admission.admit(fold, event))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContainingAll(words);
        fold.apply(event, T0);
        assertThat(fold.oddities()).isEqualTo(before.oddities() + 1);
        assertThat(fold.toState().work()).isEqualTo(before.work());
        assertThat(fold.toState().phase()).isEqualTo(before.phase());
        assertThat(fold.toState().iteration()).isEqualTo(before.iteration());
    }

    private WorkState work() {
        return fold.toState().work();
    }

    @Test
    void iterationsFollowEachOtherUpToTheMaximum() {
        refuse(new Iteration.Completed(1, Changes.NONE), "iteration 1 was not started", "start iteration 1 first");
        refuse(new Iteration.Started(2), "iteration 2 cannot start", "the next one is 1");
        take(new Iteration.Started(1));
        refuse(new Iteration.Started(2), "iteration 1 is under way");
        refuse(new Iteration.Completed(2, Changes.NONE), "iteration 2 was not started", "iteration 1 is under way");
        take(new Iteration.Started(1), new Iteration.Completed(1, Changes.of(List.of("a", "b"), 5, 2)));
        refuse(new Iteration.Completed(1, Changes.NONE), "was not started");
        take(new Iteration.Started(2), new Iteration.Completed(2, Changes.of(List.of("b", "c"), 1, 1)));
        take(new Iteration.Started(3), new Iteration.Completed(3, Changes.NONE));
        refuse(new Iteration.Started(4), "iteration 4 is beyond the maximum of 3", "raise maxIterations");
        take(new ConfigChanged(Json.parse("{\"maxIterations\":4}")), new Iteration.Started(4));

        assertThat(fold.toState().iteration()).isEqualTo(4);
        assertThat(work().iterationOpen()).isTrue();
        assertThat(work().finished().iterations()).isEqualTo(3);
        assertThat(work().changes().files().size()).isEqualTo(3);
        assertThat(work().changes().linesAdded()).isEqualTo(6);
        assertThat(work().changes().linesRemoved()).isEqualTo(3);
    }

    @Test
    void stepsRunsAndQuestionsEndOnceAfterTheyBegan() {
        record Pair(WorkEvent begin, WorkEvent end) {}
        for (Pair pair : List.of(
                new Pair(new Step.Started("x", 0, "build"), new Step.Completed("x", "", Map.of(), 1)),
                new Pair(new Step.Started("x", 0, "build"), new Step.Failed("x", "no", 1)),
                new Pair(
                        AgentRun.Started.of("x", "coder"),
                        new AgentRun.Ended("x", AgentRun.Status.COMPLETED, null, null)),
                new Pair(new ToolRun.Started("x", "bash", Json.NULL, null), new ToolRun.Ended("x", null, null, 1)),
                new Pair(new Journal.QuestionOpened("x", "?"), new Journal.QuestionAnswered("x", "!")))) {
            refuse(pair.end(), "\"x\" is not open");
            take(pair.begin());
            assertThat(work().open().size()).isEqualTo(1);
            refuse(pair.begin(), "\"x\" is open already");
            take(pair.end());
            refuse(pair.end(), "\"x\" is not open");
            assertThat(work().open().size()).isZero();
        }
        assertThat(work().steps()).isEqualTo(new WorkState.Steps(null, 1, 1));
    }

    @Test
    void stepsMayOverlap() {
        take(new Step.Started("a", 0, ""), new Step.Started("b", 1, ""), new Step.Completed("a", "", Map.of(), 0));
        assertThat(work().steps().current()).isEqualTo("b");
        take(new Step.Failed("b", "", 0));
        assertThat(work().steps()).isEqualTo(new WorkState.Steps(null, 1, 1));
    }

    @Test
    void whatIsOpenIsBounded() {
        for (int k = 0; k < WorkState.MOST_OPEN; k++) {
            take(AgentRun.Started.of("run " + k, "coder"));
        }
        refuse(new Step.Started("one more", 0, ""), "400 steps, runs and questions are open", "unfinished()");
        take(new AgentRun.Ended("run 7", AgentRun.Status.FAILED, "no", null), new Step.Started("one more", 0, ""));
    }

    @Test
    void phasesMoveAlongThePlan() {
        fold = running(SessionConfig.workflow("w").phasePlan(PhasePlan.DELIVERY));
        refuse(new Phase.Moved(null, "build", null), "begins with spec");
        take(new Phase.Moved(null, "spec", null), new Phase.Moved("spec", "plan", null));
        refuse(new Phase.Moved("spec", "plan", null), "work stands in phase plan, not in spec");
        refuse(new Phase.Moved("plan", "docs", null), "no way from plan to docs", "build may follow");
        refuse(new Phase.Moved("plan", "spec", null), "only with a reason");
        take(new Phase.Moved("plan", "spec", "a gap"), new Phase.Handoff("spec", "plan", "notes"));
        assertThat(fold.toState().phase()).isEqualTo("spec");
    }

    @Test
    void aPlanWithoutThePhaseThatWorkStandsInIsNotTaken() {
        fold = running(SessionConfig.workflow("w").phasePlan(PhasePlan.DELIVERY));
        take(new Phase.Moved(null, "spec", null));
        fold.apply(new ConfigChanged(Json.parse("{\"phasePlan\":\"mapreduce\"}")), T0);
        assertThat(fold.oddities()).isEqualTo(1);
        assertThat(fold.toState().configuration().plan()).isEqualTo(PhasePlan.DELIVERY);
    }

    @Test
    void milestonesAreReachedInOrderOnceAndInRange() {
        refuse(new Milestone.Completed(1, ""), "milestone 1 is not planned", "plan the milestones first");
        take(new Milestone.Planned(List.of("a", "b", "c")));
        refuse(new Milestone.Completed(2, ""), "milestone 2 is out of order", "the next one is 1");
        refuse(new Milestone.Completed(4, ""), "milestone 4 is out of range", "there are 3");
        take(new Milestone.Completed(1, ""), new Milestone.Completed(2, ""));
        refuse(new Milestone.Completed(1, ""), "milestone 1 is reached already", "the next one is 3");
        refuse(new Milestone.Planned(List.of("a")), "2 are reached");
        assertThat(work().milestones().current()).isEqualTo(3);
        take(new Milestone.Planned(List.of("a", "b")));
        refuse(new Milestone.Completed(2, ""), "reached already", "all 2 are");
        assertThat(work().milestones().current()).isZero();
        take(new Milestone.Planned(List.of("a", "b", "c", "d")), new Milestone.Completed(3, ""));
        assertThat(work().milestones()).isEqualTo(new WorkState.Milestones(4, 3));
    }

    private static Item.Added items(String... ids) {
        return new Item.Added(java.util.stream.Stream.of(ids)
                .map(id -> new Item.Task(id, Json.NULL))
                .toList());
    }

    @Test
    void itemCountsAlwaysAddUp() {
        refuse(new Item.Started("a", 1, null), "item.started does not fit", "0 are pending");
        take(items("a", "b", "c"), new Item.Started("a", 1, null), new Item.Started("b", 1, null));
        assertThat(work().items()).isEqualTo(new WorkState.Items(1, 2, 0, 0, 0, 0));
        take(new Item.Completed("a", null), new Item.Failed("b", "no", 5L));
        assertThat(work().items()).isEqualTo(new WorkState.Items(2, 0, 1, 0, 0, 1));
        refuse(new Item.Completed("b", null), "0 running");
        take(new Item.Started("b", 2, null), new Item.Failed("b", "no", null));
        assertThat(work().items()).isEqualTo(new WorkState.Items(1, 0, 1, 1, 0, 2));
        refuse(new Item.Requeued(List.of("b"), Item.From.PENDING, ""), "does not fit");
        refuse(new Item.Dropped(List.of("b"), Item.From.RUNNING, ""), "does not fit");
        refuse(new Item.Requeued(List.of("b", "c"), Item.From.DEAD, ""), "1 dead");
        take(
                new Item.Requeued(List.of("b"), Item.From.DEAD, ""),
                new Item.Dropped(List.of("b"), Item.From.PENDING, ""));
        take(new Item.Started("c", 1, null), new Item.Requeued(List.of("c"), Item.From.RUNNING, "gone"));
        assertThat(work().items()).isEqualTo(new WorkState.Items(1, 0, 1, 0, 1, 2));
        assertThat(work().items().total()).isEqualTo(3);
        take(new Item.Started("c", 2, null), new Item.Failed("c", "", null));
        take(new Item.Dropped(List.of("c"), Item.From.DEAD, ""));
        assertThat(work().items().ended()).isEqualTo(3);
    }

    @Test
    void inAMapReduceRunItemsBelongToTheMap() {
        fold = running(SessionConfig.of(SessionKind.MAPREDUCE));
        refuse(items("a"), "belongs to phase map", "work stands in none");
        take(new Phase.Moved(null, "setup", null), items("a", "b"));
        refuse(new Item.Started("a", 1, null), "belongs to phase map", "work stands in setup");
        take(new Phase.Moved("setup", "map", null), new Item.Started("a", 1, null));
        refuse(new Phase.Moved("map", "reduce", null), "map is not over", "1 items are pending and 1 running");
        take(new Item.Completed("a", null), new Item.Dropped(List.of("b"), Item.From.PENDING, ""));
        take(new Phase.Moved("map", "reduce", null));
        refuse(items("c"), "belongs to phase map");
        take(new Phase.Moved("reduce", "map", "more"), items("c"), new Phase.Moved("map", "setup", "again"));
    }

    @Test
    void timingsAndMetricsOfOneNameAddUp() {
        take(new Measurement.Timing("build", 400), new Measurement.Timing("build", 700));
        take(new Measurement.Metric("size", new BigDecimal("1.5"), "MB"));
        take(new Measurement.Metric("size", new BigDecimal("0.5"), "MB"));
        assertThat(work().timings()).containsExactly(Map.entry("build", new WorkState.Timing(1_100, 2)));
        assertThat(work().timings().get("build").total()).isEqualTo(Duration.ofNanos(1_100_000));
        WorkState.Metric size = work().metrics().get("size");
        assertThat(size.sum()).isEqualByComparingTo("2");
        assertThat(size.last()).isEqualByComparingTo("0.5");
        assertThat(size.count()).isEqualTo(2);
    }

    @Test
    void namesBeyondTheShareOfTheStateAddUpTogether() {
        for (int k = 0; k < 300; k++) {
            take(new Measurement.Timing("t" + k, 10), new Measurement.Metric("m" + k, BigDecimal.ONE, null));
        }
        assertThat(work().timings()).containsKey(WorkState.OTHERS).hasSizeLessThan(60);
        assertThat(work().timings().values().stream()
                        .mapToLong(WorkState.Timing::totalMicros)
                        .sum())
                .isEqualTo(3_000);
        assertThat(work().metrics().values().stream()
                        .mapToLong(WorkState.Metric::count)
                        .sum())
                .isEqualTo(300);
    }

    @Test
    void filesAreCountedExactlyUpToAThousand() {
        for (int k = 0; k < WorkState.FILES_TOLD_APART; k++) {
            take(new Journal.DocumentUpdated("f" + k, "", null), new Journal.DocumentUpdated("f" + k, "", null));
        }
        assertThat(work().changes().files().size()).isEqualTo(1_000);
        assertThat(work().changes().filesAtLeast()).isFalse();
        take(new Journal.DocumentUpdated("one more", "", null));
        assertThat(work().changes().files().size()).isEqualTo(1_000);
        assertThat(work().changes().filesAtLeast()).isTrue();
    }

    @Test
    void commandsCommitsAndTheWorkspaceAreKept() {
        take(new CommandExecuted("a", 0, 1, ""), new CommandExecuted("b", 2, 1, "tail"));
        take(new Journal.CommitRecorded(new Changes.Commit("9fceb02", "", null), 1L));
        take(new WorkspaceSet("branch", "tree", "main"), new Journal.DecisionMade("x", ""));
        assertThat(work().commands()).isEqualTo(new WorkState.Commands(2, 1));
        assertThat(work().changes().lastCommit()).isEqualTo("9fceb02");
        assertThat(work().workspace()).isEqualTo(new WorkspaceSet("branch", "tree", "main"));
    }

    @Test
    void timeIsActiveOnlyWhileTheSessionRuns() {
        fold.apply(new Lifecycle.Paused(""), T0.plusSeconds(10));
        fold.apply(new Lifecycle.Resumed(), T0.plusSeconds(110));
        assertThat(work().active().upTo(T0.plusSeconds(115))).isEqualTo(Duration.ofSeconds(15));
        fold.apply(new Lifecycle.Completed("", null), T0.plusSeconds(120));
        Progress progress = Progress.of(fold.toState(), T0.plusSeconds(999));
        assertThat(progress.active()).isEqualTo(Duration.ofSeconds(20));
        assertThat(progress.wall()).isEqualTo(Duration.ofSeconds(120));
        assertThat(progress.estimate()).isNull();
    }

    @Test
    void aClockThatJumpsBackMakesNoNegativeTime() {
        fold.apply(new Lifecycle.Paused(""), T0.minusSeconds(10));
        assertThat(work().active().upTo(T0)).isEqualTo(Duration.ZERO);
    }

    @Test
    void progressIsCountedInTheFinestThatIsKnown() {
        Instant later = T0.plusSeconds(3_600);
        assertThat(Progress.of(fold.toState(), later).unit()).isEqualTo(Progress.Unit.ITERATIONS);
        take(new Iteration.Started(1));
        assertThat(Progress.of(fold.toState(), later).iterationsDone()).isZero();
        take(new Iteration.Completed(1, Changes.NONE));
        Progress iterations = Progress.of(fold.toState(), later);
        assertThat(iterations.done()).isEqualTo(1);
        assertThat(iterations.total()).isEqualTo(3);
        assertThat(iterations.perHour()).isEqualTo(1);
        assertThat(iterations.estimate()).isEqualTo(Duration.ofHours(2));
        assertThat(iterations.fraction()).isEqualTo(1.0 / 3);

        take(new Milestone.Planned(List.of("a", "b", "c", "d")), new Milestone.Completed(1, ""));
        assertThat(Progress.of(fold.toState(), later).estimate()).isEqualTo(Duration.ofHours(3));

        take(items("a", "b"));
        Progress none = Progress.of(fold.toState(), later);
        assertThat(none.unit()).isEqualTo(Progress.Unit.ITEMS);
        assertThat(none.perHour()).isNull();
        assertThat(none.estimate()).isNull();
        take(new Item.Started("a", 1, null), new Item.Completed("a", null));
        assertThat(Progress.of(fold.toState(), later).estimate()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void progressOfNothingIsNothing() {
        SessionState state = running(SessionConfig.conversation("t")).toState();
        Progress progress = Progress.of(state, T0);
        assertThat(progress.total()).isNull();
        assertThat(progress.fraction()).isZero();
        assertThat(progress.perHour()).isNull();
        assertThat(progress.wall()).isEqualTo(Duration.ZERO);
    }

    @Test
    void goingBackTakesThePlaceAndRefundsNothing() {
        take(new Milestone.Planned(List.of("a", "b")), items("a"), new Journal.QuestionOpened("q", "?"));
        take(new Iteration.Started(1), new Step.Started("s", 0, ""), AgentRun.Started.of("r", "coder"));
        SessionState then = fold.toState();
        take(new Step.Completed("s", "", Map.of(), 1), new Milestone.Completed(1, ""), new Item.Started("a", 1, null));
        take(new Item.Completed("a", null), new Iteration.Completed(1, Changes.of(List.of("f"), 1, 0)));
        take(new Iteration.Started(2), new CommandExecuted("c", 0, 1, ""));
        fold.placeAt(then);

        assertThat(fold.toState().iteration()).isEqualTo(1);
        assertThat(work().iterationOpen()).isTrue();
        assertThat(work().milestones().completed()).isZero();
        assertThat(work().items()).isEqualTo(new WorkState.Items(1, 0, 0, 0, 0, 0));
        assertThat(work().finished()).isEqualTo(new WorkState.Finished(1, 1, 1));
        assertThat(work().commands().executed()).isEqualTo(1);
        assertThat(work().changes().linesAdded()).isEqualTo(1);
        assertThat(work().open().size()).isEqualTo(1);
        assertThat(work().steps()).isEqualTo(new WorkState.Steps(null, 1, 0));
        take(new Journal.QuestionAnswered("q", "!"), AgentRun.Started.of("r", "coder"), new Iteration.Started(1));
    }

    @Test
    void aConfigurationThatThisVersionRefusesDoesNotKeepASessionFromBeingRead() {
        SessionState state = fold.toState();
        Fold later = new Fold(StateJson.read(
                StateJson.write(state).toNode(), Json.parse("{\"kind\":\"workflow\",\"phasePlan\":\"later\"}")));
        later.apply(new Phase.Moved(null, "anything", null), T0);
        assertThat(later.toState().phase()).isEqualTo("anything");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "a/../b", "a\\b", "C:x", "", "a//b", "a/", "a\nb"})
    void pathsAreRelativeToTheProject(String path) {
        for (WorkEvent event :
                List.of(new Journal.DocumentUpdated(path, "", null), new Journal.ArtifactRecorded(path, "x", null))) {
            assertThatThrownBy(() -> Admission.admit(SessionKind.WORKFLOW, SessionStatus.RUNNING, event))
                    .hasMessageContaining("inside the project");
        }
        assertThatThrownBy(() -> SessionConfig.workflow("w").directory(path))
                .hasMessageContaining("inside the project");
        assertThat(SessionConfig.workflow("w").directory("a/b.c").directory()).isEqualTo("a/b.c");
    }

    @Test
    void theHashOfAWorkflowIsThatOfItsContent() {
        SessionConfig config = SessionConfig.workflow("w").workflow(Json.parse("{\"a\":[1,2],\"b\":\"x\"}"));
        assertThat(config.workflowHash())
                .isEqualTo(SessionConfig.workflowHash(Json.parse("{ \"b\" : \"x\", \"a\": [1, 2], \"c\": null }")))
                .hasSize(64);
        assertThat(SessionConfig.workflowHash(Json.parse("{\"a\":[2,1],\"b\":\"x\"}")))
                .isNotEqualTo(config.workflowHash());
        assertThat(SessionConfig.workflowHash(Json.parse("{\"a\":[1,2],\"b\":\"y\"}")))
                .isNotEqualTo(config.workflowHash());
        assertThat(SessionConfig.of(SessionKind.WORKFLOW).workflowHash()).isNull();
    }

    @Test
    void valuesOfTheEnvironmentAreInNoText() {
        SessionConfig config = SessionConfig.workflow("w").environment(Map.of("TOKEN", "secret-value"));
        assertThat(config.toString()).contains("TOKEN").doesNotContain("secret-value");
        assertThat(running(config).toState().toString()).doesNotContain("secret-value");
    }

    @Test
    void aRetryPolicyWaitsLongerEachTimeUpToALimit() {
        RetryPolicy policy = new RetryPolicy(9, 100, 3, 1_000);
        assertThat(List.of(policy.delay(1), policy.delay(2), policy.delay(3), policy.delay(200)))
                .containsExactly(
                        Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofMillis(900), Duration.ofSeconds(1));
        SessionConfig config = SessionConfig.workflow("w").retry(policy);
        assertThat(SessionConfig.of(config.toJson()).retryPolicy()).isEqualTo(policy);
        assertThat(SessionConfig.workflow("w").retryPolicy()).isEqualTo(RetryPolicy.USUAL);
        assertThatThrownBy(() -> RetryPolicy.attempts(0)).hasMessageContaining("at least 1 attempt");
        assertThatThrownBy(() -> new RetryPolicy(1, 0, Double.NaN, 0)).hasMessageContaining("factor");
    }
}
