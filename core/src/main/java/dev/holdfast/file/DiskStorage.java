package dev.holdfast.file;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real file system.
 *
 * <p>Uses streams instead of channels wherever a segment is touched: an interrupt closes a channel for everybody, a
 * stream does not notice it.
 */
public final class DiskStorage implements Storage {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    static final FileAttribute<?>[] FILE_MODE = mode("rw-------");
    private static final FileAttribute<?>[] DIRECTORY_MODE = mode("rwx------");

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final List<String> LOOK_TIMES =
            UNIX ? List.of("lastModifiedTime", "ctime") : List.of("lastModifiedTime", "creationTime");
    private static final String LOOK = (UNIX ? "unix:" : "") + "size," + String.join(",", LOOK_TIMES);

    /** Creates the storage. */
    public DiskStorage() {}

    private static FileAttribute<?>[] mode(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public Appender append(Path file) throws IOException {
        // The stream would create a missing file, and a segment is created in one place only.
        if (!file.toFile().exists()) {
            throw new NoSuchFileException(file.toString());
        }
        return new DiskAppender(new FileOutputStream(file.toFile(), true));
    }

    @Override
    public Appender create(Path file) throws IOException {
        uninterrupted(() -> Files.createFile(file, FILE_MODE));
        return new DiskAppender(new FileOutputStream(file.toFile(), true));
    }

    @Override
    public Input open(Path file) throws IOException {
        try {
            return new DiskInput(new RandomAccessFile(file.toFile(), "r"));
        } catch (FileNotFoundException e) {
            // Thrown for every reason; only a look tells whether the file is not there.
            if (!file.toFile().exists()) {
                throw new NoSuchFileException(file.toString());
            }
            throw e;
        }
    }

    @Override
    public long length(Path file) {
        File f = file.toFile();
        long length = f.length();
        return length > 0 || f.exists() ? length : -1;
    }

    /**
     * Where there is a time of the last change of anything, it is part of the stamp: nobody can set it, and a file that
     * was copied or restored with the times it had has a new one.
     */
    @Override
    public Look look(Path file) {
        try {
            Map<String, Object> seen = Files.readAttributes(file, LOOK);
            StringBuilder stamp = new StringBuilder(64).append(seen.get("size"));
            for (String time : LOOK_TIMES) {
                if (seen.get(time) instanceof FileTime at) {
                    stamp.append(' ').append(at.to(TimeUnit.NANOSECONDS));
                }
            }
            return new Look(seen.get("size") instanceof Long length ? length : -1, stamp.toString());
        } catch (IOException e) {
            return new Look(length(file), null);
        }
    }

    @Override
    public boolean exists(Path path) {
        return path.toFile().exists();
    }

    @Override
    public List<String> names(Path directory) throws IOException {
        String[] names = directory.toFile().list();
        if (names == null) {
            if (directory.toFile().isDirectory()) {
                throw new IOException("cannot list " + directory + " (permission or I/O error)");
            }
            return List.of();
        }
        return List.of(names);
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
        for (Path at = directory.toAbsolutePath(); at != null && !at.toFile().exists(); at = at.getParent()) {
            missing.add(at);
        }
        for (Path at : missing.reversed()) {
            try {
                Files.createDirectory(at, DIRECTORY_MODE);
            } catch (FileAlreadyExistsException e) {
                if (!at.toFile().isDirectory()) {
                    throw e;
                }
            }
            Path parent = at.getParent();
            if (durable && parent != null) {
                forceDirectory(parent);
            }
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (!POSIX) {
            return;
        }
        uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        });
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    /** Runs an operation on a private channel again if an interrupt closed it; the thread stays interrupted. */
    private static void uninterrupted(Operation operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    operation.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Operation {
        void run() throws IOException;
    }

    private record DiskAppender(FileOutputStream out) implements Appender {
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void force() throws IOException {
            out.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static final class DiskInput implements Input {
        private final RandomAccessFile file;
        private long position;

        DiskInput(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public int read(long offset, byte[] into, int from, int length) throws IOException {
            if (offset != position) {
                file.seek(offset);
                position = offset;
            }
            int read = file.read(into, from, length);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
