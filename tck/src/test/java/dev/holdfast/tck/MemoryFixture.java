package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.spi.Backend;
import java.util.Set;

/** Stores on the heap: each process has its own, and it ends with it. */
final class MemoryFixture implements BackendFixture {
    @Override
    public Set<Trait> traits() {
        return Set.of(Trait.OFFSETS);
    }

    @Override
    public Backend create() {
        return new MemoryBackend();
    }

    @Override
    public Backend open() {
        return new MemoryBackend();
    }

    @Override
    public Backend reopen() {
        return new MemoryBackend();
    }

    @Override
    public void driveAndDie(LogId id) {
        // Its heap would go with it.
    }

    @Override
    public void damage(LogId id, int segment, long index) {
        // Nobody can reach another one's heap.
    }

    @Override
    public void close() {
        // The heap is collected.
    }
}
