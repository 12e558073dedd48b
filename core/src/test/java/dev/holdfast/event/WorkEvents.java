package dev.holdfast.event;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** At least one of each event of work, with every field given and with every field left out. */
public final class WorkEvents {
    private static final Json OBJECT = Json.parse("{\"a\":[1,true,null,\"x\"],\"b\":{}}");
    private static final String HASH = "0123456789abcdef".repeat(4);

    private WorkEvents() {}

    /**
     * Returns the samples.
     *
     * @return a new stream
     */
    public static Stream<Event> samples() {
        return Stream.concat(doings(), placesAndItems());
    }

    private static Stream<Event> doings() {
        Changes.Commit commit = new Changes.Commit("9fceb02", "lint", "2025-08-05T08:01:50Z");
        return Stream.of(
                new Iteration.Started(1),
                new Iteration.Completed(1, Changes.NONE),
                new Iteration.Completed(
                        2,
                        new Changes(
                                List.of("a", "b/c"),
                                3,
                                4,
                                List.of("mvn test"),
                                List.of(commit, new Changes.Commit("x", "", null)))),
                new Step.Started("s", 0, ""),
                new Step.Started("s", 7, "build"),
                new Step.Completed("s", "", Map.of(), 0),
                new Step.Completed("s", "ok", Map.of("v", Json.NULL, "$blob", OBJECT), 12),
                new Step.Failed("s", "no", 3),
                new CommandExecuted("mvn test", 0, 0, ""),
                new CommandExecuted("mvn test", -1, 17, "tail"),
                new Measurement.Metric("coverage", new BigDecimal("0.950"), null),
                new Measurement.Metric("size", new BigDecimal("12"), "MB"),
                new Measurement.Timing("build", 12_345),
                new Journal.AnalysisCompleted("", Json.NULL),
                new Journal.AnalysisCompleted("coupling", OBJECT),
                new Journal.DecisionMade("records", ""),
                new Journal.DecisionMade("records", "immutable"),
                new Journal.QuestionOpened("q", "which?"),
                new Journal.QuestionAnswered("q", "that"),
                new Journal.DocumentUpdated("docs/a.md", "", null),
                new Journal.DocumentUpdated("docs/a.md", "more", HASH),
                new Journal.ArtifactRecorded("out/a.png", "image", null),
                new Journal.ArtifactRecorded("out/a.png", "image", HASH),
                new Journal.CommitRecorded(commit, null),
                new Journal.CommitRecorded(new Changes.Commit("x", "", null), 3L),
                AgentRun.Started.of("r", "coder"),
                new AgentRun.Started("r", "coder", "m", "build", 2L, "p", "provider"),
                new AgentRun.Ended("r", AgentRun.Status.COMPLETED, null, null),
                new AgentRun.Ended("r", AgentRun.Status.FAILED, "no", "provider"),
                new AgentRun.Ended("r", AgentRun.Status.CANCELLED, null, null),
                new AgentRun.Ended("r", AgentRun.Status.INTERRUPTED, null, null),
                new ToolRun.Started("t", "bash", Json.EMPTY_OBJECT, null),
                new ToolRun.Started("t", "bash", OBJECT, "r"),
                new ToolRun.Ended("t", null, null, 0),
                new ToolRun.Ended("t", Json.NULL, "no", 5));
    }

    private static Stream<Event> placesAndItems() {
        return Stream.of(
                new Phase.Moved(null, "spec", null),
                new Phase.Moved("spec", "plan", "because"),
                new Phase.Handoff("spec", "plan", "the spec"),
                new Milestone.Planned(List.of("", "b")),
                new Milestone.Completed(1, ""),
                new WorkspaceSet(null, null, null),
                new WorkspaceSet("branch", "worktree", "base"),
                new Item.Added(List.of(new Item.Task("i", Json.NULL), new Item.Task("j", OBJECT))),
                new Item.Started("i", 1, null),
                new Item.Started("i", 2, "r"),
                new Item.Completed("i", null),
                new Item.Completed("i", Json.NULL),
                new Item.Failed("i", "no", null),
                new Item.Failed("i", "no", 0L),
                new Item.Requeued(List.of("i", "j"), Item.From.DEAD, ""),
                new Item.Requeued(List.of("i"), Item.From.RUNNING, "gone"),
                new Item.Dropped(List.of("i"), Item.From.PENDING, "no use"));
    }
}
