package dev.holdfast.tck.machine;

import dev.holdfast.HoldfastException;
import dev.holdfast.file.FileBackend;
import dev.holdfast.spi.Backend;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process on a {@link Machine}, with the machine's store open. It can die at any moment. Its clock and its ids are the
 * same in every run. Thread-safe.
 */
public final class SimulatedProcess implements AutoCloseable {
    private final FaultyStorage storage;
    private final SimulatedLocks locks;
    private final Backend backend;
    private final SessionStore store;
    private final Queue<Session> sessions = new ConcurrentLinkedQueue<>();

    SimulatedProcess(FaultyStorage storage, SimulatedLocks locks, long number) {
        this.storage = storage;
        this.locks = locks;
        this.backend = FileBackend.open(Machine.STORE, true, storage, locks);
        StoreOptions options = StoreOptions.usual()
                .program("simulated", "1")
                .clock(new Ticking())
                .random(new Random(number))
                .unsafeFileSystem(true);
        this.store = SessionStore.on(backend, options);
    }

    /**
     * Returns the machine's store as this process has it open.
     *
     * @return the store
     */
    public SessionStore store() {
        return store;
    }

    /**
     * Returns the backend below the store.
     *
     * @return the backend
     */
    public Backend backend() {
        return backend;
    }

    /**
     * Remembers a handle, so that it is closed with the process.
     *
     * @param session the handle
     * @return the same handle
     */
    public Session keep(Session session) {
        sessions.add(session);
        return session;
    }

    /** Lets nothing more that this process does reach the disk. Its locks stay until it is killed. May be called from a hook of {@link Machine#before}. */
    public void cutOff() {
        storage.cutOff();
    }

    /** Lets go of every lock, though the process believes to hold them: a stray close, or {@code runtime/} deleted. */
    public void loseLocks() {
        locks.lose();
    }

    /**
     * Lets the next attempt to lock fail.
     *
     * @param fault what is thrown
     */
    public void refuseNextLock(RuntimeException fault) {
        locks.refuseNext(fault);
    }

    /** Ends as {@code kill -9} does: nothing more reaches the disk, the locks go. */
    public void kill() {
        cutOff();
        loseLocks();
        close();
    }

    /** Closes the handles that were kept, but not the store. */
    public void letGo() {
        sessions.forEach(session -> quietly(session::close));
    }

    /** Ends as well as it can: a disk that fails is no reason to throw. */
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
            System.getLogger(SimulatedProcess.class.getName())
                    .log(System.Logger.Level.TRACE, "a handle of a simulated process did not close", e);
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
