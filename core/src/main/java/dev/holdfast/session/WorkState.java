package dev.holdfast.session;

import dev.holdfast.event.Item;
import dev.holdfast.event.WorkspaceSet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session's work amounts to: the part of its state that events of work make. Immutable and bounded.
 *
 * @param iterationOpen whether the iteration that was begun last is not done
 * @param finished how much was finished in this session, whatever was gone back to
 * @param milestones how many there are and are reached
 * @param steps the step under way, and how many ended
 * @param items how many items stand where
 * @param open what was begun and has not ended
 * @param changes what was changed
 * @param commands how many commands ran
 * @param timings how long what took, by name
 * @param metrics the caller's own figures, by name
 * @param workspace where the work is done
 * @param active how long the session was running
 */
public record WorkState(
        boolean iterationOpen,
        Finished finished,
        Milestones milestones,
        Steps steps,
        Items items,
        Open open,
        Changed changes,
        Commands commands,
        Map<String, Timing> timings,
        Map<String, Metric> metrics,
        WorkspaceSet workspace,
        Active active) {
    /** The name under which timings and metrics are added up that have no place of their own any more. */
    public static final String OTHERS = "";

    /** How many files are told apart; beyond it, {@link Changed#filesAtLeast} is true. */
    public static final int FILES_TOLD_APART = 1_000;

    /** How many steps, runs and questions may be open at once, together. */
    public static final int MOST_OPEN = 400;

    /** No work yet. */
    public static final WorkState NONE = new WorkState(
            false,
            new Finished(0, 0, 0),
            new Milestones(0, 0),
            new Steps(null, 0, 0),
            new Items(0, 0, 0, 0, 0, 0),
            new Open(Fingerprints.NONE, Fingerprints.NONE, Fingerprints.NONE, Fingerprints.NONE),
            new Changed(Fingerprints.NONE, false, 0, 0, null),
            new Commands(0, 0),
            Map.of(),
            Map.of(),
            new WorkspaceSet(null, null, null),
            new Active(0, null));

    private static final int MAX_TIMINGS_BYTES = 2_500;
    private static final int MAX_METRICS_BYTES = 3_000;
    private static final int TIMING_BYTES = 60;
    private static final int METRIC_BYTES = 130;

    /** Copies the maps. */
    public WorkState {
        timings = Collections.unmodifiableMap(new LinkedHashMap<>(timings));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /**
     * How much was finished in this session. Unlike the places where work stands, these only grow.
     *
     * @param iterations how many times an iteration was completed
     * @param milestones how many times a milestone was reached
     * @param items how many times an item was completed
     */
    public record Finished(long iterations, long milestones, long items) {}

    /**
     * Milestones.
     *
     * @param total how many are planned, 0 without a plan
     * @param completed how many are reached: always the first ones
     */
    public record Milestones(long total, long completed) {
        /**
         * Returns the one that comes next.
         *
         * @return its number, or 0 if there is none
         */
        public long current() {
            return completed < total ? completed + 1 : 0;
        }
    }

    /**
     * Steps.
     *
     * @param current id of the step that was begun last, or null if it has ended
     * @param completed how many were completed
     * @param failed how many failed
     */
    public record Steps(@Nullable String current, long completed, long failed) {}

    /**
     * Where items stand. The first five add up to {@link #total}.
     *
     * @param pending not begun, or to be tried again
     * @param running an attempt is under way
     * @param done done
     * @param dead dead letters: they failed too often
     * @param dropped given up
     * @param failures how many attempts failed
     */
    public record Items(long pending, long running, long done, long dead, long dropped, long failures) {
        /**
         * Returns how many items there are.
         *
         * @return a count
         */
        public long total() {
            return pending + running + done + dead + dropped;
        }

        /**
         * Returns how many items will not be worked on again unless they are requeued.
         *
         * @return done, dead and dropped ones
         */
        public long ended() {
            return done + dead + dropped;
        }

        /** The counts after an event, or null if it does not fit them. */
        @Nullable
        Items after(Item event) {
            Items next = switch (event) {
                case Item.Added added -> plus(added.tasks().size(), 0, 0, 0, 0, 0);
                case Item.Started started -> plus(-1, 1, 0, 0, 0, 0);
                case Item.Completed completed -> plus(0, -1, 1, 0, 0, 0);
                case Item.Failed failed -> failed.dead() ? plus(0, -1, 0, 1, 0, 1) : plus(1, -1, 0, 0, 0, 1);
                case Item.Requeued requeued -> {
                    int n = requeued.ids().size();
                    yield switch (requeued.from()) {
                        case RUNNING -> plus(n, -n, 0, 0, 0, 0);
                        case DEAD -> plus(n, 0, 0, -n, 0, 0);
                        case PENDING -> null;
                    };
                }
                case Item.Dropped dropped -> {
                    int n = dropped.ids().size();
                    yield switch (dropped.from()) {
                        case PENDING -> plus(-n, 0, 0, 0, n, 0);
                        case DEAD -> plus(0, 0, 0, -n, n, 0);
                        case RUNNING -> null;
                    };
                }
            };
            return next == null || next.pending < 0 || next.running < 0 || next.dead < 0 ? null : next;
        }

        private Items plus(long toPending, long toRunning, long toDone, long toDead, long toDropped, long failed) {
            return new Items(
                    pending + toPending,
                    running + toRunning,
                    done + toDone,
                    dead + toDead,
                    dropped + toDropped,
                    failures + failed);
        }
    }

    /**
     * What was begun and has not ended, by the fingerprints of the ids.
     *
     * @param steps steps
     * @param agentRuns runs of agents
     * @param toolRuns runs of tools
     * @param questions questions without an answer
     */
    public record Open(Fingerprints steps, Fingerprints agentRuns, Fingerprints toolRuns, Fingerprints questions) {
        /**
         * Returns how much is open.
         *
         * @return a count, at most 400
         */
        public int size() {
            return steps.size() + agentRuns.size() + toolRuns.size() + questions.size();
        }
    }

    /**
     * What was changed.
     *
     * @param files the files, at most 1,000
     * @param filesAtLeast whether there were more files than that
     * @param linesAdded lines added
     * @param linesRemoved lines removed
     * @param lastCommit the last commit, or null
     */
    public record Changed(
            Fingerprints files,
            boolean filesAtLeast,
            long linesAdded,
            long linesRemoved,
            @Nullable String lastCommit) {
        Changed file(String path) {
            if (files.contains(path)) {
                return this;
            }
            return files.size() < FILES_TOLD_APART
                    ? new Changed(files.with(path), filesAtLeast, linesAdded, linesRemoved, lastCommit)
                    : new Changed(files, true, linesAdded, linesRemoved, lastCommit);
        }

        Changed lines(long added, long removed) {
            return new Changed(files, filesAtLeast, linesAdded + added, linesRemoved + removed, lastCommit);
        }

        Changed commit(String sha) {
            return new Changed(files, filesAtLeast, linesAdded, linesRemoved, sha);
        }
    }

    /**
     * Commands.
     *
     * @param executed how many ran
     * @param failed how many of them failed
     */
    public record Commands(long executed, long failed) {}

    /**
     * How long something took, all together.
     *
     * @param totalMicros the sum
     * @param count of how many timings
     */
    public record Timing(long totalMicros, long count) {
        /**
         * Returns the sum.
         *
         * @return a duration
         */
        public Duration total() {
            return Duration.of(totalMicros, java.time.temporal.ChronoUnit.MICROS);
        }
    }

    /**
     * A figure of the caller's own.
     *
     * @param last the last value
     * @param sum the sum of the values, to 16 digits
     * @param count how many values
     */
    public record Metric(BigDecimal last, BigDecimal sum, long count) {
        Metric plus(BigDecimal value) {
            return new Metric(value.round(MathContext.DECIMAL64), sum.add(value, MathContext.DECIMAL64), count + 1);
        }
    }

    /**
     * How long the session was running, by the times of its records.
     *
     * @param millis the time up to the last pause
     * @param since when it began to run, or null if it does not
     */
    public record Active(long millis, @Nullable Instant since) {
        /**
         * Returns the time up to an instant.
         *
         * @param now the instant
         * @return the time, never negative
         */
        public Duration upTo(Instant now) {
            long running =
                    since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis());
            return Duration.ofMillis(millis + running);
        }

        Active running(Instant at) {
            return new Active(millis, since == null ? at : since);
        }

        Active resting(Instant at) {
            return new Active(upTo(at).toMillis(), null);
        }
    }

    static Map<String, Timing> plus(Map<String, Timing> timings, String name, long micros) {
        Map<String, Timing> sums = new LinkedHashMap<>(timings);
        String key = place(sums, name, TIMING_BYTES, MAX_TIMINGS_BYTES);
        Timing before = sums.getOrDefault(key, new Timing(0, 0));
        sums.put(key, new Timing(before.totalMicros() + micros, before.count() + 1));
        return sums;
    }

    static Map<String, Metric> plus(Map<String, Metric> metrics, String name, BigDecimal value) {
        Map<String, Metric> sums = new LinkedHashMap<>(metrics);
        String key = place(sums, name, METRIC_BYTES, MAX_METRICS_BYTES);
        Metric before = sums.getOrDefault(key, new Metric(BigDecimal.ZERO, BigDecimal.ZERO, 0));
        sums.put(key, before.plus(value));
        return sums;
    }

    /** A name's own place, or the common one if the names would outgrow their share of the state. */
    private static String place(Map<String, ?> sums, String name, int each, int most) {
        if (sums.containsKey(name)) {
            return name;
        }
        int bytes = each + Bounded.storedBytes(name) + each;
        for (String key : sums.keySet()) {
            bytes += each + Bounded.storedBytes(key);
        }
        return bytes <= most ? name : OTHERS;
    }
}
