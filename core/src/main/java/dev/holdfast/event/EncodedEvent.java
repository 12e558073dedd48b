package dev.holdfast.event;

import java.util.List;

/**
 * An event in its stored form: the JSON object of its record, and the payloads that were split out of it.
 *
 * @param type the wire name
 * @param data a JSON object as UTF-8, not copied
 * @param blobs payloads the object refers to; they must be durable before the record is
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncodedEvent(String type, byte[] data, List<Payload> blobs) {
    /**
     * A payload and its name.
     *
     * @param ref the name
     * @param content the bytes, not copied
     */
    public record Payload(BlobRef ref, byte[] content) {}
}
