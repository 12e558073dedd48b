package dev.holdfast.log;

import java.io.IOException;

/** Bytes of a segment, read at offsets. Used by one thread at a time. */
@FunctionalInterface
public interface ByteInput {
    /**
     * Reads bytes.
     *
     * @param offset where to begin in the segment
     * @param into where they go
     * @param from first index in {@code into}
     * @param length at most this many
     * @return how many were read, or -1 at the end; of the first 8 KiB asked for, fewer only at the end
     * @throws IOException if the storage fails
     */
    int read(long offset, byte[] into, int from, int length) throws IOException;
}
