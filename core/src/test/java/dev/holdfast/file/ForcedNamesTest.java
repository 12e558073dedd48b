package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.file.FaultyStorage.Kind;
import dev.holdfast.file.FaultyStorage.Machine;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Session;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForcedNamesTest {
    private final Machine machine = new Machine();

    /** Both end alike, so that one directory holds them. */
    private static SessionId id(int number) {
        return SessionId.of(1_770_000_000_000L + number, 1, 1);
    }

    private static void create(SimulatedProcess process, int number) {
        try (Session session = process.store.create(SessionConfig.conversation(null), id(number), new Origin.Fresh())) {
            session.start();
            session.append(OutputAppended.of("recorded " + number));
        }
    }

    @Test
    void directoriesThatStayAreForcedOnceInAProcess() {
        SimulatedProcess.createStore(machine);
        try (SimulatedProcess process = SimulatedProcess.start(machine)) {
            create(process, 1);
            long before = machine.count(Kind.FORCE_DIRECTORY);
            create(process, 2);
            assertThat(machine.count(Kind.FORCE_DIRECTORY) - before)
                    .as("the session's own directory and the one that names it")
                    .isEqualTo(2);
        }
    }

    @Test
    void whatAnotherProcessMadeAndDidNotForceIsForced() {
        SimulatedProcess.createStore(machine);
        // Dies after it made the directories, before it forced any of their names.
        SimulatedProcess first = SimulatedProcess.start(machine);
        machine.before(kind -> {
            if (kind == Kind.CREATE) {
                first.storage.kill();
            }
        });
        try {
            create(first, 1);
        } catch (HoldfastException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        first.kill();
        machine.before(kind -> {});
        SimulatedProcess second = SimulatedProcess.start(machine);
        create(second, 2);
        second.kill();
        Machine after = machine.afterPowerCut(SimulatedDisk.Survival.NOTHING, new Random(1));
        try (SimulatedProcess third = SimulatedProcess.start(after)) {
            assertThat(third.store.exists(id(2))).isTrue();
            assertThat(third.store.exists(id(1))).isFalse();
        }
    }
}
