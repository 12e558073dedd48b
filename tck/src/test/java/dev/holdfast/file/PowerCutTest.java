package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cuts the power after every operation of a script; what was not forced survives not at all, wholly, or by chance. */
class PowerCutTest {
    private static final long SEED = Long.getLong("seed", 20_261_120L);
    private static final int CHANCES = 4;

    @Test
    void whatWasAcknowledgedIsThereWheneverThePowerGoes() {
        System.out.println("seed " + SEED);
        Machine rehearsed = new Machine();
        CrashScript rehearsal = new CrashScript.Everything(rehearsed);
        rehearsal.run();
        rehearsal.kill();
        int cuts = 0;
        List<Throwable> wrong = new ArrayList<>();
        for (int operation = 0; operation <= rehearsal.trace.size(); operation++) {
            Machine machine = new Machine();
            machine.failAt(operation, Landing.NONE, true);
            CrashScript run = new CrashScript.Everything(machine);
            try {
                run.run();
            } catch (HoldfastException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            run.kill();
            for (int chance = -2; chance < CHANCES; chance++) {
                Survival survival = switch (chance) {
                    case -2 -> Survival.NOTHING;
                    case -1 -> Survival.EVERYTHING;
                    default -> Survival.BY_CHANCE;
                };
                Random random = new Random(SEED + 1_000L * operation + chance);
                cuts++;
                try {
                    run.checkAfterwards(machine.afterPowerCut(survival, random), true, true);
                } catch (RuntimeException | AssertionError e) {
                    wrong.add(new AssertionError(
                            "power cut before operation " + operation + ", " + survival + " " + chance + ": "
                                    + e.getMessage(),
                            e));
                }
            }
        }
        System.out.println(cuts + " power cuts");
        CrashScript.throwFirst(wrong, cuts);
    }
}
