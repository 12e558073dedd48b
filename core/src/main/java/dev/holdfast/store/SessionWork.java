package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.AgentRun;
import dev.holdfast.event.Changes;
import dev.holdfast.event.CommandExecuted;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Measurement;
import dev.holdfast.event.Milestone;
import dev.holdfast.event.Phase;
import dev.holdfast.event.Step;
import dev.holdfast.event.ToolRun;
import dev.holdfast.event.WorkspaceSet;
import dev.holdfast.log.Position;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.PhasePlan;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.WorkflowChangedException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records the work of a session that is driven here. Each method appends one event, unless it says otherwise, and returns
 * its position; what does not follow from what was before is refused with CONFLICT, what the status does not admit with
 * an {@link IllegalTransitionException}, and then nothing was written. Durable when it returns. Thread-safe.
 */
public final class SessionWork {
    private final Session session;
    private final SessionLog log;
    private final Turns turns;
    private final AtomicBoolean resumed = new AtomicBoolean();

    SessionWork(Session session, SessionLog log, Turns turns) {
        this.session = session;
        this.log = log;
        this.turns = turns;
    }

    /**
     * Goes on with the session, by the table of {@code docs/lifecycle.md}: a created one is started, a paused one resumed,
     * and of a running one whose driver is gone the time between is recorded as a pause. A changed workflow that was
     * accepted is recorded with it. All or nothing.
     *
     * @param how how to go on
     * @return from where
     * @throws IllegalTransitionException if the session is final; {@link SessionStore#retry} begins a new attempt
     * @throws WorkflowChangedException if the workflow's definition is another than the recorded one, and not accepted
     */
    public ResumePoint resume(Resume how) {
        SessionState state = session.state();
        ResumePoint point = ResumePoint.of(state);
        List<Entry> entries = new ArrayList<>();
        String recorded = state.configuration().workflowHash();
        Json changed = changed(how.workflow(), recorded);
        if (point.rule().goesOn() && changed != null && !how.changeAccepted()) {
            throw new WorkflowChangedException(
                    recorded == null ? "none" : recorded, SessionConfig.workflowHash(changed));
        }
        switch (point.rule()) {
            case START -> entries.add(Entry.of(new Lifecycle.Started()));
            case RESUME -> entries.add(Entry.of(new Lifecycle.Resumed()));
            case GO_ON -> {
                if (!resumed.get()) {
                    entries.add(new Entry(new Lifecycle.Paused("its driver ended"), state.updatedAt(), null));
                    entries.add(Entry.of(new Lifecycle.Resumed()));
                }
            }
            case NOTHING_LEFT, RETRY -> throw new IllegalTransitionException("resume", state.status(), null);
        }
        if (changed != null) {
            // A merge patch would keep fields of the old definition: it goes first.
            entries.add(Entry.of(new ConfigChanged(Json.parse("{\"workflow\":null}"))));
            entries.add(Entry.of(new ConfigChanged(Json.parse("{\"workflow\":" + changed.text() + "}"))));
        }
        if (!entries.isEmpty()) {
            session.append(Append.entries(entries));
        }
        resumed.set(true);
        return point;
    }

    private static @Nullable Json changed(@Nullable Json given, @Nullable String recorded) {
        return given == null || SessionConfig.workflowHash(given).equals(recorded) ? null : given;
    }

    /**
     * Does an iteration: records that it began, does it, and records what it changed. If the work throws, the iteration
     * stays under way and can be started again.
     *
     * @param number its number: the one under way, or the next
     * @param work what to do
     * @return the position of its completion
     */
    public Position iteration(long number, Consumer<IterationWork> work) {
        startIteration(number);
        IterationWork doing = new IterationWork(session, number);
        work.accept(doing);
        return completeIteration(number, doing.changes());
    }

    /**
     * An iteration begins, or begins again.
     *
     * @param number its number: the one under way, or the next
     * @return the event's position
     */
    public Position startIteration(long number) {
        return session.append(new Iteration.Started(number));
    }

    /**
     * An iteration is done.
     *
     * @param number the one under way
     * @param changes what it changed
     * @return the event's position
     */
    public Position completeIteration(long number, Changes changes) {
        return session.append(new Iteration.Completed(number, changes));
    }

    /**
     * A command ran.
     *
     * @param command the command
     * @param outcome how it ended
     * @return the event's position
     */
    public Position command(String command, Outcome outcome) {
        return session.append(
                new CommandExecuted(command, outcome.exitCode(), outcome.took().toMillis(), outcome.outputTail()));
    }

    /**
     * A step begins.
     *
     * @param id its id, none of a step under way
     * @param index its place in the workflow, from 0
     * @param name what it does
     * @return the event's position
     */
    public Position startStep(String id, long index, String name) {
        return session.append(new Step.Started(id, index, name));
    }

    /**
     * A step is done.
     *
     * @param id the step
     * @param output what it captured, may be empty
     * @param variables the variables it set
     * @param took how long it took
     * @return the event's position
     */
    public Position completeStep(String id, String output, Map<String, Json> variables, Duration took) {
        return session.append(new Step.Completed(id, output, variables, took.toMillis()));
    }

    /**
     * A step failed.
     *
     * @param id the step
     * @param error what went wrong
     * @param took how long it took
     * @return the event's position
     */
    public Position failStep(String id, String error, Duration took) {
        return session.append(new Step.Failed(id, error, took.toMillis()));
    }

    /**
     * Records a figure of the caller's own.
     *
     * @param name what was measured
     * @param value the figure
     * @param unit its unit, or null
     * @return the event's position
     */
    public Position metric(String name, BigDecimal value, @Nullable String unit) {
        return session.append(new Measurement.Metric(name, value, unit));
    }

    /**
     * Records how long something took. Timings of one name add up.
     *
     * @param name what took that long
     * @param took how long
     * @return the event's position
     */
    public Position timing(String name, Duration took) {
        return session.append(new Measurement.Timing(name, took.dividedBy(ChronoUnit.MICROS.getDuration())));
    }

    /**
     * Something was decided.
     *
     * @param decision what
     * @param rationale why, may be empty
     * @return the event's position
     */
    public Position decide(String decision, String rationale) {
        return session.append(new Journal.DecisionMade(decision, rationale));
    }

    /**
     * A question is open.
     *
     * @param id its id
     * @param question the question
     * @return the event's position
     */
    public Position ask(String id, String question) {
        return session.append(new Journal.QuestionOpened(id, question));
    }

    /**
     * A question is answered. Also while the session is paused.
     *
     * @param id the question's id
     * @param answer the answer
     * @return the event's position
     */
    public Position answer(String id, String answer) {
        return session.append(new Journal.QuestionAnswered(id, answer));
    }

    /**
     * Records what else is worth keeping: an analysis, a document, an artifact, a commit.
     *
     * @param entry the entry; paths are relative to the project
     * @return the event's position
     */
    public Position note(Journal entry) {
        return session.append(entry);
    }

    /**
     * An agent's run begins.
     *
     * @param run the run
     * @return the event's position
     */
    public Position startRun(AgentRun.Started run) {
        return session.append(run);
    }

    /**
     * An agent's run is over.
     *
     * @param id the run
     * @param status how it ended
     * @param error what went wrong, or null
     * @return the event's position
     */
    public Position endRun(String id, AgentRun.Status status, @Nullable String error) {
        return session.append(new AgentRun.Ended(id, status, error, null));
    }

    /**
     * A tool's run begins.
     *
     * @param run the run
     * @return the event's position
     */
    public Position startTool(ToolRun.Started run) {
        return session.append(run);
    }

    /**
     * A tool's run is over.
     *
     * @param id the run
     * @param result what came of it, or null
     * @param error what went wrong, or null
     * @param took how long it took
     * @return the event's position
     */
    public Position endTool(String id, @Nullable Json result, @Nullable String error, Duration took) {
        return session.append(new ToolRun.Ended(id, result, error, took.toMillis()));
    }

    /**
     * Says where the work is done.
     *
     * @param branch the branch, or null
     * @param worktree the worktree's name, or null
     * @param base what the branch began at, or null
     * @return the event's position
     */
    public Position workspace(@Nullable String branch, @Nullable String worktree, @Nullable String base) {
        return session.append(new WorkspaceSet(branch, worktree, base));
    }

    /**
     * Sets the phase plan: a change of the configuration.
     *
     * @param plan the plan; it must have the phase that work stands in
     * @return the event's position
     */
    public Position plan(PhasePlan plan) {
        return session.append(
                new ConfigChanged(Json.parse("{\"phasePlan\":" + plan.toJson().text() + "}")));
    }

    /**
     * Moves to another phase, along the plan.
     *
     * @param phase the phase
     * @param reason why, or null; needed to go back
     * @return the event's position
     */
    public Position moveTo(String phase, @Nullable String reason) {
        return following(state -> List.of(new Phase.Moved(state.phase(), phase, reason)));
    }

    /**
     * Hands over.
     *
     * @param from who hands over
     * @param to who takes over
     * @param what what is handed over
     * @return the event's position
     */
    public Position handoff(String from, String to, String what) {
        return session.append(new Phase.Handoff(from, to, what));
    }

    /**
     * Plans the milestones, or plans them anew.
     *
     * @param titles what each is called; at least as many as are reached
     * @return the event's position
     */
    public Position planMilestones(List<String> titles) {
        return session.append(new Milestone.Planned(titles));
    }

    /**
     * A milestone is reached. Takes a checkpoint in the same append.
     *
     * @param number the next milestone
     * @param summary what was done, may be empty
     * @param checkpoint what to keep
     * @return the checkpoint
     */
    public Checkpoint completeMilestone(long number, String summary, NewCheckpoint checkpoint) {
        session.requireOpen();
        return turns.checkpoint(checkpoint, new Milestone.Completed(number, summary));
    }

    private Position following(java.util.function.Function<SessionState, List<Event>> events) {
        session.requireOpen();
        AppendResult result = log.append(state -> Append.of(events.apply(state).toArray(Event[]::new)));
        if (result instanceof AppendResult.Appended appended) {
            return appended.last();
        }
        throw new HoldfastException(ErrorCode.CONFLICT, "an append without a condition cannot conflict: " + result);
    }
}
