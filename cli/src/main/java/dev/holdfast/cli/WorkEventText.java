package dev.holdfast.cli;

import dev.holdfast.event.AgentRun;
import dev.holdfast.event.CommandExecuted;
import dev.holdfast.event.Item;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Measurement;
import dev.holdfast.event.Milestone;
import dev.holdfast.event.Phase;
import dev.holdfast.event.Step;
import dev.holdfast.event.ToolRun;
import dev.holdfast.event.WorkEvent;
import dev.holdfast.event.WorkspaceSet;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in a line what an event of work is about. The text is foreign: clean it before it is shown. */
final class WorkEventText {
    private WorkEventText() {}

    static String of(WorkEvent event) {
        return switch (event) {
            case Iteration.Started started -> Long.toString(started.number());
            case Iteration.Completed completed ->
                completed.number() + ": "
                        + Text.number(completed.changes().filesModified().size(), "file") + ", +"
                        + completed.changes().linesAdded() + " -"
                        + completed.changes().linesRemoved();
            case Step.Started started -> started.id() + ": " + started.name();
            case Step.Completed completed -> completed.id() + took(completed.durationMillis());
            case Step.Failed failed -> failed.id() + ": " + failed.error();
            case CommandExecuted command ->
                command.command()
                        + (command.success() ? "" : ", exit " + command.exitCode())
                        + took(command.durationMillis());
            case Measurement.Metric metric ->
                joined(metric.name() + " = " + metric.value().toString(), metric.unit());
            case Measurement.Timing timing -> timing.name() + took(timing.durationMicros() / 1_000);
            case Journal journal -> journal(journal);
            case AgentRun.Started started ->
                joined(started.id(), started.agentType(), started.model(), started.phase());
            case AgentRun.Ended ended -> joined(ended.id(), ended.status().wireName(), ended.error());
            case ToolRun.Started started ->
                joined(started.id(), started.name(), started.arguments().text());
            case ToolRun.Ended ended -> joined(ended.id(), ended.error()) + took(ended.durationMillis());
            case Phase.Moved moved ->
                joined((moved.from() == null ? "" : moved.from() + " ") + "to " + moved.to(), moved.reason());
            case Phase.Handoff handoff -> handoff.from() + " to " + handoff.to() + ": " + handoff.what();
            case Milestone.Planned planned -> String.join(", ", planned.titles());
            case Milestone.Completed completed -> completed.number() + ": " + completed.summary();
            case WorkspaceSet set -> joined(set.branch(), set.worktree(), set.base());
            case Item item -> item(item);
        };
    }

    private static String journal(Journal journal) {
        return switch (journal) {
            case Journal.AnalysisCompleted analysis ->
                analysis.subject() + " " + analysis.results().text();
            case Journal.DecisionMade made -> made.decision();
            case Journal.QuestionOpened opened -> opened.id() + ": " + opened.question();
            case Journal.QuestionAnswered answered -> answered.id() + ": " + answered.answer();
            case Journal.DocumentUpdated updated -> joined(updated.path(), updated.summary());
            case Journal.ArtifactRecorded recorded -> joined(recorded.path(), recorded.kind());
            case Journal.CommitRecorded recorded ->
                recorded.commit().sha() + " " + recorded.commit().message();
        };
    }

    private static String item(Item item) {
        return switch (item) {
            case Item.Added added -> Text.number(added.tasks().size(), "item");
            case Item.Started started -> started.id() + ", attempt " + started.attempt();
            case Item.Completed completed ->
                joined(
                        completed.id(),
                        completed.result() == null ? null : completed.result().text());
            case Item.Failed failed -> failed.id() + (failed.dead() ? " for good: " : ": ") + failed.error();
            case Item.Requeued requeued -> joined(String.join(" ", requeued.ids()), requeued.reason());
            case Item.Dropped dropped -> joined(String.join(" ", dropped.ids()), dropped.reason());
        };
    }

    private static String took(long millis) {
        return millis == 0 ? "" : ", " + millis + " ms";
    }

    private static String joined(@Nullable String... parts) {
        return Stream.of(parts)
                .filter(Objects::nonNull)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
