package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The simulated machine as a program that builds on the file backend uses it. */
class MachineTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);
    private static final SessionId ID = SessionId.of(1_800_000_000_000L, 7, 7);

    /** Works until the disk fails; returns what was acknowledged. */
    private static List<Position> work(Machine machine) {
        List<Position> acknowledged = new ArrayList<>();
        try (SimulatedProcess process = machine.start()) {
            SessionConfig config = SessionConfig.conversation("tried");
            Session session = process.keep(process.store().create(config, ID, new Origin.Fresh()));
            for (int k = 0; k < 3; k++) {
                acknowledged.add(session.append(Message.user("message " + k)));
            }
        } catch (HoldfastException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        return acknowledged;
    }

    private static List<Position> positions(SimulatedProcess process) {
        List<Position> positions = new ArrayList<>();
        try (RecordReader reader = process.store().read(ID).records()) {
            for (var record = reader.next(); record != null; record = reader.next()) {
                positions.add(record.position());
            }
        }
        return positions;
    }

    @Test
    void whatWasAcknowledgedSurvivesAFailureAndAPowerCutAtEveryOperation() {
        System.out.println("seed " + SEED);
        Machine sound = new Machine();
        sound.createStore();
        long first = sound.operations();
        assertThat(work(sound)).hasSize(3);
        for (long operation = first; operation < sound.operations(); operation++) {
            Machine machine = new Machine();
            machine.createStore();
            machine.failAt(operation, Landing.HALF, true);
            List<Position> acknowledged = work(machine);
            Machine restarted = machine.afterPowerCut(Survival.BY_CHANCE, new Random(SEED + operation));
            try (SimulatedProcess process = restarted.start()) {
                if (!acknowledged.isEmpty()) {
                    assertThat(positions(process)).containsAll(acknowledged);
                }
            }
        }
    }

    @Test
    void operationsAreCountedAndOneFailsOnce() {
        Machine machine = new Machine();
        machine.createStore();
        try (SimulatedProcess process = machine.start()) {
            Session session = process.keep(process.store().create(SessionConfig.conversation("counted")));
            session.append(Message.user("one"));
            long forces = machine.count(Operation.FORCE);
            session.append(Message.user("two"));
            assertThat(machine.count(Operation.FORCE)).isEqualTo(forces + 1);
            assertThat(machine.trace()).hasSize((int) machine.operations());

            machine.failAfter(0, Landing.NONE);
            assertThatThrownBy(() -> session.append(Message.user("fails"))).hasMessageContaining("simulated failure");
        }
    }

    @Test
    void aProcessThatLostItsLocksKeepsNobodyOut() {
        Machine machine = new Machine();
        machine.createStore();
        try (SimulatedProcess one = machine.start();
                SimulatedProcess two = machine.start()) {
            SessionId id = one.keep(one.store().create(SessionConfig.conversation("locked")))
                    .id();
            assertThatThrownBy(() -> two.store().drive(id)).isInstanceOf(DrivenByOtherException.class);
            one.loseLocks();
            two.keep(two.store().drive(id)).append(Message.user("by the second"));
        }
    }

    @Test
    void aDeadProcessReachesTheDiskNoMore() {
        Machine machine = new Machine();
        machine.createStore();
        SimulatedProcess process = machine.start();
        Session session = process.keep(process.store().create(SessionConfig.conversation("dies")));
        long before = machine.operations();
        process.cutOff();
        assertThatThrownBy(() -> session.append(Message.user("never"))).isInstanceOf(HoldfastException.class);
        process.kill();
        assertThat(machine.operations()).isEqualTo(before);
        try (SimulatedProcess next = machine.start()) {
            next.keep(next.store().drive(session.id())).append(Message.user("goes on"));
        }
    }
}
