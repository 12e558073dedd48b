package dev.holdfast.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a session's work is, from its state alone: it costs the same whatever the history's length. Immutable.
 *
 * @param status where the session stands
 * @param phase where work stands in its plan, or null
 * @param unit what is counted in {@code done} and {@code total}
 * @param done how many of them are done
 * @param total how many there are, or null if nobody knows
 * @param iterationsDone how many iterations are done, on the way that leads here
 * @param iterationsTotal how many there may be, or null
 * @param milestones the milestones
 * @param steps the steps
 * @param items the items
 * @param filesChanged how many files were changed
 * @param filesAtLeast whether there were more files than could be told apart
 * @param commands the commands
 * @param wall time from the start to the end, or to the instant of asking
 * @param active the part of it that the session was running
 * @param perHour how many units were finished in an hour of running, or null if none was
 * @param estimate how long the rest will take at that rate, or null if it cannot be told or nothing is left
 */
public record Progress(
        SessionStatus status,
        @Nullable String phase,
        Unit unit,
        long done,
        @Nullable Long total,
        long iterationsDone,
        @Nullable Integer iterationsTotal,
        WorkState.Milestones milestones,
        WorkState.Steps steps,
        WorkState.Items items,
        int filesChanged,
        boolean filesAtLeast,
        WorkState.Commands commands,
        Duration wall,
        Duration active,
        @Nullable Double perHour,
        @Nullable Duration estimate) {
    /** What progress is counted in: the finest that is known. */
    public enum Unit {
        /** Items of a MapReduce run. */
        ITEMS,
        /** Planned milestones. */
        MILESTONES,
        /** Iterations. */
        ITERATIONS
    }

    private static final double MILLIS_PER_HOUR = 3_600_000;

    /**
     * Looks at a state.
     *
     * @param state the state
     * @param now until when a session that has begun and not ended has lasted
     * @return how far its work is
     */
    public static Progress of(SessionState state, Instant now) {
        WorkState work = state.work();
        Integer most = state.configuration().maxIterations();
        long iterations = work.iterationOpen() ? state.iteration() - 1 : state.iteration();
        Unit unit = work.items().total() > 0
                ? Unit.ITEMS
                : work.milestones().total() > 0 ? Unit.MILESTONES : Unit.ITERATIONS;
        long done = switch (unit) {
            case ITEMS -> work.items().ended();
            case MILESTONES -> work.milestones().completed();
            case ITERATIONS -> iterations;
        };
        Long total = switch (unit) {
            case ITEMS -> (Long) work.items().total();
            case MILESTONES -> (Long) work.milestones().total();
            case ITERATIONS -> most == null ? null : (Long) most.longValue();
        };
        long finished = switch (unit) {
            case ITEMS -> work.finished().items();
            case MILESTONES -> work.finished().milestones();
            case ITERATIONS -> work.finished().iterations();
        };
        Instant end = state.completedAt() == null ? now : state.completedAt();
        Duration active = work.active().upTo(end);
        Double perHour =
                finished == 0 || active.isZero() ? null : (Double) (finished * MILLIS_PER_HOUR / active.toMillis());
        return new Progress(
                state.status(),
                state.phase(),
                unit,
                done,
                total,
                iterations,
                most,
                work.milestones(),
                work.steps(),
                work.items(),
                work.changes().files().size(),
                work.changes().filesAtLeast(),
                work.commands(),
                wall(state.startedAt(), end),
                active,
                perHour,
                state.status().isFinal() ? null : estimate(done, total, perHour));
    }

    /**
     * Returns the part that is done.
     *
     * @return 0 to 1; 0 if nobody knows how much there is
     */
    public double fraction() {
        return total == null || total == 0 ? 0 : Math.min(1, (double) done / total);
    }

    private static Duration wall(@Nullable Instant start, Instant end) {
        return start == null || end.isBefore(start) ? Duration.ZERO : Duration.between(start, end);
    }

    private static @Nullable Duration estimate(long done, @Nullable Long total, @Nullable Double perHour) {
        return total == null || perHour == null || total <= done
                ? null
                : Duration.ofMillis((long) ((total - done) * MILLIS_PER_HOUR / perHour));
    }
}
