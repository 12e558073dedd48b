package dev.holdfast.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A raw line of an agent's output stream, JSON or not, given back byte for byte. Wire name {@code output.appended}.
 *
 * @param line the bytes without the line's end, not copied: the caller must not change them
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutputAppended(byte[] line) implements Event {
    /**
     * A line given as text.
     *
     * @param line the text without the line's end
     * @return the event
     */
    public static OutputAppended of(String line) {
        return new OutputAppended(line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String type() {
        return "output.appended";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OutputAppended output && Arrays.equals(output.line, line);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(line);
    }

    @Override
    public String toString() {
        return "OutputAppended[bytes=" + line.length + "]";
    }
}
