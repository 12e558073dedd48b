package dev.holdfast.tck.machine;

import dev.holdfast.file.Locks;
import dev.holdfast.log.LogId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The locks of one simulated process. It can lose them without noticing, as POSIX locks are lost. */
final class SimulatedLocks implements Locks {
    private record Key(LogId id, Use use) {}

    /** One hold; no two are equal, so that a second close takes nothing from the next holder. */
    private static final class Held {
        private final SimulatedLocks owner;

        Held(SimulatedLocks owner) {
            this.owner = owner;
        }
    }

    /** The locks of all processes that see each other's. */
    static final class Table {
        private final ConcurrentHashMap<Key, Held> held = new ConcurrentHashMap<>();
    }

    private final Table table;
    private final AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();

    SimulatedLocks(Table table) {
        this.table = table;
    }

    @Override
    public @Nullable Hold tryHold(LogId id, Use use) {
        RuntimeException refused = refusal.getAndSet(null);
        if (refused != null) {
            throw refused;
        }
        Key key = new Key(id, use);
        Held hold = new Held(this);
        return table.held.putIfAbsent(key, hold) == null ? () -> table.held.remove(key, hold) : null;
    }

    void lose() {
        table.held.values().removeIf(hold -> hold.owner == this);
    }

    void refuseNext(RuntimeException fault) {
        refusal.set(fault);
    }
}
