package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.HashMap;
import java.util.Map;

/** Keeps the payloads of encoded events on the heap, and encodes and decodes through them. */
final class StoredBlobs implements BlobSource {
    private final Map<String, byte[]> contents = new HashMap<>();

    EncodedEvent encode(Event event) {
        EncodedEvent encoded = EventCodec.encode(event);
        encoded.blobs().forEach(payload -> contents.put(payload.ref().sha256(), payload.content()));
        return encoded;
    }

    Event roundTrip(Event event) {
        EncodedEvent encoded = encode(event);
        return EventCodec.decode(encoded.type(), encoded.data(), this);
    }

    int size() {
        return contents.size();
    }

    @Override
    public byte[] load(BlobRef ref) {
        byte[] content = contents.get(ref.sha256());
        if (content == null || content.length != ref.bytes()) {
            throw HoldfastException.notFound("blob " + ref.sha256() + " is not there");
        }
        return content;
    }
}
