package dev.holdfast.spi;

import dev.holdfast.event.BlobRef;
import dev.holdfast.log.LogId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of a log, to be taken over into another place as it is: lines byte for byte, and the payloads they refer
 * to. Used by one thread at a time.
 */
public interface LogCopy {
    /**
     * Lists the segments.
     *
     * @return their numbers, ascending
     */
    List<Integer> segments();

    /**
     * Writes a segment's lines. Called for one segment after the other, ascending.
     *
     * @param segment its number
     * @param out where to
     * @return the payloads these lines refer to
     * @throws IOException if writing fails
     */
    Set<BlobRef> write(int segment, OutputStream out) throws IOException;

    /**
     * Loads a payload.
     *
     * @param ref its name
     * @return the bytes, or null if the copy lacks it
     */
    byte @org.jspecify.annotations.Nullable [] blob(BlobRef ref);

    /**
     * Returns the copies that go along: of logs this one came from, to be kept inside it.
     *
     * @return by log, none unless an implementation says so
     */
    default Map<LogId, LogCopy> ancestors() {
        return Map.of();
    }
}
