package dev.holdfast.store;

import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as a listing tells it. Its state is not loaded; {@link SessionView#checkpointState} does that.
 *
 * @param id its id
 * @param number its number along the lineage, from 1
 * @param label what it is called, may be empty
 * @param at when it was taken
 * @param iteration the iteration that was under way, 0 before the first
 * @param phase where work stood, or null
 * @param resumable whether work may go on from it
 * @param metadata whatever else was kept
 * @param position where it stands; in an ancestor, if it was taken before a fork
 * @param current whether it lies on the way that leads to the session's end, and not on one that was rewound from
 * @param pruned whether it was taken off the list
 */
public record Checkpoint(
        String id,
        long number,
        String label,
        Instant at,
        long iteration,
        @Nullable String phase,
        boolean resumable,
        Map<String, Json> metadata,
        Position position,
        boolean current,
        boolean pruned) {}
