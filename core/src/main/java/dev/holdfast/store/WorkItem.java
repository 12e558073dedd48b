package dev.holdfast.store;

import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item as it stood when it was asked for. Immutable.
 *
 * @param id its id
 * @param payload what to work on, or null if it is long and was not asked for; a claimed item has it
 * @param status where it stands
 * @param attempts how many attempts were begun
 * @param agentRun the agent's run that made the last attempt, or null
 * @param error what went wrong in the last attempt, or null
 * @param readyAt when it may be tried again, or null if at once
 * @param position the last record about it
 */
public record WorkItem(
        String id,
        @Nullable Json payload,
        ItemStatus status,
        long attempts,
        @Nullable String agentRun,
        @Nullable String error,
        @Nullable Instant readyAt,
        Position position) {}
