package dev.holdfast.tck.machine;

import dev.holdfast.file.FileBackend;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A computer in memory: one disk with one store, any number of processes. Counts what is done to the disk, lets the n-th
 * operation fail, and cuts the power. Nothing of it touches the real disk. Thread-safe.
 *
 * <p>To try what a program does when its storage fails, run it once to count the operations, then once for each of them
 * with that operation failing, each time on a new machine:
 *
 * <pre>{@code
 * Machine machine = new Machine();
 * machine.createStore();
 * machine.failAfter(7, Landing.HALF);
 * try (SimulatedProcess process = machine.start()) {
 *     use(process.store());
 * }
 * Machine restarted = machine.afterPowerCut(Survival.BY_CHANCE, new Random(seed));
 * }</pre>
 */
public final class Machine {
    /** The directory of the store. */
    public static final Path STORE = Path.of("/store").toAbsolutePath();

    private final ReentrantLock lock = new ReentrantLock();
    private final SimulatedDisk disk;
    private final SimulatedLocks.Table locks = new SimulatedLocks.Table();
    private final List<Operation> done = new ArrayList<>();
    private long failAt = Long.MAX_VALUE;
    private Landing landing = Landing.NONE;
    private boolean forEver;
    private long processes;
    /** Called outside the lock, so that it may wait for other threads. */
    private volatile Consumer<Operation> before = operation -> {};

    /** Creates a machine with an empty disk. */
    public Machine() {
        this(new SimulatedDisk(), 0);
    }

    private Machine(SimulatedDisk disk, long processes) {
        this.disk = disk;
        this.processes = processes;
    }

    // ---- processes ----

    /** Makes the machine's store, in {@link #STORE}. Fails as the disk fails. */
    public void createStore() {
        FileBackend.create(STORE, true, new FaultyStorage(this), new SimulatedLocks(locks), Instant.EPOCH)
                .close();
    }

    /**
     * Starts a process that opens the store.
     *
     * @return the process
     * @throws dev.holdfast.HoldfastException NOT_FOUND if there is no store, and as the disk fails
     */
    public SimulatedProcess start() {
        return start(locks);
    }

    /**
     * Starts a process whose locks no other process sees, as when {@code runtime/} is deleted under those that run.
     *
     * @return the process
     * @throws dev.holdfast.HoldfastException NOT_FOUND if there is no store, and as the disk fails
     */
    public SimulatedProcess startAlone() {
        return start(new SimulatedLocks.Table());
    }

    private SimulatedProcess start(SimulatedLocks.Table seen) {
        long number;
        lock.lock();
        try {
            number = ++processes;
        } finally {
            lock.unlock();
        }
        return new SimulatedProcess(new FaultyStorage(this), new SimulatedLocks(seen), number);
    }

    // ---- counting ----

    /**
     * Counts the operations of all processes so far.
     *
     * @return how many there were, those that failed included
     */
    public long operations() {
        lock.lock();
        try {
            return done.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the operations of all processes so far.
     *
     * @return the operations in order, those that failed included
     */
    public List<Operation> trace() {
        lock.lock();
        try {
            return List.copyOf(done);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts one kind of operation.
     *
     * @param operation the kind
     * @return how many there were so far
     */
    public long count(Operation operation) {
        return trace().stream().filter(each -> each == operation).count();
    }

    /**
     * Counts the forces up to the operation that failed: after a failed force there must be no other.
     *
     * @return how many there were, one that failed included
     */
    public long forcesUntilFailure() {
        lock.lock();
        try {
            return done.subList(0, (int) Math.min(done.size(), failAt + 1)).stream()
                    .filter(each -> each == Operation.FORCE)
                    .count();
        } finally {
            lock.unlock();
        }
    }

    // ---- failing ----

    /**
     * Lets an operation fail.
     *
     * @param operation its number from the machine's start, from 0
     * @param effect how much of it takes effect all the same
     * @param always whether all later ones fail too, without effect
     */
    public void failAt(long operation, Landing effect, boolean always) {
        lock.lock();
        try {
            failAt = operation;
            landing = effect;
            forEver = always;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets one operation from now fail, once.
     *
     * @param operations how many go well before it
     * @param effect how much of it takes effect all the same
     */
    public void failAfter(long operations, Landing effect) {
        lock.lock();
        try {
            failAt(done.size() + operations, effect, false);
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing fail any more. */
    public void heal() {
        lock.lock();
        try {
            failAt = Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Calls a hook before each operation that is counted, on the thread that makes it. The hook may wait, throw, cut a
     * process off, or use the machine.
     *
     * @param hook the hook; replaces the one before
     */
    public void before(Consumer<Operation> hook) {
        before = hook;
    }

    // ---- the disk ----

    /**
     * Returns the disk, to look at it or to damage it while no process is at work.
     *
     * @return the disk
     */
    public SimulatedDisk disk() {
        return disk;
    }

    /**
     * Cuts the power of a copy. This machine goes on, so that each of its moments can have many ends.
     *
     * @param survival what survives of all that was not forced
     * @param random decides where it is by chance
     * @return another machine with what is left of the disk, where nothing fails and no process runs
     */
    public Machine afterPowerCut(Survival survival, Random random) {
        Machine machine = copy();
        machine.disk.cutPower(survival, random);
        return machine;
    }

    /**
     * Copies the disk as processes see it now.
     *
     * @return another machine, where nothing fails and no process runs
     */
    public Machine copy() {
        lock.lock();
        try {
            return new Machine(disk.copy(), processes);
        } finally {
            lock.unlock();
        }
    }

    // ---- for the storage ----

    ReentrantLock lock() {
        return lock;
    }

    void announce(Operation operation) {
        before.accept(operation);
    }

    /** Counts an operation. Returns null if it goes well, else how much of it takes effect before it fails. */
    @Nullable
    Landing next(Operation operation) {
        long number = done.size();
        done.add(operation);
        if (number == failAt) {
            return landing;
        }
        return forEver && number > failAt ? Landing.NONE : null;
    }
}
