package dev.holdfast.store;

import dev.holdfast.event.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint to be taken. Immutable; each method returns a changed copy.
 *
 * @param label what to call it, at most 200 characters, may be empty
 * @param state the application's state, or null if only the place is meant
 * @param metadata whatever else is to be kept
 * @param resumable whether work may go on from it
 */
public record NewCheckpoint(String label, @Nullable Json state, Map<String, Json> metadata, boolean resumable) {
    /** Copies the map. */
    public NewCheckpoint {
        metadata = Map.copyOf(metadata);
    }

    /**
     * A resumable checkpoint without a state.
     *
     * @param label what to call it
     * @return the checkpoint
     */
    public static NewCheckpoint labelled(String label) {
        return new NewCheckpoint(label, null, Map.of(), true);
    }

    /**
     * Gives it a state.
     *
     * @param value the application's state
     * @return a changed copy
     */
    public NewCheckpoint state(Json value) {
        return new NewCheckpoint(label, value, metadata, resumable);
    }

    /**
     * Gives it metadata.
     *
     * @param values whatever else is to be kept
     * @return a changed copy
     */
    public NewCheckpoint metadata(Map<String, Json> values) {
        return new NewCheckpoint(label, state, values, resumable);
    }

    /**
     * Says that work must not go on from it.
     *
     * @return a changed copy
     */
    public NewCheckpoint notResumable() {
        return new NewCheckpoint(label, state, metadata, false);
    }
}
