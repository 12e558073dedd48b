package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fails every operation of a script in turn, in every way, and looks what is there afterwards: in the same process, in the
 * next one, and after a power cut.
 */
class CrashEnumerationTest {
    private static final long SEED = Long.getLong("seed", 20_261_120L);

    /** One way of failing. */
    private record Case(int operation, Operation kind, Landing landing, boolean forEver) {
        @Override
        public String toString() {
            return "operation " + operation + ", " + kind + ", landing " + landing
                    + (forEver ? ", and all later ones" : ", once");
        }
    }

    @Test
    void whatWasAcknowledgedIsThereWhicheverOperationFails() {
        check(CrashScript.Everything::new, cases(CrashScript.Everything::new));
    }

    @Test
    void whatWasAcknowledgedIsThereWhenOperationsOfARollOverFail() {
        List<Case> all = cases(CrashScript.RollOver::new);
        java.util.Collections.shuffle(all, new Random(SEED));
        System.out.println("seed " + SEED);
        check(CrashScript.RollOver::new, all.subList(0, 24));
    }

    @Test
    @Tag("nightly")
    void whatWasAcknowledgedIsThereWhicheverOperationOfARollOverFails() {
        check(CrashScript.RollOver::new, cases(CrashScript.RollOver::new));
    }

    private static List<Case> cases(Function<Machine, CrashScript> script) {
        Machine machine = new Machine();
        CrashScript rehearsal = script.apply(machine);
        rehearsal.run();
        rehearsal.kill();
        rehearsal.ledger.check(machine.startAlone().store(), false);
        List<Case> cases = new ArrayList<>();
        List<Operation> trace = rehearsal.trace;
        for (int operation = 0; operation < trace.size(); operation++) {
            Operation kind = trace.get(operation);
            for (boolean forEver : new boolean[] {false, true}) {
                for (Landing landing : landings(kind)) {
                    cases.add(new Case(operation, kind, landing, forEver));
                }
            }
        }
        return cases;
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

    private static void check(Function<Machine, CrashScript> script, List<Case> cases) {
        System.out.println(cases.size() + " failures");
        List<Throwable> wrong = new ArrayList<>();
        for (Case each : cases) {
            try {
                fail(script, each);
            } catch (RuntimeException | AssertionError e) {
                wrong.add(new AssertionError(each + ": " + e.getMessage(), e));
            }
        }
        CrashScript.throwFirst(wrong, cases.size());
    }

    private static void fail(Function<Machine, CrashScript> script, Case how) {
        Machine machine = new Machine();
        machine.failAt(how.operation(), how.landing(), how.forEver());
        CrashScript run = script.apply(machine);
        try {
            run.run();
        } catch (HoldfastException e) {
            assertThat(e.getMessage()).isNotBlank();
            // Whoever is told of an I/O error is told that what was only relaxed may be gone.
            run.ledger.mayLoseRelaxed();
        }
        machine.heal();
        if (!how.forEver() && run.driver != null) {
            // The process lives on and tries again.
            run.driver.letGo();
            run.ledger.check(run.driver.store(), false);
            run.ledger.goOn(run.driver, "same process");
            run.ledger.check(run.driver.store(), false);
        }
        run.kill();
        Random random = new Random(SEED + how.operation());
        run.checkAfterwards(machine.afterPowerCut(Survival.NOTHING, random), true, true);
        // A force that failed where nothing could be written any more leaves no mark: then nobody can know.
        boolean marked = how.kind() != Operation.FORCE || how.landing() == Landing.ALL || !how.forEver();
        run.checkAfterwards(machine, false, marked);
    }
}
