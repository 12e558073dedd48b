package dev.holdfast.session;

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
import org.jspecify.annotations.Nullable;

/**
 * Which event of work may follow which: the rules of {@code docs/work.md}. The same rules refuse an append and, in
 * reading, leave what does not follow out of the state. Pure.
 */
final class WorkRules {
    private WorkRules() {}

    /** Says why an event does not follow and what would, or returns null if it does. */
    static @Nullable String refusal(WorkFold at, SessionConfig config, WorkEvent event) {
        return switch (event) {
            case Iteration.Started started -> iterationStarted(at, config, started.number());
            case Iteration.Completed completed -> iterationCompleted(at, completed.number());
            case Step.Started started -> begins(at, at.open.steps(), "step", started.id());
            case Step step -> ends(at.open.steps(), "step", step.id());
            case AgentRun.Started started -> begins(at, at.open.agentRuns(), "agent run", started.id());
            case AgentRun.Ended ended -> ends(at.open.agentRuns(), "agent run", ended.id());
            case ToolRun.Started started -> begins(at, at.open.toolRuns(), "tool run", started.id());
            case ToolRun.Ended ended -> ends(at.open.toolRuns(), "tool run", ended.id());
            case Journal.QuestionOpened opened -> begins(at, at.open.questions(), "question", opened.id());
            case Journal.QuestionAnswered answered -> ends(at.open.questions(), "question", answered.id());
            case Journal journal -> null;
            case Phase.Moved move -> moved(at, config, move);
            case Phase.Handoff handoff -> null;
            case Milestone.Planned planned -> planned(at, planned.titles().size());
            case Milestone.Completed completed -> milestoneCompleted(at, completed.number());
            case Item item -> item(at, config, item);
            case CommandExecuted command -> null;
            case Measurement measurement -> null;
            case WorkspaceSet set -> null;
        };
    }

    /** Whether an event is always in order. */
    static boolean isFree(WorkEvent event) {
        return event instanceof CommandExecuted
                || event instanceof Measurement
                || event instanceof WorkspaceSet
                || event instanceof Phase.Handoff
                || (event instanceof Journal
                        && !(event instanceof Journal.QuestionOpened || event instanceof Journal.QuestionAnswered));
    }

    private static @Nullable String iterationStarted(WorkFold at, SessionConfig config, long number) {
        long next = at.iterationOpen ? at.iteration : at.iteration + 1;
        if (number != next) {
            return "iteration " + number + " cannot start; "
                    + (at.iterationOpen
                            ? "iteration " + next + " is under way: complete it, or start it again"
                            : "the next one is " + next);
        }
        Integer most = config.maxIterations();
        return most != null && number > most
                ? "iteration " + number + " is beyond the maximum of " + most
                        + "; complete the session, or raise maxIterations in its configuration"
                : null;
    }

    private static @Nullable String iterationCompleted(WorkFold at, long number) {
        return at.iterationOpen && number == at.iteration
                ? null
                : "iteration " + number + " was not started; "
                        + (at.iterationOpen
                                ? "iteration " + at.iteration + " is under way"
                                : "start iteration " + (at.iteration + 1) + " first");
    }

    private static @Nullable String begins(WorkFold at, Fingerprints open, String what, String id) {
        if (open.contains(id)) {
            return what + " \"" + id + "\" is open already; end it first, or use another id";
        }
        return at.open.size() >= WorkState.MOST_OPEN
                ? WorkState.MOST_OPEN + " steps, runs and questions are open; end some first, unfinished() names them"
                : null;
    }

    private static @Nullable String ends(Fingerprints open, String what, String id) {
        return open.contains(id)
                ? null
                : what + " \"" + id + "\" is not open; " + open.size() + " of this kind are: start it first";
    }

    private static @Nullable String moved(WorkFold at, SessionConfig config, Phase.Moved move) {
        if (!Objects.equals(move.from(), at.phase)) {
            return "work stands in " + (at.phase == null ? "no phase" : "phase " + at.phase) + ", not in "
                    + (move.from() == null ? "none" : move.from());
        }
        PhasePlan plan = config.plan();
        String no = plan.refusal(at.phase, move.to(), move.reason());
        boolean leavesMap = no == null && plan.equals(PhasePlan.MAPREDUCE) && "map".equals(at.phase);
        if (leavesMap && !move.to().equals("setup") && at.items.ended() < at.items.total()) {
            return "map is not over: " + at.items.pending() + " items are pending and " + at.items.running()
                    + " running; complete, fail or drop them first";
        }
        return no;
    }

    private static @Nullable String planned(WorkFold at, long total) {
        return total < at.milestones.completed()
                ? "a plan of " + total + " milestones, but " + at.milestones.completed()
                        + " are reached; plan at least as many"
                : null;
    }

    private static @Nullable String milestoneCompleted(WorkFold at, long number) {
        long total = at.milestones.total();
        long next = at.milestones.current();
        if (number == next) {
            return null;
        }
        if (total == 0) {
            return "milestone " + number + " is not planned: there is no plan; plan the milestones first";
        }
        if (number > total) {
            return "milestone " + number + " is out of range: there are " + total;
        }
        return number < next || next == 0
                ? "milestone " + number + " is reached already; "
                        + (next == 0 ? "all " + total + " are" : "the next one is " + next)
                : "milestone " + number + " is out of order; the next one is " + next;
    }

    private static @Nullable String item(WorkFold at, SessionConfig config, Item event) {
        if (config.plan().equals(PhasePlan.MAPREDUCE)) {
            boolean setup = "setup".equals(at.phase);
            boolean map = "map".equals(at.phase);
            boolean inOrder = event instanceof Item.Added ? setup || map : !(event instanceof Item.Started) || map;
            if (!inOrder) {
                return event.type() + " belongs to phase map, work stands in " + (at.phase == null ? "none" : at.phase)
                        + "; move there first";
            }
        }
        return at.items.after(event) == null
                ? event.type() + " does not fit the items: " + at.items.pending() + " are pending, "
                        + at.items.running() + " running, " + at.items.dead() + " dead"
                : null;
    }
}
