package dev.holdfast.file;

import dev.holdfast.log.LogId;
import java.util.concurrent.ConcurrentHashMap;

/** Locks of several simulated processes. A process can lose them without noticing, as POSIX locks are lost. */
final class FakeLocks implements Locks {
    private record Key(LogId id, Use use) {}

    /** The locks of one machine. */
    static final class Table {
        private final ConcurrentHashMap<Key, FakeLocks> held = new ConcurrentHashMap<>();
    }

    private final Table table;
    private volatile RuntimeException refusal;

    FakeLocks(Table table) {
        this.table = table;
    }

    @Override
    public Hold tryHold(LogId id, Use use) {
        RuntimeException refused = refusal;
        if (refused != null) {
            refusal = null;
            throw refused;
        }
        Key key = new Key(id, use);
        return table.held.putIfAbsent(key, this) == null ? () -> table.held.remove(key, this) : null;
    }

    /** Lets every lock of this process go, though it believes to hold them: a stray close, or the process's end. */
    void lose() {
        table.held.values().removeIf(owner -> owner == this);
    }

    /** Lets the next attempt fail. */
    void refuseNext(RuntimeException fault) {
        refusal = fault;
    }
}
