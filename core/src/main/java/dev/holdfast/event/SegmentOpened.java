package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/**
 * Record 0 of a segment: why it exists, what of the segment before is history, and the state at its start. Wire name
 * {@code segment.opened}. Written by Holdfast only.
 *
 * @param format the format's version, 1
 * @param log the id of the session (or agent) the segment belongs to
 * @param segment the segment's number
 * @param origin why the segment exists
 * @param writer who wrote it
 * @param previous what of the segment before is history, or null in a session's first segment
 * @param config the session's configuration at this point
 * @param state the folded state at this point, or null in a session's first segment
 */
public record SegmentOpened(
        int format,
        String log,
        int segment,
        Origin origin,
        Writer writer,
        @Nullable Previous previous,
        Json config,
        @Nullable Json state)
        implements Event {
    @Override
    public String type() {
        return "segment.opened";
    }

    /**
     * The program that wrote a segment's first record.
     *
     * @param program its name
     * @param version its version
     * @param host the machine's name
     * @param pid the process id
     */
    public record Writer(String program, String version, String host, long pid) {}

    /**
     * What of the previous segment is history.
     *
     * @param segment its number
     * @param records how many of its records, from index 0, are history
     * @param bytes where the last of them ends in its file
     * @param durable how many of them, from index 0, were known to be forced when this was written
     */
    public record Previous(int segment, long records, long bytes, long durable) {}
}
