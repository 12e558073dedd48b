package dev.holdfast.file;

import dev.holdfast.log.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The few file operations that the backend needs: the seam where tests count, fail and cut power.
 *
 * <p>No operation is interruptible: a thread that is interrupted during one finishes it, and stays interrupted. Nothing
 * here rewrites or cuts a file. Thread-safe; an {@link Appender} or {@link Input} is used by one thread at a time.
 */
public interface Storage {
    /** Appends to one file. */
    interface Appender extends Closeable {
        /**
         * Appends bytes at the end of the file, wherever that is now.
         *
         * @param bytes where they stand
         * @param from the first
         * @param length how many
         * @throws IOException if not all of them went in
         */
        void write(byte[] bytes, int from, int length) throws IOException;

        /**
         * Makes all that was appended durable.
         *
         * @throws IOException if that is not certain
         */
        void force() throws IOException;
    }

    /**
     * How a file looks from outside, without being read.
     *
     * @param length bytes, or -1 if there is no such file
     * @param stamp opaque; another one after every write to the file, as far as the file system's clock can tell. Null if
     *     that is not known
     */
    record Look(
            long length, @org.jspecify.annotations.Nullable String stamp) {}

    /** Reads one file. */
    interface Input extends ByteInput, Closeable {}

    /**
     * Opens a file for appending.
     *
     * @param file an existing file
     * @return the appender
     * @throws IOException if it cannot be opened
     */
    Appender append(Path file) throws IOException;

    /**
     * Creates an empty file that only its owner can read, and opens it for appending.
     *
     * @param file where no file may be yet
     * @return the appender
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     * @throws IOException if it cannot be created
     */
    Appender create(Path file) throws IOException;

    /**
     * Opens a file for reading.
     *
     * @param file the file
     * @return the input
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be opened
     */
    Input open(Path file) throws IOException;

    /**
     * Returns a file's length.
     *
     * @param file the file
     * @return bytes, or -1 if there is no such file
     */
    long length(Path file);

    /**
     * Looks at a file from outside.
     *
     * @param file the file
     * @return how it looks at one instant
     */
    default Look look(Path file) {
        return new Look(length(file), null);
    }

    /**
     * Tells whether there is a file or directory.
     *
     * @param path its name
     * @return true if there is one
     */
    default boolean exists(Path path) {
        return length(path) >= 0;
    }

    /**
     * Lists a directory.
     *
     * @param directory the directory
     * @return the names in it in no particular order; empty if there is no such directory
     * @throws IOException if it cannot be read
     */
    List<String> names(Path directory) throws IOException;

    /**
     * Creates a directory and its missing parents, for its owner only, and forces each parent that changed.
     *
     * @param directory the directory
     * @throws IOException if it cannot be created
     */
    void createDirectories(Path directory) throws IOException;

    /**
     * Creates a directory and its missing parents, for its owner only, and forces nothing: for what may be lost, and for
     * whoever forces all the names afterwards.
     *
     * @param directory the directory
     * @throws IOException if it cannot be created
     */
    void makeDirectories(Path directory) throws IOException;

    /**
     * Makes the names in a directory durable.
     *
     * @param directory the directory
     * @throws IOException if that is not certain
     */
    void forceDirectory(Path directory) throws IOException;

    /**
     * Renames a file or directory at once; an existing file is replaced.
     *
     * @param from its name
     * @param to its new name
     * @throws IOException if it keeps its name
     */
    void move(Path from, Path to) throws IOException;

    /**
     * Removes a file or an empty directory, if it is there.
     *
     * @param path the file
     * @throws IOException if it stays
     */
    void delete(Path path) throws IOException;

    /**
     * Reads a small file.
     *
     * @param file the file
     * @return its bytes
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be read
     */
    default byte[] readAll(Path file) throws IOException {
        try (Input in = open(file)) {
            byte[] bytes = new byte[4096];
            int filled = in.read(0, bytes, 0, bytes.length);
            // A first read that comes short has reached the end, see ByteInput.
            boolean more = filled == bytes.length;
            while (more) {
                if (filled == bytes.length) {
                    int room = (int) Math.min(length(file), Integer.MAX_VALUE - 8) + 1;
                    bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, room));
                }
                int read = in.read(filled, bytes, filled, bytes.length - filled);
                filled += Math.max(0, read);
                more = read > 0;
            }
            return java.util.Arrays.copyOf(bytes, Math.max(0, filled));
        }
    }
}
