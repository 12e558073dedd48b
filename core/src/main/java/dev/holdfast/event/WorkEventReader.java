package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the fields of work events. The mirror of {@link WorkEventWriter}. */
final class WorkEventReader {
    private WorkEventReader() {}

    static Event read(String type, Fields in) {
        return switch (type) {
            case "iteration.started" -> new Iteration.Started(in.number("number"));
            case "iteration.completed" -> new Iteration.Completed(in.number("number"), changes(in));
            case "step.started" -> new Step.Started(in.text("id"), in.count("index"), in.text("name", ""));
            case "step.completed" ->
                new Step.Completed(
                        in.text("id"), in.text("output", ""), in.jsons("variables"), in.count("duration_millis"));
            case "step.failed" -> new Step.Failed(in.text("id"), in.text("error", ""), in.count("duration_millis"));
            case "command.executed" ->
                new CommandExecuted(
                        in.text("command"),
                        Math.toIntExact(in.number("exit_code")),
                        in.count("duration_millis"),
                        in.text("output_tail", ""));
            case "metric.recorded" -> metric(in);
            case "timing.recorded" -> new Measurement.Timing(in.text("name"), in.number("duration_micros"));
            case "agentrun.started" ->
                new AgentRun.Started(
                        in.text("id"),
                        in.text("agent_type"),
                        in.textOrNull("model"),
                        in.textOrNull("phase"),
                        in.numberOrNull("milestone"),
                        in.textOrNull("parent"),
                        in.textOrNull("provider_session"));
            case "agentrun.ended" ->
                new AgentRun.Ended(
                        in.text("id"),
                        AgentRun.Status.of(in.text("status")),
                        in.textOrNull("error"),
                        in.textOrNull("provider_session"));
            case "tool.started" ->
                new ToolRun.Started(
                        in.text("id"),
                        in.text("name"),
                        in.jsonOr("arguments", Json.EMPTY_OBJECT),
                        in.textOrNull("agent_run"));
            case "tool.ended" ->
                new ToolRun.Ended(
                        in.text("id"), in.valueOrNull("result"), in.textOrNull("error"), in.count("duration_millis"));
            case "phase.moved" -> new Phase.Moved(in.textOrNull("from"), in.text("to"), in.textOrNull("reason"));
            case "phase.handoff" -> new Phase.Handoff(in.text("from"), in.text("to"), in.text("what", ""));
            case "milestone.planned" -> new Milestone.Planned(in.texts("titles"));
            case "milestone.completed" -> new Milestone.Completed(in.number("number"), in.text("summary", ""));
            case "workspace.set" ->
                new WorkspaceSet(in.textOrNull("branch"), in.textOrNull("worktree"), in.textOrNull("base"));
            default -> type.startsWith("item.") ? item(type, in) : journal(type, in);
        };
    }

    private static Event journal(String type, Fields in) {
        return switch (type) {
            case "analysis.completed" ->
                new Journal.AnalysisCompleted(in.text("subject", ""), in.jsonOr("results", Json.NULL));
            case "decision.made" -> new Journal.DecisionMade(in.text("decision"), in.text("rationale", ""));
            case "question.opened" -> new Journal.QuestionOpened(in.text("id"), in.text("question", ""));
            case "question.answered" -> new Journal.QuestionAnswered(in.text("id"), in.text("answer", ""));
            case "document.updated" ->
                new Journal.DocumentUpdated(in.text("path"), in.text("summary", ""), in.textOrNull("sha256"));
            case "artifact.recorded" ->
                new Journal.ArtifactRecorded(in.text("path"), in.text("kind"), in.textOrNull("sha256"));
            case "commit.recorded" -> new Journal.CommitRecorded(commit(in), in.numberOrNull("milestone"));
            default -> new Unknown(type, Json.trusted(in.node().toString()));
        };
    }

    private static Event item(String type, Fields in) {
        return switch (type) {
            case "item.added" -> new Item.Added(tasks(in));
            case "item.started" -> new Item.Started(in.text("id"), in.number("attempt"), in.textOrNull("agent_run"));
            case "item.completed" -> new Item.Completed(in.text("id"), in.valueOrNull("result"));
            case "item.failed" ->
                new Item.Failed(in.text("id"), in.text("error", ""), in.numberOrNull("retry_after_millis"));
            case "item.requeued" ->
                new Item.Requeued(in.texts("ids"), Item.From.of(in.text("from")), in.text("reason", ""));
            case "item.dropped" ->
                new Item.Dropped(in.texts("ids"), Item.From.of(in.text("from")), in.text("reason", ""));
            default -> new Unknown(type, Json.trusted(in.node().toString()));
        };
    }

    private static List<Item.Task> tasks(Fields in) {
        List<Item.Task> tasks = new ArrayList<>();
        for (JsonNode node : in.node().path("items").values()) {
            Fields task = new Fields(node);
            tasks.add(new Item.Task(task.text("id"), task.jsonOr("payload", Json.NULL)));
        }
        return tasks;
    }

    private static Measurement metric(Fields in) {
        JsonNode value = in.node().path("value");
        if (!value.isNumber()) {
            throw HoldfastException.invalid("field \"value\" is not a number");
        }
        return new Measurement.Metric(in.text("name"), value.decimalValue(), in.textOrNull("unit"));
    }

    private static Changes changes(Fields in) {
        List<Changes.Commit> commits = new ArrayList<>();
        for (JsonNode commit : in.node().path("commits").values()) {
            commits.add(commit(new Fields(commit)));
        }
        return new Changes(
                list(in, "files_modified"),
                in.count("lines_added"),
                in.count("lines_removed"),
                list(in, "commands_run"),
                commits);
    }

    private static Changes.Commit commit(Fields in) {
        return new Changes.Commit(in.text("sha"), in.text("message", ""), in.textOrNull("at"));
    }

    /** A list that may have been split out and lost: then it counts as empty. */
    private static List<String> list(Fields in, String name) {
        JsonNode node = in.node().path(name);
        return node.isObject() && node.isEmpty() ? List.of() : in.texts(name);
    }
}
