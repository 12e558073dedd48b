package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.SessionId;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets every storage operation of forks, compactions, rewinds, checkpoints, restores, retries, materializing, adoption and
 * repair fail, in every way, with and without a power cut. What was acknowledged must be there, wholly, and what was not
 * must be there wholly or not at all; then the rest of the script is done.
 */
class LineageCrashTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);

    /**
     * One way of failing.
     *
     * @param lasting whether nothing works any more afterwards, so that the process ends
     * @param survival what the power cut leaves that follows, or null if there is none
     * @param chance numbers the subsets of what is left by chance
     */
    private record Cut(int operation, Operation kind, Landing landing, boolean lasting, Survival survival, int chance) {
        @Override
        public String toString() {
            return "operation " + operation + ", " + kind + ", landing " + landing
                    + (lasting ? ", and all later ones" : ", once")
                    + (survival == null ? "" : ", power cut, left " + survival + " " + chance);
        }
    }

    @Test
    void lineageSurvivesASampleOfAllFailures() {
        sample(new Rehearsal(LineageScript.everything()), 4, Integer.getInteger("cuts", 200));
    }

    @Test
    void lineageSurvivesASampleOfAllFailuresRoundARollOver() {
        sample(new Rehearsal(LineageScript.rollOver()), 1, 6);
    }

    @Test
    @Tag("nightly")
    void lineageSurvivesWhateverFails() {
        Rehearsal rehearsal = new Rehearsal(LineageScript.everything());
        List<Cut> cuts = rehearsal.cuts(2);
        assertThat(new HashSet<>(cuts)).hasSizeGreaterThanOrEqualTo(10_000);
        rehearsal.check(cuts);
    }

    @Test
    @Tag("nightly")
    void lineageSurvivesWhateverFailsRoundARollOver() {
        sample(new Rehearsal(LineageScript.rollOver()), 2, 300);
    }

    private static void sample(Rehearsal rehearsal, int chances, int most) {
        List<Cut> cuts = new ArrayList<>(rehearsal.cuts(chances));
        Collections.shuffle(cuts, new Random(SEED));
        rehearsal.check(cuts.subList(0, Math.min(most, cuts.size())));
    }

    /** A run in which nothing fails: what there is to fail, and what each step must have led to. */
    private static final class Rehearsal {
        private final List<LineageScript.Step> script;
        /** How the store is before the first step and after each, exactly. */
        private final List<Map<String, String>> after = new ArrayList<>();
        /** What is told of it at the end. */
        private final Map<String, String> end;

        private final List<LineageScript.Names> names = new ArrayList<>();
        private final List<Operation> trace;
        private final int begun;

        Rehearsal(List<LineageScript.Step> script) {
            this.script = script;
            Machine machine = new Machine();
            machine.createStore();
            SimulatedProcess process = machine.start();
            begun = (int) machine.operations();
            LineageScript.Scene scene = new LineageScript.Scene(machine, process, new LineageScript.Names());
            note(scene);
            for (LineageScript.Step step : script) {
                step.action().accept(scene);
                note(scene);
            }
            trace = machine.trace();
            scene.settle();
            end = told(machine, scene.names);
            scene.process.kill();
            System.out.println(script.size() + " steps, " + (trace.size() - begun) + " operations");
            for (int k = 0; k < after.size(); k++) {
                boolean damaged = k > 0 && script.get(k - 1).name().equals("damage");
                assertThat(after.get(k).values().stream().filter(each -> each.contains("damage ")))
                        .as("damaged sessions after step %d", k)
                        .hasSize(damaged ? 1 : 0);
            }
        }

        /** Looks from a copy, so that looking counts as no operation. */
        private void note(LineageScript.Scene scene) {
            names.add(scene.names.copy());
            after.add(exact(scene.machine));
        }

        private static Map<String, String> exact(Machine machine) {
            SimulatedProcess onlooker = machine.copy().startAlone();
            try {
                return LineageSnapshot.exact(onlooker.store());
            } finally {
                onlooker.kill();
            }
        }

        private static Map<String, String> told(Machine machine, LineageScript.Names names) {
            SimulatedProcess onlooker = machine.copy().startAlone();
            try {
                return LineageSnapshot.told(onlooker.store(), names.sessions());
            } finally {
                onlooker.kill();
            }
        }

        List<Cut> cuts(int chances) {
            List<Cut> cuts = new ArrayList<>();
            for (int operation = begun; operation < trace.size(); operation++) {
                Operation kind = trace.get(operation);
                for (boolean lasting : new boolean[] {false, true}) {
                    for (Landing landing : landings(kind)) {
                        cuts.add(new Cut(operation, kind, landing, lasting, null, 0));
                        if (kind.changes()) {
                            cuts.add(new Cut(operation, kind, landing, lasting, Survival.NOTHING, 0));
                            cuts.add(new Cut(operation, kind, landing, lasting, Survival.EVERYTHING, 0));
                            for (int chance = 0; chance < chances; chance++) {
                                cuts.add(new Cut(operation, kind, landing, lasting, Survival.BY_CHANCE, chance));
                            }
                        }
                    }
                }
            }
            return cuts;
        }

        /** What may have happened when an operation reports a failure. */
        private static List<Landing> landings(Operation kind) {
            if (!kind.changes()) {
                return List.of(Landing.NONE);
            }
            return kind == Operation.WRITE || kind == Operation.FORCE
                    ? List.of(Landing.values())
                    : List.of(Landing.NONE, Landing.ALL);
        }

        void check(List<Cut> cuts) {
            System.out.println("seed " + SEED + ", " + cuts.size() + " cuts");
            Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
            cuts.parallelStream().forEach(cut -> {
                Attempt attempt = new Attempt(cut);
                try {
                    attempt.run();
                } catch (RuntimeException | AssertionError e) {
                    wrong.add(new AssertionError(cut + ", " + attempt + ": " + e.getMessage(), e));
                }
            });
            CrashScript.throwFirst(List.copyOf(wrong), cuts.size());
        }

        /** One run in which something fails. */
        private final class Attempt {
            private final Cut cut;
            private final Machine machine = new Machine();
            private int done;
            /** A session of which nobody was told whether it was made. */
            private SessionId unsure;
            /** A session of which nobody was told whether it was moved to the trash or out of it. */
            private String moved;

            private String where = "before the first step";

            Attempt(Cut cut) {
                this.cut = cut;
            }

            @Override
            public String toString() {
                return where;
            }

            void run() {
                machine.createStore();
                LineageScript.Scene first =
                        new LineageScript.Scene(machine, machine.start(), new LineageScript.Names());
                machine.failAt(cut.operation(), cut.landing(), cut.lasting());
                HoldfastException fault = goOn(first);
                machine.heal();
                if (fault != null && !cut.lasting()) {
                    // The process lives on, looks, and tries again.
                    first.process.letGo();
                    first = at(machine, first.process, fault);
                    assertThat(goOn(first)).as("a second attempt").isNull();
                }
                if (fault == null || !cut.lasting()) {
                    first.settle();
                    assertIsAtTheEnd(machine, first.names, "in the same process");
                }
                first.process.kill();
                Random random = new Random(SEED + 31L * cut.operation() + cut.chance());
                Machine left = cut.survival() == null ? machine : machine.afterPowerCut(cut.survival(), random);
                LineageScript.Names names = first.names;
                if (fault != null && cut.lasting()) {
                    LineageScript.Scene second = at(left, left.startAlone(), fault);
                    assertThat(goOn(second)).as("a second attempt").isNull();
                    second.settle();
                    second.process.kill();
                    names = second.names;
                }
                assertIsAtTheEnd(left, names, "in the next process");
                // A force that failed where nothing could be written any more leaves no mark: then nobody can know.
                boolean marked = cut.kind() != Operation.FORCE || cut.landing() == Landing.ALL || !cut.lasting();
                if (marked || cut.survival() != null) {
                    assertIsAtTheEnd(
                            left.afterPowerCut(Survival.NOTHING, random), names, "after a power cut at the end");
                }
            }

            /** Nobody was told that the move is durable: where the power took it back, it is made again. */
            private void settleMove(Machine on, SessionId id) {
                SimulatedProcess process = on.startAlone();
                boolean wanted = !end.containsKey(moved + " in the trash");
                if (wanted != process.store().exists(id)) {
                    if (wanted) {
                        process.store().trash().list().stream()
                                .filter(each -> each.id().name().equals(id.value()))
                                .forEach(process.store().trash()::restore);
                    } else {
                        process.store().deleteMaterializing(id);
                    }
                }
                process.close();
            }

            /** The session that a step makes, or null. */
            private SessionId made(int step) {
                return names.get(step + 1).sessions().values().stream()
                        .filter(id -> !names.get(step).sessions().containsValue(id))
                        .findFirst()
                        .orElse(null);
            }

            /** Does the rest of the script, to its end or to the first fault. */
            private HoldfastException goOn(LineageScript.Scene scene) {
                try {
                    for (; done < script.size(); done++) {
                        where = "in step " + done + ", " + script.get(done);
                        script.get(done).action().accept(scene);
                    }
                    return null;
                } catch (HoldfastException e) {
                    assertThat(e.getMessage()).isNotBlank();
                    return e;
                }
            }

            /** Finds out whether the step that failed was done: a store is as it was before, or as after. */
            private LineageScript.Scene at(Machine on, SimulatedProcess process, HoldfastException fault) {
                Map<String, String> found = exact(on);
                moved = fault.code() == ErrorCode.OUTCOME_UNKNOWN
                        ? script.get(done).moves()
                        : null;
                if (found.equals(after.get(done + 1))) {
                    assertThat(fault.code() == ErrorCode.STORAGE && !found.equals(after.get(done)))
                            .as("it was done, though it was said that it was not: %s", fault)
                            .isFalse();
                    done++;
                } else {
                    LineageSnapshot.assertSame(found, after.get(done), "after " + fault);
                    unsure = fault.code() == ErrorCode.OUTCOME_UNKNOWN ? made(done) : null;
                }
                return new LineageScript.Scene(on, process, names.get(done).copy());
            }

            private void assertIsAtTheEnd(Machine on, LineageScript.Names known, String when) {
                Machine looked = on.copy();
                if (moved != null) {
                    settleMove(looked, known.sessions().get(moved));
                }
                Map<String, String> found = told(looked, known);
                if (unsure != null) {
                    // Nobody was told whether that session was made, so it may come back with the power.
                    found.remove("another, " + unsure);
                }
                LineageSnapshot.assertSame(found, end, when);
            }
        }
    }
}
