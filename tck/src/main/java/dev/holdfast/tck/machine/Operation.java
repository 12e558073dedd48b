package dev.holdfast.tck.machine;

/** The operations of a disk that are counted and can fail. */
public enum Operation {
    /** Opens a file for appending. */
    APPEND_OPEN,
    /** Creates an empty file. */
    CREATE,
    /** Appends bytes to a file. */
    WRITE,
    /** Makes a file's bytes durable. */
    FORCE,
    /** Makes the names in a directory durable. */
    FORCE_DIRECTORY,
    /** Renames a file or directory. */
    MOVE,
    /** Removes a file or an empty directory. */
    DELETE,
    /** Makes a directory. */
    MAKE_DIRECTORY,
    /** Opens a file for reading. */
    OPEN,
    /** Reads from a file. */
    READ,
    /** Lists a directory. */
    NAMES;

    /**
     * Tells whether the operation changes the disk.
     *
     * @return false if it only looks
     */
    public boolean changes() {
        return switch (this) {
            case APPEND_OPEN, OPEN, READ, NAMES -> false;
            case CREATE, WRITE, FORCE, FORCE_DIRECTORY, MOVE, DELETE, MAKE_DIRECTORY -> true;
        };
    }
}
