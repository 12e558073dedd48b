package dev.holdfast.event;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamWriteException;

/**
 * Turns events into the JSON object of their record and back. Pure and thread-safe.
 *
 * <p>Strings and values over 64 KiB are split out as blobs; where a record would still be over {@link #MAX_DATA_BYTES},
 * everything over 1 KiB is.
 */
public final class EventCodec {
    /** The largest JSON object of a record, once its blobs are split out: 1 MiB. */
    public static final int MAX_DATA_BYTES = 1024 * 1024;

    /** Payloads up to this many bytes stay in the record: 64 KiB. */
    public static final int INLINE_BYTES = 64 * 1024;

    /** Configuration and state of an opening are bounded and stay in it: whoever opens a session needs no blob. */
    private static final int INLINE_BYTES_OF_OPENING = 256 * 1024;

    private static final int INLINE_BYTES_OF_LARGE = 1024;

    private EventCodec() {}

    /**
     * Encodes an event.
     *
     * @param event the event
     * @return its stored form
     * @throws HoldfastException TOO_LARGE if it does not fit a record
     */
    public static EncodedEvent encode(Event event) {
        if (event instanceof Unknown unknown && KnownTypes.contains(unknown.type())) {
            throw HoldfastException.invalid("event type \"" + unknown.type()
                    + "\" is known to this version; append it as what it is, not as unknown");
        }
        EncodedEvent encoded = encode(event, event instanceof SegmentOpened ? INLINE_BYTES_OF_OPENING : INLINE_BYTES);
        if (encoded.data().length > MAX_DATA_BYTES) {
            encoded = encode(event, INLINE_BYTES_OF_LARGE);
        }
        if (encoded.data().length > MAX_DATA_BYTES) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "event " + event.type() + " needs " + encoded.data().length
                            + " bytes after its blobs are split out; a" + " record holds at most " + MAX_DATA_BYTES
                            + ": append it as several events");
        }
        return encoded;
    }

    private static EncodedEvent encode(Event event, int inlineLimit) {
        try (DataWriter out = new DataWriter(inlineLimit, false)) {
            return EventWriter.write(event, out).finish(event.type());
        } catch (StreamWriteException e) {
            try (DataWriter out = new DataWriter(inlineLimit, true)) {
                return EventWriter.write(event, out).finish(event.type());
            }
        }
    }

    /**
     * Decodes an event. What this version does not know, or cannot make sense of, comes back as {@link Unknown}.
     *
     * @param type the wire name
     * @param data the JSON object as UTF-8
     * @param blobs where payloads are found
     * @return the event
     * @throws HoldfastException NOT_FOUND or DAMAGED if a payload is missing or wrong
     */
    public static Event decode(String type, byte[] data, BlobSource blobs) {
        try {
            return EventReader.read(type, data, blobs);
        } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
            return unknown(type, data);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.INVALID_ARGUMENT) {
                return unknown(type, data);
            }
            throw e;
        }
    }

    /** A type that is no name at all is one that no version writes; it must not keep the rest from being read. */
    private static Unknown unknown(String type, byte[] data) {
        Json payload = Json.trusted(new String(data, StandardCharsets.UTF_8));
        return new Unknown(Unknown.isName(type) ? type : "unknown", payload);
    }

    /**
     * Reads an event that a user wrote as {@code type} and {@code data}; unlike {@link #decode} it refuses a known type
     * in a wrong form.
     *
     * @param type the wire name
     * @param data the payload
     * @return the event
     * @throws HoldfastException INVALID_ARGUMENT if a known type is malformed or is written by Holdfast only
     */
    public static Event parse(String type, Json data) {
        if (!data.text().startsWith("{")) {
            throw HoldfastException.invalid("data of event \"" + type + "\" is not a JSON object");
        }
        if (type.equals("segment.opened")) {
            throw HoldfastException.invalid("segment.opened is written by the store itself; append another event");
        }
        try {
            return EventReader.literal(type, data.toLine().getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException | IllegalArgumentException e) {
            throw HoldfastException.invalid("event \"" + type + "\" is malformed: " + e.getMessage());
        }
    }

    /** Returns the text if the bytes are valid UTF-8 that survives a round trip, else null. */
    static @org.jspecify.annotations.Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
