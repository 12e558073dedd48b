package dev.holdfast.tck.machine;

import dev.holdfast.file.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one process sees of a machine's disk: every operation is counted there and fails where the machine says so. */
final class FaultyStorage implements Storage {
    private final Machine machine;
    private volatile boolean dead;

    FaultyStorage(Machine machine) {
        this.machine = machine;
    }

    /** The process is gone: whatever its threads still try has no effect. */
    void cutOff() {
        dead = true;
    }

    private interface Action<T> {
        T run(SimulatedDisk disk) throws IOException;
    }

    private interface Change {
        void run(SimulatedDisk disk) throws IOException;
    }

    /** Something that is made in part where it fails. */
    private interface Attempt {
        void run(SimulatedDisk disk, @Nullable Landing failure) throws IOException;
    }

    private void attempt(Operation operation, Attempt attempt) throws IOException {
        machine.announce(operation);
        machine.lock().lock();
        try {
            if (dead) {
                throw new IOException("the process is dead");
            }
            Landing failure = machine.next(operation);
            attempt.run(machine.disk(), failure);
            if (failure != null) {
                throw new IOException("simulated failure of " + operation + ", landing " + failure);
            }
        } finally {
            machine.lock().unlock();
        }
    }

    /** Makes a change that happens as a whole or not at all, even where it reports a failure. */
    private void change(Operation operation, Change change) throws IOException {
        attempt(operation, (disk, failure) -> {
            if (failure == null || failure == Landing.ALL) {
                change.run(disk);
            }
        });
    }

    private <T> T look(Operation operation, Action<T> action) throws IOException {
        List<T> result = new ArrayList<>(1);
        change(operation, disk -> result.add(action.run(disk)));
        return result.getFirst();
    }

    @Override
    public Appender append(Path file) throws IOException {
        return new OpenAppender(look(Operation.APPEND_OPEN, disk -> disk.open(file)));
    }

    @Override
    public Appender create(Path file) throws IOException {
        return new OpenAppender(look(Operation.CREATE, disk -> {
            disk.create(file);
            return disk.open(file);
        }));
    }

    @Override
    public Input open(Path file) throws IOException {
        return new OpenInput(look(Operation.OPEN, disk -> disk.open(file)));
    }

    @Override
    public long length(Path file) {
        machine.lock().lock();
        try {
            return machine.disk().length(file);
        } finally {
            machine.lock().unlock();
        }
    }

    @Override
    public Look look(Path file) {
        machine.lock().lock();
        try {
            return machine.disk().look(file);
        } finally {
            machine.lock().unlock();
        }
    }

    @Override
    public List<String> names(Path directory) throws IOException {
        return look(Operation.NAMES, disk -> disk.names(directory));
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
            change(Operation.MAKE_DIRECTORY, disk -> disk.createDirectory(at));
            if (durable) {
                forceDirectory(Objects.requireNonNull(at.getParent(), "the root is always there"));
            }
        }
        machine.lock().lock();
        try {
            if (!machine.disk().isDirectory(directory)) {
                throw new IOException("not a directory: " + directory);
            }
        } finally {
            machine.lock().unlock();
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        change(Operation.FORCE_DIRECTORY, disk -> disk.forceDirectory(directory));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        change(Operation.MOVE, disk -> disk.move(from, to));
    }

    @Override
    public void delete(Path path) throws IOException {
        change(Operation.DELETE, disk -> disk.delete(path));
    }

    private final class OpenAppender implements Appender {
        private final SimulatedDisk.FileNode file;

        OpenAppender(SimulatedDisk.FileNode file) {
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            attempt(Operation.WRITE, (disk, failure) -> {
                int landed = switch (failure) {
                    case null -> length;
                    case NONE -> 0;
                    case HALF -> length / 2;
                    case ALL_BUT_LAST -> length - 1;
                    case ALL -> length;
                };
                file.append(bytes, from, landed);
            });
        }

        @Override
        public void force() throws IOException {
            attempt(Operation.FORCE, (disk, failure) -> {
                switch (failure) {
                    case null -> file.force();
                    case NONE -> file.failToForce(0);
                    case HALF, ALL_BUT_LAST -> file.failToForce(0.5);
                    case ALL -> file.force();
                }
            });
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class OpenInput implements Input {
        private final SimulatedDisk.FileNode file;

        OpenInput(SimulatedDisk.FileNode file) {
            this.file = file;
        }

        @Override
        public int read(long offset, byte[] into, int from, int length) throws IOException {
            return look(Operation.READ, disk -> file.read(offset, into, from, length));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
