package dev.holdfast.session;

import dev.holdfast.event.Json;
import dev.holdfast.event.WorkspaceSet;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The stored form of the work part of a state. What is as in the beginning is left out. Pure. */
final class WorkJson {
    private WorkJson() {}

    static ObjectNode write(WorkState work) {
        ObjectNode out = Json.mapper().createObjectNode();
        if (work.iterationOpen()) {
            out.put("iterationOpen", true);
        }
        numbers(
                out,
                "finished",
                work.finished().iterations(),
                work.finished().milestones(),
                work.finished().items());
        numbers(out, "milestones", work.milestones().total(), work.milestones().completed());
        SessionConfig.putText(out, "step", work.steps().current());
        numbers(out, "steps", work.steps().completed(), work.steps().failed());
        WorkState.Items items = work.items();
        numbers(
                out,
                "items",
                items.pending(),
                items.running(),
                items.done(),
                items.dead(),
                items.dropped(),
                items.failures());
        set(out, "openSteps", work.open().steps());
        set(out, "openAgentRuns", work.open().agentRuns());
        set(out, "openToolRuns", work.open().toolRuns());
        set(out, "openQuestions", work.open().questions());
        set(out, "files", work.changes().files());
        if (work.changes().filesAtLeast()) {
            out.put("filesAtLeast", true);
        }
        numbers(out, "lines", work.changes().linesAdded(), work.changes().linesRemoved());
        SessionConfig.putText(out, "lastCommit", work.changes().lastCommit());
        numbers(out, "commands", work.commands().executed(), work.commands().failed());
        if (!work.timings().isEmpty()) {
            ObjectNode timings = out.putObject("timings");
            work.timings()
                    .forEach((name, each) ->
                            timings.putArray(name).add(each.totalMicros()).add(each.count()));
        }
        if (!work.metrics().isEmpty()) {
            ObjectNode metrics = out.putObject("metrics");
            work.metrics()
                    .forEach((name, each) -> metrics.putArray(name)
                            .add(each.last())
                            .add(each.sum())
                            .add(each.count()));
        }
        SessionConfig.putText(out, "branch", work.workspace().branch());
        SessionConfig.putText(out, "worktree", work.workspace().worktree());
        SessionConfig.putText(out, "base", work.workspace().base());
        number(out, "activeMillis", work.active().millis());
        Instant since = work.active().since();
        if (since != null) {
            out.put("runningSince", since.toString());
        }
        return out;
    }

    static WorkState read(JsonNode in) {
        if (in.isMissingNode() || in.isNull()) {
            return WorkState.NONE;
        }
        Map<String, WorkState.Timing> timings = new LinkedHashMap<>();
        in.path("timings")
                .properties()
                .forEach(each -> timings.put(
                        each.getKey(), new WorkState.Timing(at(each.getValue(), 0), at(each.getValue(), 1))));
        Map<String, WorkState.Metric> metrics = new LinkedHashMap<>();
        in.path("metrics")
                .properties()
                .forEach(each -> metrics.put(
                        each.getKey(),
                        new WorkState.Metric(
                                each.getValue().path(0).decimalValue(),
                                each.getValue().path(1).decimalValue(),
                                at(each.getValue(), 2))));
        JsonNode items = in.path("items");
        return new WorkState(
                in.path("iterationOpen").asBoolean(false),
                new WorkState.Finished(
                        at(in.path("finished"), 0), at(in.path("finished"), 1), at(in.path("finished"), 2)),
                new WorkState.Milestones(at(in.path("milestones"), 0), at(in.path("milestones"), 1)),
                new WorkState.Steps(
                        SessionConfig.textOrNull(in, "step"), at(in.path("steps"), 0), at(in.path("steps"), 1)),
                new WorkState.Items(at(items, 0), at(items, 1), at(items, 2), at(items, 3), at(items, 4), at(items, 5)),
                new WorkState.Open(
                        set(in, "openSteps"),
                        set(in, "openAgentRuns"),
                        set(in, "openToolRuns"),
                        set(in, "openQuestions")),
                new WorkState.Changed(
                        set(in, "files"),
                        in.path("filesAtLeast").asBoolean(false),
                        at(in.path("lines"), 0),
                        at(in.path("lines"), 1),
                        SessionConfig.textOrNull(in, "lastCommit")),
                new WorkState.Commands(at(in.path("commands"), 0), at(in.path("commands"), 1)),
                timings,
                metrics,
                new WorkspaceSet(
                        SessionConfig.textOrNull(in, "branch"),
                        SessionConfig.textOrNull(in, "worktree"),
                        SessionConfig.textOrNull(in, "base")),
                new WorkState.Active(
                        in.path("activeMillis").asLong(0),
                        in.hasNonNull("runningSince")
                                ? Instant.parse(in.path("runningSince").asString())
                                : null));
    }

    private static void number(ObjectNode out, String name, long value) {
        if (value != 0) {
            out.put(name, value);
        }
    }

    private static void numbers(ObjectNode out, String name, long... values) {
        for (long value : values) {
            if (value != 0) {
                var array = out.putArray(name);
                for (long each : values) {
                    array.add(each);
                }
                return;
            }
        }
    }

    private static long at(JsonNode array, int index) {
        return array.path(index).asLong(0);
    }

    private static void set(ObjectNode out, String name, Fingerprints set) {
        if (set.size() > 0) {
            out.put(name, set.toText());
        }
    }

    private static Fingerprints set(JsonNode in, String name) {
        return Fingerprints.parse(in.path(name).asString(""));
    }
}
