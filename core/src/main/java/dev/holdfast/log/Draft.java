package dev.holdfast.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record before it has a place: everything but index and checksum.
 *
 * @param at when it happened
 * @param type the event's wire name
 * @param id the idempotency id, or null
 * @param data the event's JSON object as UTF-8, not copied
 * @param source the JSON object that says where an imported record comes from, as UTF-8, or null
 * @param batchOrdinal its place in an append of several events, from 0
 * @param batchSize how many events the append has
 * @param ignorable whether a reader that does not know the type may pass over it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Draft(
        Instant at,
        String type,
        @Nullable String id,
        byte[] data,
        byte @Nullable [] source,
        int batchOrdinal,
        int batchSize,
        boolean ignorable) {
    /**
     * A record that is an append of its own.
     *
     * @param at when it happened
     * @param type the event's wire name
     * @param data the event's JSON object as UTF-8, not copied
     * @return the draft
     */
    public static Draft single(Instant at, String type, byte[] data) {
        return new Draft(at, type, null, data, null, 0, 1, false);
    }
}
