package dev.holdfast.store;

import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * What a listing tells about a session.
 *
 * @param id the session
 * @param state its state
 * @param project the project it belongs to, or null
 * @param agent the agent it belongs to, or null
 * @param head the position of its last record
 * @param interrupted whether it is running but its driver died
 */
public record SessionSummary(
        SessionId id,
        SessionState state,
        @Nullable String project,
        @Nullable String agent,
        Position head,
        boolean interrupted) {}
