package dev.holdfast.event;

import java.util.Set;

/** The wire names that {@link EventReader} understands. */
final class KnownTypes {
    private static final Set<String> NAMES = Set.of(
            "segment.opened",
            "session.started",
            "session.paused",
            "session.resumed",
            "session.completed",
            "session.failed",
            "session.cancelled",
            "message.added",
            "usage.recorded",
            "title.set",
            "tagged",
            "noted",
            "metadata.set",
            "config.changed",
            "checkpoint.taken",
            "checkpoint.pruned",
            "extension",
            "output.appended",
            "iteration.started",
            "iteration.completed",
            "step.started",
            "step.completed",
            "step.failed",
            "command.executed",
            "metric.recorded",
            "timing.recorded",
            "analysis.completed",
            "decision.made",
            "question.opened",
            "question.answered",
            "document.updated",
            "artifact.recorded",
            "commit.recorded",
            "agentrun.started",
            "agentrun.ended",
            "tool.started",
            "tool.ended",
            "phase.moved",
            "phase.handoff",
            "milestone.planned",
            "milestone.completed",
            "workspace.set",
            "item.added",
            "item.started",
            "item.completed",
            "item.failed",
            "item.requeued",
            "item.dropped");

    private KnownTypes() {}

    static boolean contains(String type) {
        return NAMES.contains(type);
    }
}
