package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines and knows whether the next one is at hand. Used by one thread. */
final class LineInput {
    private final InputStream in;
    private final int maxBytes;
    private byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;
    /** Where the search for the next newline goes on. */
    private int searched;

    private long number;

    LineInput(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** The number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    /** Tells whether {@link #next} would return a whole line without waiting. */
    boolean isReady() {
        try {
            while (newline() < 0) {
                if (in.available() <= 0 || !fill()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next line; null at the end. A last line need not end in a newline. */
    @Nullable
    String next() {
        try {
            int end = newline();
            while (end < 0 && fill()) {
                end = newline();
            }
            if (end < 0 && from == to) {
                return null;
            }
            number++;
            int stop = end < 0 ? to : end;
            String line = text(from, stop);
            from = end < 0 ? to : end + 1;
            searched = from;
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int newline() {
        for (; searched < to; searched++) {
            if (buffer[searched] == '\n') {
                return searched;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        if (to - from > maxBytes) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "line " + (number + 1) + " is longer than " + maxBytes + " bytes; split the event");
        }
        if (to == buffer.length) {
            byte[] target = to - from > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, from, target, 0, to - from);
            searched -= from;
            to -= from;
            from = 0;
            buffer = target;
        }
        int read = in.read(buffer, to, buffer.length - to);
        to += Math.max(0, read);
        return read >= 0;
    }

    private String text(int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOfRange(buffer, start, end)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HoldfastException.invalid("line " + number + " is not UTF-8; write it as UTF-8");
        }
    }
}
