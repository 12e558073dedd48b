package dev.holdfast.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for newlines, eight bytes at a time: most of reading a log is finding where its lines end. */
final class Newlines {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;

    private Newlines() {}

    /** Returns where the first newline stands, or -1. */
    static int first(byte[] bytes, int from, int to) {
        int k = from;
        for (; k + Long.BYTES <= to; k += Long.BYTES) {
            // A byte of zeros is one that was a newline; the lowest such byte is found exactly.
            long zeros = (long) EIGHT.get(bytes, k) ^ NEWLINES;
            long found = (zeros - ONES) & ~zeros & TOPS;
            if (found != 0) {
                return k + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; k < to; k++) {
            if (bytes[k] == '\n') {
                return k;
            }
        }
        return -1;
    }
}
