package dev.holdfast.session;

import dev.holdfast.event.AgentRun;
import dev.holdfast.event.Changes;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Folds events of work, changing itself. Each part is immutable, so a copy costs nothing. Not thread-safe.
 */
final class WorkFold {
    @Nullable
    String phase;

    long iteration;
    boolean iterationOpen;
    WorkState.Finished finished;
    WorkState.Milestones milestones;
    WorkState.Steps steps;
    WorkState.Items items;
    WorkState.Open open;
    WorkState.Changed changes;
    WorkState.Commands commands;
    Map<String, WorkState.Timing> timings;
    Map<String, WorkState.Metric> metrics;
    WorkspaceSet workspace;
    WorkState.Active active;

    WorkFold(@Nullable String phase, long iteration, WorkState from) {
        this.phase = phase;
        this.iteration = iteration;
        iterationOpen = from.iterationOpen();
        finished = from.finished();
        milestones = from.milestones();
        steps = from.steps();
        items = from.items();
        open = from.open();
        changes = from.changes();
        commands = from.commands();
        timings = from.timings();
        metrics = from.metrics();
        workspace = from.workspace();
        active = from.active();
    }

    WorkState toState() {
        return new WorkState(
                iterationOpen,
                finished,
                milestones,
                steps,
                items,
                open,
                changes,
                commands,
                timings,
                metrics,
                workspace,
                active);
    }

    /**
     * Goes back to where work stood in an earlier state. Counters stay; what ran then runs no more, so only its questions
     * are open.
     */
    void placeAt(SessionState earlier) {
        WorkState work = earlier.work();
        phase = earlier.phase();
        iteration = earlier.iteration();
        iterationOpen = work.iterationOpen();
        milestones = work.milestones();
        steps = new WorkState.Steps(null, steps.completed(), steps.failed());
        items = work.items();
        open = new WorkState.Open(
                Fingerprints.NONE,
                Fingerprints.NONE,
                Fingerprints.NONE,
                work.open().questions());
        workspace = work.workspace();
    }

    void moved(SessionStatus status, Instant at) {
        active = status == SessionStatus.RUNNING ? active.running(at) : active.resting(at);
    }

    /** Applies an event; false if it does not follow from what was before. Then it changes nothing. */
    boolean apply(WorkEvent event, SessionConfig config) {
        if (WorkRules.refusal(this, config, event) != null) {
            return false;
        }
        switch (event) {
            case Iteration each -> iteration(each);
            case Step step -> step(step);
            case CommandExecuted command ->
                commands = new WorkState.Commands(
                        commands.executed() + 1, commands.failed() + (command.success() ? 0 : 1));
            case Measurement measurement -> measure(measurement);
            case Journal journal -> journal(journal);
            case AgentRun run -> agentRun(run);
            case ToolRun run -> toolRun(run);
            case Phase move -> phase(move);
            case Milestone milestone -> milestone(milestone);
            case WorkspaceSet set -> workspace = set;
            case Item item -> {
                items = Objects.requireNonNull(items.after(item));
                finished(0, 0, item instanceof Item.Completed ? 1 : 0);
            }
        }
        return true;
    }

    private void iteration(Iteration event) {
        iteration = event.number();
        switch (event) {
            case Iteration.Started started -> iterationOpen = true;
            case Iteration.Completed completed -> {
                iterationOpen = false;
                finished(1, 0, 0);
                Changes made = completed.changes();
                changes = changes.lines(made.linesAdded(), made.linesRemoved());
                made.filesModified().forEach(path -> changes = changes.file(path));
                made.commits().forEach(commit -> changes = changes.commit(commit.sha()));
            }
        }
    }

    private void step(Step event) {
        boolean begins = event instanceof Step.Started;
        Fingerprints now = begins ? open.steps().with(event.id()) : open.steps().without(event.id());
        open = new WorkState.Open(now, open.agentRuns(), open.toolRuns(), open.questions());
        String current = begins ? event.id() : event.id().equals(steps.current()) ? null : steps.current();
        steps = new WorkState.Steps(
                current,
                steps.completed() + (event instanceof Step.Completed ? 1 : 0),
                steps.failed() + (event instanceof Step.Failed ? 1 : 0));
    }

    private void measure(Measurement event) {
        switch (event) {
            case Measurement.Metric metric -> {
                BigDecimal value = metric.value();
                metrics = WorkState.plus(metrics, metric.name(), value);
            }
            case Measurement.Timing timing -> timings = WorkState.plus(timings, timing.name(), timing.durationMicros());
        }
    }

    private void journal(Journal event) {
        switch (event) {
            case Journal.QuestionOpened opened -> questions(open.questions().with(opened.id()));
            case Journal.QuestionAnswered answered -> questions(open.questions().without(answered.id()));
            case Journal.DocumentUpdated updated -> changes = changes.file(updated.path());
            case Journal.CommitRecorded recorded ->
                changes = changes.commit(recorded.commit().sha());
            case Journal.AnalysisCompleted analysis -> {}
            case Journal.DecisionMade decision -> {}
            case Journal.ArtifactRecorded artifact -> {}
        }
    }

    private void questions(Fingerprints now) {
        open = new WorkState.Open(open.steps(), open.agentRuns(), open.toolRuns(), now);
    }

    private void agentRun(AgentRun event) {
        Fingerprints runs = open.agentRuns();
        Fingerprints now = event instanceof AgentRun.Started ? runs.with(event.id()) : runs.without(event.id());
        open = new WorkState.Open(open.steps(), now, open.toolRuns(), open.questions());
    }

    private void toolRun(ToolRun event) {
        Fingerprints runs = open.toolRuns();
        Fingerprints now = event instanceof ToolRun.Started ? runs.with(event.id()) : runs.without(event.id());
        open = new WorkState.Open(open.steps(), open.agentRuns(), now, open.questions());
    }

    private void phase(Phase event) {
        switch (event) {
            case Phase.Moved move -> phase = move.to();
            case Phase.Handoff handoff -> {}
        }
    }

    private void milestone(Milestone event) {
        milestones = switch (event) {
            case Milestone.Planned planned ->
                new WorkState.Milestones(planned.titles().size(), milestones.completed());
            case Milestone.Completed completed -> {
                finished(0, 1, 0);
                yield new WorkState.Milestones(milestones.total(), completed.number());
            }
        };
    }

    private void finished(int moreIterations, int moreMilestones, int moreItems) {
        finished = new WorkState.Finished(
                finished.iterations() + moreIterations,
                finished.milestones() + moreMilestones,
                finished.items() + moreItems);
    }
}
