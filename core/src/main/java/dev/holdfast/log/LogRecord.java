package dev.holdfast.log;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record as it was read: an address, an envelope and one event. Immutable and thread-safe.
 *
 * <p>The event is decoded on request, so that a reader that only counts or copies pays for no decoding.
 */
public final class LogRecord {
    private final LogId log;
    private final int segment;
    private final long index;
    private final long offset;
    private final int length;
    private final int crc;
    private final long durable;
    private final String type;
    private final byte[] line;
    private final Envelope envelope;

    LogRecord(LogId log, int segment, long offset, int length, byte[] line, Envelope envelope) {
        this.log = log;
        this.segment = segment;
        this.offset = offset;
        this.length = length;
        this.line = line;
        this.envelope = envelope;
        this.index = envelope.index();
        this.crc = envelope.crc();
        this.durable = envelope.durable();
        this.type = envelope.type();
    }

    /** The same record, where no newline of its own follows. */
    LogRecord withoutNewline() {
        return new LogRecord(log, segment, offset, length - 1, line, envelope);
    }

    /** Whether no newline of its own follows. */
    boolean isWithoutNewline() {
        return length == line.length;
    }

    /**
     * Returns the log it stands in.
     *
     * @return the log's id
     */
    public LogId log() {
        return log;
    }

    /**
     * Returns its address.
     *
     * @return the position
     * @throws dev.holdfast.HoldfastException INVALID_ARGUMENT if the log is not a session's
     */
    public Position position() {
        return new Position(log.session(), segment, index);
    }

    /**
     * Returns the number of its segment.
     *
     * @return the segment, from 1
     */
    public int segment() {
        return segment;
    }

    /**
     * Returns its index in the segment.
     *
     * @return the index, from 0
     */
    public long index() {
        return index;
    }

    /**
     * Returns where its line begins.
     *
     * @return byte offset in the segment's file, 0 where there is no file
     */
    public long offset() {
        return offset;
    }

    /**
     * Returns where its line ends.
     *
     * @return byte offset just past the line's newline, 0 where there is no file
     */
    public long end() {
        return offset + length;
    }

    /**
     * Returns the record's checksum.
     *
     * @return CRC-32C as it stands in the line
     */
    public int crc() {
        return crc;
    }

    /**
     * Returns how many records of the segment, from index 0, had been forced when this one was written.
     *
     * @return a count, at most this record's index
     */
    public long durable() {
        return durable;
    }

    /**
     * Returns when it happened, by the writer's clock. Order never depends on it.
     *
     * @return the time, to the microsecond
     */
    public Instant at() {
        return envelope.at(line);
    }

    /**
     * Returns the event's wire name.
     *
     * @return the type
     */
    public String type() {
        return type;
    }

    /**
     * Returns the idempotency id it was appended with.
     *
     * @return the id, or null
     */
    public @Nullable String id() {
        return envelope.id();
    }

    /**
     * Returns its place in an append of several events.
     *
     * @return the ordinal, from 0
     */
    public int batchOrdinal() {
        return envelope.batchOrdinal();
    }

    /**
     * Returns how many events its append had.
     *
     * @return the size, 1 for a single event
     */
    public int batchSize() {
        return envelope.batchSize();
    }

    /**
     * Tells whether a reader that does not know the type may pass over it.
     *
     * @return true if it may
     */
    public boolean ignorable() {
        return envelope.ignorable();
    }

    /**
     * Returns the record's line as it stands, with fields this version does not know.
     *
     * @return a copy of the bytes, without a newline
     */
    public byte[] line() {
        return line.clone();
    }

    /**
     * Returns the event's JSON object, with references where blobs were split out.
     *
     * @return a copy of the bytes, UTF-8
     */
    public byte[] data() {
        return Arrays.copyOfRange(line, envelope.dataFrom(), envelope.dataTo());
    }

    /**
     * Returns where an imported record comes from.
     *
     * @return the JSON object, or null if it was not imported
     */
    public @Nullable Json source() {
        return envelope.sourceFrom() < 0
                ? null
                : Json.parse(new String(
                        line,
                        envelope.sourceFrom(),
                        envelope.sourceTo() - envelope.sourceFrom(),
                        StandardCharsets.UTF_8));
    }

    /**
     * Decodes the event.
     *
     * @param blobs where payloads are found; {@link BlobSource#EMPTY} for a reader that does not look at them
     * @return the event; {@link dev.holdfast.event.Unknown} if this version does not know it
     */
    public Event event(BlobSource blobs) {
        return EventCodec.decode(type, data(), blobs);
    }

    /**
     * Returns the record as a draft, for appending it elsewhere with its bytes untouched.
     *
     * @return the draft
     */
    public Draft toDraft() {
        byte @Nullable [] source =
                envelope.sourceFrom() < 0 ? null : Arrays.copyOfRange(line, envelope.sourceFrom(), envelope.sourceTo());
        return new Draft(at(), type, id(), data(), source, batchOrdinal(), batchSize(), ignorable());
    }

    @Override
    public String toString() {
        return log + "/" + segment + "/" + index + " " + type;
    }
}
