package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.AgentRun;
import dev.holdfast.event.CommandExecuted;
import dev.holdfast.event.Item;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Measurement;
import dev.holdfast.event.Milestone;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Phase;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Step;
import dev.holdfast.event.ToolRun;
import dev.holdfast.event.WorkEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Drives the fold by chance against a model that forgets nothing and looks through everything anew each time. */
class WorkModelTest {
    private static final Instant T0 = Instant.parse("2026-11-20T21:00:00Z");
    private static final int MOST_ITERATIONS = 3;

    /** All that was admitted, nothing else. */
    private static final class Model {
        final List<WorkEvent> admitted = new ArrayList<>();
        final boolean mapReduce;

        Model(boolean mapReduce) {
            this.mapReduce = mapReduce;
        }

        <T> List<T> all(Class<T> type) {
            return admitted.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Nullable
        String phase() {
            List<Phase.Moved> moves = all(Phase.Moved.class);
            return moves.isEmpty() ? null : moves.getLast().to();
        }

        boolean open(Class<?> begins, Class<?> family, String id) {
            boolean open = false;
            for (WorkEvent event : admitted) {
                if (family.isInstance(event) && id(event).equals(id)) {
                    open = begins.isInstance(event);
                }
            }
            return open;
        }

        static String id(WorkEvent event) {
            return switch (event) {
                case Step step -> step.id();
                case AgentRun run -> run.id();
                case ToolRun run -> run.id();
                case Journal.QuestionOpened opened -> opened.id();
                case Journal.QuestionAnswered answered -> answered.id();
                default -> "";
            };
        }

        long pending() {
            return sum(item -> switch (item) {
                case Item.Added added -> added.tasks().size();
                case Item.Started started -> -1;
                case Item.Failed failed -> failed.dead() ? 0 : 1;
                case Item.Requeued requeued -> 1;
                case Item.Dropped dropped -> dropped.from() == Item.From.PENDING ? -1 : 0;
                case Item.Completed completed -> 0;
            });
        }

        long running() {
            return sum(item -> switch (item) {
                case Item.Started started -> 1;
                case Item.Completed completed -> -1;
                case Item.Failed failed -> -1;
                case Item.Requeued requeued -> requeued.from() == Item.From.RUNNING ? -1 : 0;
                case Item.Added added -> 0;
                case Item.Dropped dropped -> 0;
            });
        }

        long dead() {
            return sum(item -> switch (item) {
                case Item.Failed failed -> failed.dead() ? 1 : 0;
                case Item.Requeued requeued -> requeued.from() == Item.From.DEAD ? -1 : 0;
                case Item.Dropped dropped -> dropped.from() == Item.From.DEAD ? -1 : 0;
                case Item.Added added -> 0;
                case Item.Started started -> 0;
                case Item.Completed completed -> 0;
            });
        }

        private long sum(java.util.function.ToLongFunction<Item> of) {
            return all(Item.class).stream().mapToLong(of).sum();
        }

        boolean admits(WorkEvent event) {
            List<Iteration> iterations = all(Iteration.class);
            boolean under = !iterations.isEmpty() && iterations.getLast() instanceof Iteration.Started;
            long last = iterations.isEmpty() ? 0 : iterations.getLast().number();
            long planned = all(Milestone.Planned.class).isEmpty()
                    ? 0
                    : all(Milestone.Planned.class).getLast().titles().size();
            long reached = all(Milestone.Completed.class).size();
            return switch (event) {
                case Iteration.Started started ->
                    started.number() == (under ? last : last + 1) && started.number() <= MOST_ITERATIONS;
                case Iteration.Completed completed -> under && completed.number() == last;
                case Step step -> open(Step.Started.class, Step.class, step.id()) != step instanceof Step.Started;
                case AgentRun run ->
                    open(AgentRun.Started.class, AgentRun.class, run.id()) != run instanceof AgentRun.Started;
                case ToolRun run ->
                    open(ToolRun.Started.class, ToolRun.class, run.id()) != run instanceof ToolRun.Started;
                case Journal.QuestionOpened opened -> !open(Journal.QuestionOpened.class, Journal.class, opened.id());
                case Journal.QuestionAnswered answered ->
                    open(Journal.QuestionOpened.class, Journal.class, answered.id());
                case Milestone.Planned plan -> plan.titles().size() >= reached;
                case Milestone.Completed completed ->
                    completed.number() == reached + 1 && completed.number() <= planned;
                case Phase.Moved move -> moves(move);
                case Item item -> admitsItem(item);
                default -> true;
            };
        }

        private boolean moves(Phase.Moved move) {
            String phase = phase();
            if (!Objects.equals(move.from(), phase)) {
                return false;
            }
            if (!mapReduce) {
                return true;
            }
            if (phase == null) {
                return move.to().equals("setup");
            }
            boolean reason = move.reason() != null && !move.reason().isBlank();
            // Chance moves between setup and map only.
            return phase.equals("setup") ? move.to().equals("map") : move.to().equals("setup") && reason;
        }

        private boolean admitsItem(Item item) {
            boolean map = !mapReduce || "map".equals(phase());
            return switch (item) {
                case Item.Added added -> map || "setup".equals(phase());
                case Item.Started started -> map && pending() > 0;
                case Item.Completed completed -> running() > 0;
                case Item.Failed failed -> running() > 0;
                case Item.Requeued requeued -> requeued.from() == Item.From.DEAD ? dead() > 0 : running() > 0;
                case Item.Dropped dropped -> dropped.from() == Item.From.DEAD ? dead() > 0 : pending() > 0;
            };
        }

        void check(SessionState state) {
            WorkState work = state.work();
            List<Iteration> iterations = all(Iteration.class);
            assertThat(state.iteration())
                    .isEqualTo(iterations.isEmpty() ? 0 : iterations.getLast().number());
            assertThat(work.finished().iterations())
                    .isEqualTo(all(Iteration.Completed.class).size());
            assertThat(state.phase()).isEqualTo(phase());
            assertThat(work.milestones().completed())
                    .isEqualTo(all(Milestone.Completed.class).size());
            assertThat(work.items())
                    .isEqualTo(new WorkState.Items(
                            pending(),
                            running(),
                            all(Item.Completed.class).size(),
                            dead(),
                            all(Item.Dropped.class).size(),
                            all(Item.Failed.class).size()));
            assertThat(work.items().total()).isEqualTo(all(Item.Added.class).size());
            assertThat(work.commands().executed())
                    .isEqualTo(all(CommandExecuted.class).size());
            assertThat(work.commands().failed())
                    .isEqualTo(all(CommandExecuted.class).stream()
                            .filter(command -> command.exitCode() != 0)
                            .count());
            Set<String> files = new HashSet<>();
            all(Iteration.Completed.class)
                    .forEach(each -> files.addAll(each.changes().filesModified()));
            all(Journal.DocumentUpdated.class).forEach(each -> files.add(each.path()));
            assertThat(work.changes().files().size()).isEqualTo(files.size());
            assertThat(work.changes().linesAdded())
                    .isEqualTo(all(Iteration.Completed.class).stream()
                            .mapToLong(each -> each.changes().linesAdded())
                            .sum());
            TreeMap<String, Long> timings = new TreeMap<>();
            all(Measurement.Timing.class).forEach(each -> timings.merge(each.name(), each.durationMicros(), Long::sum));
            TreeMap<String, Long> sums = new TreeMap<>();
            work.timings().forEach((name, each) -> sums.put(name, each.totalMicros()));
            assertThat(sums).isEqualTo(timings);
        }
    }

    @Test
    void theFoldIsWhatTheEventsAmountTo() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        for (int run = 0; run < 60; run++) {
            boolean mapReduce = random.nextBoolean();
            SessionKind kind = mapReduce ? SessionKind.MAPREDUCE : SessionKind.WORKFLOW;
            Fold fold = Fold.of(
                    new SegmentOpened(
                            1,
                            "log",
                            1,
                            new Origin.Fresh(),
                            new SegmentOpened.Writer("p", "v", "h", 1),
                            null,
                            SessionConfig.of(kind)
                                    .maxIterations(MOST_ITERATIONS)
                                    .toJson(),
                            null),
                    T0);
            fold.apply(new Lifecycle.Started(), T0);
            Model model = new Model(mapReduce);
            RandomEvents events = new RandomEvents(random);
            long refused = 0;
            for (int k = 0; k < 150; k++) {
                WorkEvent event = events.work();
                boolean admitted = admitted(fold, event);
                assertThat(admitted)
                        .as("seed %d, run %d, event %d: %s in %s", seed, run, k, event, fold.toState())
                        .isEqualTo(model.admits(event));
                fold.apply(event, T0);
                if (admitted) {
                    model.admitted.add(event);
                } else {
                    refused++;
                }
                assertThat(fold.oddities()).isEqualTo(refused);
                if (random.nextInt(10) == 0) {
                    fold = random.nextBoolean() ? fold.copy() : new Fold(fold.toState());
                }
            }
            model.check(fold.toState());
        }
    }

    private static boolean admitted(Fold fold, WorkEvent event) {
        try {
            Admission.admit(fold, event);
            return true;
        } catch (HoldfastException e) {
            return false;
        }
    }
}
