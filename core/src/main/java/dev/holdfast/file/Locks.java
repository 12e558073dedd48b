package dev.holdfast.file;

import dev.holdfast.log.LogId;
import org.jspecify.annotations.Nullable;

/** Exclusion between processes and within one. Thread-safe. */
public interface Locks {
    /** What a lock is for. */
    enum Use {
        /** Held while one append is made. */
        APPEND,
        /** Held as long as somebody drives. */
        DRIVE,
        /** Held while something comes to refer to the log, or the log is removed. */
        PIN
    }

    /** A lock that is held. Thread-safe. */
    interface Hold extends AutoCloseable {
        /** Lets go. Does nothing the second time. */
        @Override
        void close();
    }

    /**
     * Takes a lock if it is free, without waiting. Not re-entrant.
     *
     * @param id what is locked
     * @param use what for
     * @return the hold, or null if somebody has it, this process included
     * @throws java.io.IOException if locking itself fails
     */
    @Nullable
    Hold tryHold(LogId id, Use use) throws java.io.IOException;
}
