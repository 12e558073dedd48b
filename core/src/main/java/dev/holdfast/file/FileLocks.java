package dev.holdfast.file;

import dev.holdfast.log.LogId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Set;
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

    FileLocks(Path directory, Storage storage) {
        this.directory = directory.toAbsolutePath().normalize();
        this.storage = storage;
    }

    @Override
    public @Nullable Hold tryHold(LogId id, Use use) throws IOException {
        byte[] hash = hash(id);
        Path path = directory.resolve(String.format("%02x", hash[0] & 0xff));
        long place = 0;
        for (int k = 1; k <= 7; k++) {
            place = (place << 8) | (hash[k] & 0xff);
        }
        long position = (place << 1) | (use == Use.DRIVE ? 1 : 0);
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
            storage.createDirectories(directory);
            open = OPEN.compute(path, (p, known) -> {
                Object keyNow = key(p);
                return known != null && keyNow != null && keyNow.equals(known.key) ? known : LockFile.open(p);
            });
        }
        open.checkedNanos = now;
        return open.channel;
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

    private static byte[] hash(LogId id) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest((id.kind() + "/" + id.name()).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
