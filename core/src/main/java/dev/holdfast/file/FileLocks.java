package dev.holdfast.file;

import dev.holdfast.log.LogId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Byte-range locks of the operating system in {@code runtime/locks/<2 hex>}. They end with the process, however it ends.
 *
 * <p>POSIX drops all of a process's locks on a file when the process closes any handle of it. So each lock file is
 * opened once per process, shared by all stores in it, and never closed or read. Only {@code tryLock} is used: it is not
 * interruptible, while a waiting {@code lock} would close the channel when its thread is interrupted.
 */
final class FileLocks implements Locks {
    private static final long RECHECK_NANOS = 100_000_000L;

    /** Per process, because the locks are. */
    private static final ConcurrentHashMap<Path, LockFile> OPEN = new ConcurrentHashMap<>();

    private final Path directory;
    private final Storage storage;
    private final Path[] paths = new Path[256];

    FileLocks(Path directory, Storage storage) {
        this.directory = directory.toAbsolutePath().normalize();
        this.storage = storage;
        for (int k = 0; k < paths.length; k++) {
            paths[k] =
                    this.directory.resolve("0123456789abcdef".charAt(k >> 4) + "" + "0123456789abcdef".charAt(k & 0xf));
        }
    }

    @Override
    public @Nullable Hold tryHold(LogId id, Use use) throws IOException {
        long hash = hash(id);
        Path path = paths[(int) (hash & 0xff)];
        // 56 bits of the hash and two for the use: two logs that meet in both only wait for each other.
        long position = ((hash >>> 8) << 2)
                | switch (use) {
                    case APPEND -> 0;
                    case DRIVE -> 1;
                    case PIN -> 2;
                };
        FileChannel channel = channel(path);
        try {
            FileLock lock = channel.tryLock(position, 1, false);
            return lock == null ? null : new FileHold(lock);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private FileChannel channel(Path path) throws IOException {
        LockFile open = OPEN.get(path);
        long now = System.nanoTime();
        if (open != null && now - open.checkedNanos < RECHECK_NANOS) {
            return open.channel;
        }
        // Deleting runtime/ under us must not split us from later processes for good.
        Object key = key(path);
        if (open == null || !Objects.equals(key, open.key)) {
            makeWay(path);
            storage.makeDirectories(directory);
            open = OPEN.compute(path, (p, known) -> {
                Object keyNow = key(p);
                return known != null && keyNow != null && keyNow.equals(known.key) ? known : LockFile.open(p);
            });
        }
        open.checkedNanos = now;
        return open.channel;
    }

    /** Moves aside what stands in the place of a lock file or its directories and cannot be one. */
    private void makeWay(Path path) throws IOException {
        Path runtime = Objects.requireNonNull(directory.getParent(), "locks are below runtime/");
        Path root = Objects.requireNonNull(runtime.getParent(), "runtime/ is in a store");
        for (Path each : new Path[] {runtime, directory, path}) {
            boolean wrong = each.equals(path) ? Files.isDirectory(each) : Files.isRegularFile(each);
            if (wrong) {
                storage.move(each, root.resolve(".tmp-" + UUID.randomUUID()));
            }
        }
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** FNV-1a over kind and name, then mixed so that every bit counts. Part of the format: all versions must agree. */
    private static long hash(LogId id) {
        long hash = 0xcbf29ce484222325L;
        String text = id.kind() + "/" + id.name();
        for (int k = 0; k < text.length(); k++) {
            hash = (hash ^ text.charAt(k)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    private static final class LockFile {
        private static final Set<StandardOpenOption> OPEN_MODE =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

        private final FileChannel channel;
        private final @Nullable Object key;
        private volatile long checkedNanos = System.nanoTime();

        private LockFile(FileChannel channel, @Nullable Object key) {
            this.channel = channel;
            this.key = key;
        }

        static LockFile open(Path path) {
            try {
                FileChannel channel = FileChannel.open(path, OPEN_MODE, DiskStorage.FILE_MODE);
                return new LockFile(channel, key(path));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private record FileHold(FileLock lock) implements Hold {
        @Override
        public void close() {
            try {
                if (lock.isValid()) {
                    lock.release();
                }
            } catch (IOException e) {
                // The lock goes with the process; until then others find it held, which is safe.
                System.getLogger(FileLocks.class.getName()).log(System.Logger.Level.WARNING, "lock not released", e);
            }
        }
    }
}
