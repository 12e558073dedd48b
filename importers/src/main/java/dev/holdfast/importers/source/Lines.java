package dev.holdfast.importers.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines without copying them: each line is a range of one growing buffer, valid until the next call.
 * Bounded by the longest line. Not thread-safe.
 */
public final class Lines {
    /** A line longer than this is passed over: 512 MiB, or what this heap can hold with everything made of it. */
    public static final int MAX_LINE =
            (int) Math.min(512L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

    private static final int FIRST_CAPACITY = 256 * 1024;

    private final InputStream in;
    private final int maxLine;
    private long remaining;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int filled;
    private int from;
    private int to;
    private int next;
    private long base;
    private long number;
    private boolean terminated;
    private boolean tooLong;
    private long passedOver;

    /**
     * Reads at most so many bytes of a stream.
     *
     * @param in the stream, which the caller closes
     * @param limit how many bytes
     */
    public Lines(InputStream in, long limit) {
        this(in, limit, MAX_LINE);
    }

    Lines(InputStream in, long limit, int maxLine) {
        this.in = in;
        this.remaining = limit;
        this.maxLine = maxLine;
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end
     * @throws IOException if the stream fails
     */
    public boolean next() throws IOException {
        from = next;
        passedOver = 0;
        tooLong = false;
        int scanned = from;
        while (true) {
            int end = indexOf((byte) '\n', scanned, filled);
            if (end >= 0) {
                return line(end, end + 1, true);
            }
            if (filled - from > maxLine) {
                tooLong = true;
                passedOver += filled - from;
                base += filled - from;
                filled = from;
            }
            scanned = filled - from;
            if (!fill()) {
                return (filled > from || tooLong) && line(filled, filled, false);
            }
            scanned += from;
        }
    }

    private boolean line(int end, int following, boolean whole) {
        to = end;
        next = following;
        terminated = whole;
        number++;
        return true;
    }

    /** Reads more, after moving the unfinished line to the buffer's start or into a larger one. */
    private boolean fill() throws IOException {
        if (filled == buffer.length) {
            if (from > 0) {
                System.arraycopy(buffer, from, buffer, 0, filled - from);
                base += from;
                filled -= from;
                from = 0;
            } else {
                long larger = Math.min(buffer.length * 2L, maxLine + (long) FIRST_CAPACITY);
                buffer = Arrays.copyOf(buffer, (int) Math.max(larger, buffer.length + 1L));
            }
        }
        int read = in.read(buffer, filled, (int) Math.min(buffer.length - filled, remaining));
        if (read <= 0) {
            return false;
        }
        remaining -= read;
        filled += read;
        return true;
    }

    private int indexOf(byte wanted, int start, int end) {
        byte[] bytes = buffer;
        for (int k = start; k < end; k++) {
            if (bytes[k] == wanted) {
                return k;
            }
        }
        return -1;
    }

    /**
     * Returns the buffer the line stands in.
     *
     * @return the buffer, not a copy
     */
    public byte[] buffer() {
        return buffer;
    }

    /**
     * Returns where the line begins in the buffer.
     *
     * @return the index of its first byte
     */
    public int from() {
        return from;
    }

    /**
     * Returns where the line ends in the buffer, its end of line not counted.
     *
     * @return the index behind its last byte
     */
    public int to() {
        return to;
    }

    /**
     * Returns where a byte of the buffer stands in the file.
     *
     * @param index an index in the buffer
     * @return its offset in the file
     */
    public long offset(int index) {
        return base + index;
    }

    /**
     * Returns the line's number.
     *
     * @return the number, from 1
     */
    public long number() {
        return number;
    }

    /**
     * Tells whether the line has an end of line.
     *
     * @return false for a last line without one
     */
    public boolean isTerminated() {
        return terminated;
    }

    /**
     * Returns how many bytes of a line over the limit were passed over; what is in the buffer is its rest.
     *
     * @return 0 for a line within the limit
     */
    public long passedOver() {
        return tooLong ? passedOver : 0;
    }
}
