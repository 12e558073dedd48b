package dev.holdfast.log;

import java.util.Arrays;

/** A growing buffer that lines are written into before they go to a file at once. Not thread-safe. */
public final class LineBuffer {
    private byte[] bytes;
    private int length;

    /**
     * Creates an empty buffer.
     *
     * @param capacity bytes to begin with
     */
    public LineBuffer(int capacity) {
        bytes = new byte[Math.max(64, capacity)];
    }

    /**
     * Returns the backing array, of which the first {@link #length()} bytes are content.
     *
     * @return the array, not copied
     */
    public byte[] array() {
        return bytes;
    }

    /**
     * Returns how many bytes were written.
     *
     * @return the length
     */
    public int length() {
        return length;
    }

    /** Forgets the content, and a backing array that grew beyond 1 MiB. */
    public void clear() {
        length = 0;
        if (bytes.length > 1024 * 1024) {
            bytes = new byte[64 * 1024];
        }
    }

    /**
     * Adds bytes as they are.
     *
     * @param content the bytes
     */
    public void append(byte[] content) {
        bytes(content);
    }

    LineBuffer ascii(String text) {
        int count = text.length();
        ensure(count);
        for (int k = 0; k < count; k++) {
            bytes[length + k] = (byte) text.charAt(k);
        }
        length += count;
        return this;
    }

    LineBuffer bytes(byte[] content) {
        ensure(content.length);
        System.arraycopy(content, 0, bytes, length, content.length);
        length += content.length;
        return this;
    }

    LineBuffer one(byte value) {
        ensure(1);
        bytes[length++] = value;
        return this;
    }

    LineBuffer number(long value) {
        return value < 0 || value > 9 ? ascii(Long.toString(value)) : one((byte) ('0' + value));
    }

    LineBuffer padded(int value, int width) {
        ensure(width);
        int rest = value;
        for (int k = width - 1; k >= 0; k--) {
            bytes[length + k] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
        return this;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
