package dev.holdfast.store;

import dev.holdfast.session.ResumeRule;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.WorkState;
import org.jspecify.annotations.Nullable;

/**
 * From where work goes on. Immutable.
 *
 * @param rule what resuming does, or did
 * @param phase where work stands, or null
 * @param iteration the iteration to do: the one under way, to be started again, or else the next
 * @param iterationOpen whether it was under way
 * @param step id of the step that was begun last and has not ended, or null
 * @param stepsCompleted how many steps were completed
 * @param milestone the milestone that comes next, 0 if there is none
 * @param itemsLeft how many items are not done, dead or dropped
 */
public record ResumePoint(
        ResumeRule rule,
        @Nullable String phase,
        long iteration,
        boolean iterationOpen,
        @Nullable String step,
        long stepsCompleted,
        long milestone,
        long itemsLeft) {
    static ResumePoint of(SessionState state) {
        WorkState work = state.work();
        return new ResumePoint(
                ResumeRule.of(state.status()),
                state.phase(),
                work.iterationOpen() ? state.iteration() : state.iteration() + 1,
                work.iterationOpen(),
                work.steps().current(),
                work.steps().completed(),
                work.milestones().current(),
                work.items().total() - work.items().ended());
    }
}
