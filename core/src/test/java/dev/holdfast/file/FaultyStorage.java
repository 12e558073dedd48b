package dev.holdfast.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one process sees of a {@link SimulatedDisk}: counts operations and fails where it is told to. Several processes
 * may share a disk; operations are counted for all of them together.
 */
final class FaultyStorage implements Storage {
    /** The operations that can fail. */
    enum Kind {
        APPEND_OPEN,
        CREATE,
        WRITE,
        FORCE,
        FORCE_DIRECTORY,
        MOVE,
        DELETE,
        MAKE_DIRECTORY,
        OPEN,
        READ,
        NAMES;

        boolean changes() {
            return this != OPEN && this != READ && this != NAMES && this != APPEND_OPEN;
        }
    }

    /** How much of a failing operation takes effect all the same. */
    enum Landing {
        NONE,
        HALF,
        ALL_BUT_LAST,
        ALL
    }

    /** The disk, what was done to it and what goes wrong with it: shared by the processes of one machine. */
    static final class Machine {
        private SimulatedDisk disk = new SimulatedDisk();
        private final List<Kind> done = new ArrayList<>();
        private long failAt = Long.MAX_VALUE;
        private Landing landing = Landing.NONE;
        private boolean forEver;
        /** Called before an operation, outside the lock. */
        private volatile Consumer<Kind> before = kind -> {};

        synchronized long operations() {
            return done.size();
        }

        synchronized List<Kind> trace() {
            return List.copyOf(done);
        }

        synchronized long count(Kind kind) {
            return done.stream().filter(each -> each == kind).count();
        }

        /** How many forces there were up to the one that failed, that one included. */
        synchronized long forcesUntilFailure() {
            return done.subList(0, (int) Math.min(done.size(), failAt + 1)).stream()
                    .filter(each -> each == Kind.FORCE)
                    .count();
        }

        /** Lets the n-th operation from the start fail, counted from 0, and all later ones too if {@code always}. */
        synchronized void failAt(long operation, Landing effect, boolean always) {
            failAt = operation;
            landing = effect;
            forEver = always;
        }

        /** Lets the n-th operation from now fail once. */
        synchronized void failAfter(long operations, Landing effect) {
            failAt(done.size() + operations, effect, false);
        }

        synchronized void heal() {
            failAt = Long.MAX_VALUE;
        }

        void before(Consumer<Kind> hook) {
            before = hook;
        }

        synchronized SimulatedDisk disk() {
            return disk;
        }

        /** A machine with a copy of the disk, after a power cut, where nothing fails. */
        synchronized Machine afterPowerCut(SimulatedDisk.Survival survival, java.util.Random random) {
            Machine machine = new Machine();
            machine.disk = disk.copy();
            machine.disk.cutPower(survival, random);
            return machine;
        }

        synchronized Machine copy() {
            Machine machine = new Machine();
            machine.disk = disk.copy();
            return machine;
        }

        /** Returns null if the operation goes well, else how much of it takes effect before it fails. */
        private Landing next(Kind kind) {
            long number = done.size();
            done.add(kind);
            if (number == failAt) {
                return landing;
            }
            return forEver && number > failAt ? Landing.NONE : null;
        }
    }

    private final Machine machine;
    private volatile boolean dead;

    FaultyStorage(Machine machine) {
        this.machine = machine;
    }

    /** The process is gone: whatever its threads still try has no effect. */
    void kill() {
        dead = true;
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Runs an operation that happens as a whole or not at all, even where it reports a failure. */
    private void whole(Kind kind, Action action) throws IOException {
        machine.before.accept(kind);
        synchronized (machine) {
            Landing failure = begin(kind);
            if (failure == null || failure == Landing.ALL) {
                action.run();
            }
            end(kind, failure);
        }
    }

    private Landing begin(Kind kind) throws IOException {
        if (dead) {
            throw new IOException("the process is dead");
        }
        return machine.next(kind);
    }

    private static void end(Kind kind, Landing failure) throws IOException {
        if (failure != null) {
            throw new IOException("simulated failure of " + kind + ", landing " + failure);
        }
    }

    @Override
    public Appender append(Path file) throws IOException {
        Object[] open = new Object[1];
        whole(Kind.APPEND_OPEN, () -> open[0] = machine.disk.open(file));
        return new OpenAppender(open[0]);
    }

    @Override
    public Appender create(Path file) throws IOException {
        Object[] open = new Object[1];
        whole(Kind.CREATE, () -> {
            machine.disk.create(file);
            open[0] = machine.disk.open(file);
        });
        return new OpenAppender(open[0]);
    }

    @Override
    public Input open(Path file) throws IOException {
        Object[] open = new Object[1];
        whole(Kind.OPEN, () -> open[0] = machine.disk.open(file));
        return new OpenInput(open[0]);
    }

    @Override
    public long length(Path file) {
        synchronized (machine) {
            return machine.disk.length(file);
        }
    }

    @Override
    public List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        whole(Kind.NAMES, () -> names.addAll(machine.disk.names(directory)));
        return names;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        makeDirectories(directory, true);
    }

    @Override
    public void makeDirectories(Path directory) throws IOException {
        makeDirectories(directory, false);
    }

    private void makeDirectories(Path directory, boolean durable) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = directory; at != null && length(at) < 0; at = at.getParent()) {
            missing.add(at);
        }
        for (Path at : missing.reversed()) {
            whole(Kind.MAKE_DIRECTORY, () -> machine.disk.createDirectory(at));
            if (durable) {
                forceDirectory(at.getParent());
            }
        }
        synchronized (machine) {
            if (!machine.disk.isDirectory(directory)) {
                throw new IOException("not a directory: " + directory);
            }
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        whole(Kind.FORCE_DIRECTORY, () -> machine.disk.forceDirectory(directory));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        whole(Kind.MOVE, () -> machine.disk.move(from, to));
    }

    @Override
    public void delete(Path path) throws IOException {
        whole(Kind.DELETE, () -> machine.disk.delete(path));
    }

    private final class OpenAppender implements Appender {
        private final Object open;

        OpenAppender(Object open) {
            this.open = open;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            machine.before.accept(Kind.WRITE);
            synchronized (machine) {
                Landing failure = begin(Kind.WRITE);
                int landed = switch (failure) {
                    case null -> length;
                    case NONE -> 0;
                    case HALF -> length / 2;
                    case ALL_BUT_LAST -> length - 1;
                    case ALL -> length;
                };
                machine.disk.append(open, bytes, from, landed);
                end(Kind.WRITE, failure);
            }
        }

        @Override
        public void force() throws IOException {
            machine.before.accept(Kind.FORCE);
            synchronized (machine) {
                Landing failure = begin(Kind.FORCE);
                switch (failure) {
                    case null -> machine.disk.force(open);
                    case NONE -> machine.disk.failToForce(open, 0);
                    case HALF, ALL_BUT_LAST -> machine.disk.failToForce(open, 0.5);
                    case ALL -> machine.disk.force(open);
                }
                end(Kind.FORCE, failure);
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class OpenInput implements Input {
        private final Object open;

        OpenInput(Object open) {
            this.open = open;
        }

        @Override
        public int read(long offset, byte[] into, int from, int length) throws IOException {
            int[] count = new int[1];
            whole(Kind.READ, () -> count[0] = machine.disk.read(open, offset, into, from, length));
            return count[0];
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Reads a whole file, or null if it is not there: for looking from outside, counted as nothing. */
    static byte[] peek(Machine machine, Path file) throws IOException {
        try {
            return machine.disk().content(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
