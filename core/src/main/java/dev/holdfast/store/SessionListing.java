package dev.holdfast.store;

import dev.holdfast.log.SessionId;
import java.util.List;
import java.util.Map;

/**
 * A list of sessions, and what could not be listed.
 *
 * @param sessions the sessions, newest update first
 * @param unreadable sessions that cannot be read, and why
 */
public record SessionListing(List<SessionSummary> sessions, Map<SessionId, String> unreadable) {
    /** Copies both. */
    public SessionListing {
        sessions = List.copyOf(sessions);
        unreadable = Map.copyOf(unreadable);
    }
}
