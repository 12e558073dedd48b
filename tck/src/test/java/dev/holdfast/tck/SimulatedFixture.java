package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The file backend on a simulated machine, whose power is cut whenever all processes are to end. */
final class SimulatedFixture implements BackendFixture {
    private Machine machine = new Machine();
    private final List<SimulatedProcess> running = new ArrayList<>();

    @Override
    public Set<Trait> traits() {
        return EnumSet.allOf(Trait.class);
    }

    @Override
    public Backend create() {
        machine.createStore();
        return open();
    }

    @Override
    public Backend open() {
        SimulatedProcess process = machine.start();
        running.add(process);
        return process.backend();
    }

    @Override
    public Backend reopen() {
        running.forEach(SimulatedProcess::kill);
        machine = machine.afterPowerCut(Survival.NOTHING, new Random(1));
        return open();
    }

    @Override
    public void driveAndDie(LogId id) {
        SimulatedProcess process = machine.start();
        process.backend().drive(id);
        process.kill();
    }

    @Override
    public void damage(LogId id, int segment, long index) {
        Path file = SegmentFile.of(Machine.STORE, id, segment);
        try {
            machine.disk().replace(file, SegmentFile.damaged(machine.disk().content(file), index));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.forEach(SimulatedProcess::close);
    }
}
