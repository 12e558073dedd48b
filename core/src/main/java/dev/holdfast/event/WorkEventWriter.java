package dev.holdfast.event;

/** Writes the fields of work events. The mirror of {@link WorkEventReader}. */
final class WorkEventWriter {
    private WorkEventWriter() {}

    static void write(WorkEvent event, DataWriter out) {
        switch (event) {
            case Iteration iteration -> iteration(iteration, out);
            case Step step -> step(step, out);
            case CommandExecuted command ->
                out.text("command", command.command())
                        .number("exit_code", command.exitCode())
                        .number("duration_millis", command.durationMillis())
                        .text("output_tail", command.outputTail());
            case Measurement measurement -> measurement(measurement, out);
            case Journal journal -> journal(journal, out);
            case AgentRun run -> agentRun(run, out);
            case ToolRun run -> toolRun(run, out);
            case Phase phase -> phase(phase, out);
            case Milestone milestone -> milestone(milestone, out);
            case WorkspaceSet set ->
                out.word("branch", set.branch())
                        .word("worktree", set.worktree())
                        .word("base", set.base());
            case Item item -> item(item, out);
        }
    }

    private static void iteration(Iteration iteration, DataWriter out) {
        out.number("number", iteration.number());
        switch (iteration) {
            case Iteration.Started started -> {}
            case Iteration.Completed completed -> {
                Changes changes = completed.changes();
                // As values, so that a list that is too long for the record is split out of it.
                out.value("files_modified", Json.of(changes.filesModified()))
                        .number("lines_added", changes.linesAdded())
                        .number("lines_removed", changes.linesRemoved())
                        .value("commands_run", Json.of(changes.commandsRun()))
                        .startArray("commits");
                changes.commits().forEach(commit -> {
                    out.start();
                    commit(commit, out);
                    out.end();
                });
                out.endArray();
            }
        }
    }

    private static void commit(Changes.Commit commit, DataWriter out) {
        out.word("sha", commit.sha()).text("message", commit.message()).word("at", commit.at());
    }

    private static void step(Step step, DataWriter out) {
        out.word("id", step.id());
        switch (step) {
            case Step.Started started -> out.number("index", started.index()).text("name", started.name());
            case Step.Completed completed ->
                out.text("output", completed.output())
                        .values("variables", completed.variables())
                        .number("duration_millis", completed.durationMillis());
            case Step.Failed failed ->
                out.text("error", failed.error()).number("duration_millis", failed.durationMillis());
        }
    }

    private static void measurement(Measurement measurement, DataWriter out) {
        out.word("name", measurement.name());
        switch (measurement) {
            case Measurement.Metric metric ->
                out.decimal("value", metric.value()).word("unit", metric.unit());
            case Measurement.Timing timing -> out.number("duration_micros", timing.durationMicros());
        }
    }

    private static void journal(Journal journal, DataWriter out) {
        switch (journal) {
            case Journal.AnalysisCompleted analysis ->
                out.text("subject", analysis.subject()).value("results", analysis.results());
            case Journal.DecisionMade made ->
                out.text("decision", made.decision()).text("rationale", made.rationale());
            case Journal.QuestionOpened opened -> out.word("id", opened.id()).text("question", opened.question());
            case Journal.QuestionAnswered answered ->
                out.word("id", answered.id()).text("answer", answered.answer());
            case Journal.DocumentUpdated updated ->
                out.text("path", updated.path())
                        .text("summary", updated.summary())
                        .word("sha256", updated.sha256());
            case Journal.ArtifactRecorded recorded ->
                out.text("path", recorded.path()).word("kind", recorded.kind()).word("sha256", recorded.sha256());
            case Journal.CommitRecorded recorded -> {
                commit(recorded.commit(), out);
                number("milestone", recorded.milestone(), out);
            }
        }
    }

    private static void agentRun(AgentRun run, DataWriter out) {
        out.word("id", run.id());
        switch (run) {
            case AgentRun.Started started -> {
                out.word("agent_type", started.agentType())
                        .word("model", started.model())
                        .word("phase", started.phase());
                number("milestone", started.milestone(), out);
                out.word("parent", started.parent()).word("provider_session", started.providerSession());
            }
            case AgentRun.Ended ended -> {
                out.word("status", ended.status().wireName());
                text("error", ended.error(), out);
                out.word("provider_session", ended.providerSession());
            }
        }
    }

    private static void toolRun(ToolRun run, DataWriter out) {
        out.word("id", run.id());
        switch (run) {
            case ToolRun.Started started ->
                out.word("name", started.name())
                        .value("arguments", started.arguments())
                        .word("agent_run", started.agentRun());
            case ToolRun.Ended ended -> {
                out.value("result", ended.result());
                text("error", ended.error(), out);
                out.number("duration_millis", ended.durationMillis());
            }
        }
    }

    private static void phase(Phase phase, DataWriter out) {
        switch (phase) {
            case Phase.Moved moved -> {
                out.word("from", moved.from()).word("to", moved.to());
                text("reason", moved.reason(), out);
            }
            case Phase.Handoff handoff ->
                out.word("from", handoff.from()).word("to", handoff.to()).text("what", handoff.what());
        }
    }

    private static void milestone(Milestone milestone, DataWriter out) {
        switch (milestone) {
            case Milestone.Planned planned -> out.words("titles", planned.titles());
            case Milestone.Completed completed ->
                out.number("number", completed.number()).text("summary", completed.summary());
        }
    }

    private static void item(Item item, DataWriter out) {
        switch (item) {
            case Item.Added added -> {
                out.startArray("items");
                added.tasks()
                        .forEach(task -> out.start()
                                .word("id", task.id())
                                .value("payload", task.payload())
                                .end());
                out.endArray();
            }
            case Item.Started started ->
                out.word("id", started.id())
                        .number("attempt", started.attempt())
                        .word("agent_run", started.agentRun());
            case Item.Completed completed -> out.word("id", completed.id()).value("result", completed.result());
            case Item.Failed failed -> {
                out.word("id", failed.id()).text("error", failed.error());
                number("retry_after_millis", failed.retryAfterMillis(), out);
            }
            case Item.Requeued requeued ->
                out.words("ids", requeued.ids())
                        .word("from", requeued.from().wireName())
                        .text("reason", requeued.reason());
            case Item.Dropped dropped ->
                out.words("ids", dropped.ids())
                        .word("from", dropped.from().wireName())
                        .text("reason", dropped.reason());
        }
    }

    private static void number(String name, @org.jspecify.annotations.Nullable Long value, DataWriter out) {
        if (value != null) {
            out.number(name, value);
        }
    }

    private static void text(String name, @org.jspecify.annotations.Nullable String value, DataWriter out) {
        if (value != null) {
            out.text(name, value);
        }
    }
}
