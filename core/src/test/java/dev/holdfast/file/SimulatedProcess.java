package dev.holdfast.file;

import dev.holdfast.HoldfastException;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A process with a store of its own over a simulated machine. It can die. */
final class SimulatedProcess implements AutoCloseable {
    static final Path ROOT = Path.of("/store").toAbsolutePath();

    final FaultyStorage storage;
    final FakeLocks locks;
    final SessionStore store;
    private final List<Session> sessions = new ArrayList<>();

    private SimulatedProcess(FaultyStorage storage, FakeLocks locks) {
        this.storage = storage;
        this.locks = locks;
        StoreOptions options = StoreOptions.usual()
                .program("test", "1")
                .clock(new Ticking())
                .random(new Random(1))
                .unsafeFileSystem(true);
        this.store = SessionStore.on(FileBackend.open(ROOT, true, storage, locks), options);
    }

    /** Makes a store on an empty machine; fails as the storage fails. */
    static void createStore(FaultyStorage.Machine machine) {
        FileBackend.create(ROOT, true, new FaultyStorage(machine), Instant.EPOCH)
                .close();
    }

    static SimulatedProcess start(FaultyStorage.Machine machine, FakeLocks.Table table) {
        return new SimulatedProcess(new FaultyStorage(machine), new FakeLocks(table));
    }

    /** A process alone on its machine. */
    static SimulatedProcess start(FaultyStorage.Machine machine) {
        return start(machine, new FakeLocks.Table());
    }

    /** Remembers a handle that the process's end must let go of. */
    Session keep(Session session) {
        sessions.add(session);
        return session;
    }

    /** Ends as kill -9 does: nothing more reaches the disk, the locks go. */
    void kill() {
        storage.kill();
        locks.lose();
        close();
    }

    /** Closes the handles but not the store. */
    void letGo() {
        sessions.forEach(session -> quietly(session::close));
    }

    @Override
    public void close() {
        letGo();
        quietly(store::close);
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (HoldfastException e) {
            // A dead or failed process cannot close well.
        }
    }

    /** A clock that never stands still, the same in every run. */
    private static final class Ticking extends Clock {
        private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis.incrementAndGet());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
