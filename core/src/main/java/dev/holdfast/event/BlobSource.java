package dev.holdfast.event;

/** Where a decoder finds the payloads that an event refers to. Implementations are thread-safe. */
@FunctionalInterface
public interface BlobSource {
    /** Finds nothing and returns empty payloads: for readers that only count. */
    BlobSource EMPTY = ref -> new byte[0];

    /**
     * Loads a payload.
     *
     * @param ref its name
     * @return the bytes
     * @throws dev.holdfast.HoldfastException NOT_FOUND or DAMAGED
     */
    byte[] load(BlobRef ref);
}
