package dev.holdfast.store;

import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Presence;
import java.util.List;

/**
 * What removing a session would do.
 *
 * @param session the session
 * @param referringSessions sessions that came from it by fork; while there are any, removal is refused
 * @param presence who drives it; while somebody does, removal is refused
 */
public record DeletePreview(SessionSummary session, List<SessionId> referringSessions, Presence presence) {
    /** Copies the list. */
    public DeletePreview {
        referringSessions = List.copyOf(referringSessions);
    }

    /**
     * Tells whether removal would be accepted now.
     *
     * @return true if nothing refers to it and nobody drives it
     */
    public boolean isAllowed() {
        return referringSessions.isEmpty() && presence.kind() != Presence.Kind.DRIVEN;
    }
}
