package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in the history was named, with a state of the application that can be restored. Wire name
 * {@code checkpoint.taken}. The store numbers checkpoints and links each to the one before, so that they are found
 * without reading the history.
 *
 * @param id the checkpoint's own id, a UUID
 * @param number its number, from 1, one more than the last along the lineage
 * @param label what it is called, at most 200 characters, may be empty
 * @param state the application's state, or null if only the place is meant
 * @param metadata whatever else is to be kept
 * @param iteration the iteration that was under way, 0 before the first
 * @param phase where work stood, or null
 * @param resumable whether work may go on from here
 * @param previous position of the checkpoint record before, in text form, or null
 */
public record CheckpointTaken(
        String id,
        long number,
        String label,
        @Nullable Json state,
        Map<String, Json> metadata,
        long iteration,
        @Nullable String phase,
        boolean resumable,
        @Nullable String previous)
        implements Event {
    /** Longest label, in characters. */
    public static final int MAX_LABEL = 200;

    /** Checks the ranges and copies the map. */
    public CheckpointTaken {
        if (label.length() > MAX_LABEL || label.chars().anyMatch(Character::isISOControl)) {
            throw HoldfastException.invalid("not a checkpoint's label: at most " + MAX_LABEL
                    + " characters and no control characters; put the rest in its metadata");
        }
        if (number < 1 || iteration < 0 || id.isEmpty()) {
            throw HoldfastException.invalid("checkpoint \"" + id + "\" has number " + number + " and iteration "
                    + iteration + "; numbers begin at 1, iterations at 0");
        }
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    @Override
    public String type() {
        return "checkpoint.taken";
    }
}
