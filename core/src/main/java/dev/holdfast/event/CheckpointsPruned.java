package dev.holdfast.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints were taken off the list. Wire name {@code checkpoint.pruned}. They stay in the history and can be listed
 * on request.
 *
 * @param ids the checkpoints' ids
 * @param previous position of the checkpoint record before, in text form, or null
 */
public record CheckpointsPruned(List<String> ids, @Nullable String previous) implements Event {
    /** Copies the list. */
    public CheckpointsPruned {
        ids = List.copyOf(ids);
    }

    @Override
    public String type() {
        return "checkpoint.pruned";
    }
}
