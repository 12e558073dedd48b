package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForcedNamesTest {
    private final Machine machine = new Machine();

    /** Both end alike, so that one directory holds them. */
    private static SessionId id(int number) {
        return SessionId.of(1_770_000_000_000L + number, 1, 1);
    }

    private static void create(SimulatedProcess process, int number) {
        try (Session session =
                process.store().create(SessionConfig.conversation(null), id(number), new Origin.Fresh())) {
            session.start();
            session.append(OutputAppended.of("recorded " + number));
        }
    }

    @Test
    void directoriesThatStayAreForcedOnceInAProcess() {
        machine.createStore();
        try (SimulatedProcess process = machine.startAlone()) {
            create(process, 1);
            long before = machine.count(Operation.FORCE_DIRECTORY);
            create(process, 2);
            assertThat(machine.count(Operation.FORCE_DIRECTORY) - before)
                    .as("the session's own directory and the one that names it")
                    .isEqualTo(2);
        }
    }

    @Test
    void whatAnotherProcessMadeAndDidNotForceIsForced() {
        machine.createStore();
        // Dies after it made the directories, before it forced any of their names.
        SimulatedProcess first = machine.startAlone();
        machine.before(kind -> {
            if (kind == Operation.CREATE) {
                first.cutOff();
            }
        });
        try {
            create(first, 1);
        } catch (HoldfastException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        first.kill();
        machine.before(kind -> {});
        SimulatedProcess second = machine.startAlone();
        create(second, 2);
        second.kill();
        Machine after = machine.afterPowerCut(Survival.NOTHING, new Random(1));
        try (SimulatedProcess third = after.startAlone()) {
            assertThat(third.store().exists(id(2))).isTrue();
            assertThat(third.store().exists(id(1))).isFalse();
        }
    }
}
