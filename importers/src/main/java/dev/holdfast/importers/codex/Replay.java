package dev.holdfast.importers.codex;

import dev.holdfast.importers.source.Probe;
import dev.holdfast.log.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells where the history ends that a forked or spawned rollout repeats at its start. Codex writes it again with the
 * times of the fork, so times alone do not tell; the ids of its turns do: they are UUIDv7 and older than the session.
 * Where turns have no such ids, everything within {@value #BURST_MILLIS} ms of the session's start counts as repeated.
 * Not thread-safe.
 */
final class Replay {
    static final long BURST_MILLIS = 2_500;

    private final String session;
    private final long began;
    private boolean repeating;
    private boolean turnsTell;

    Replay(String session, long began, ObjectNode header) {
        this.session = session;
        this.began = began;
        boolean derived = CodexProbe.parentThread(header) != null || CodexProbe.forkedFrom(header) != null;
        this.repeating = derived && !header.path("history_base").isObject();
    }

    /** Takes a record in; tells whether it is part of the repeated history. */
    boolean repeats(String type, JsonNode payload, @Nullable Instant time) {
        if (type.equals("session_meta")) {
            String id = Probe.text(payload, "id");
            boolean other = id != null && !id.equals(session);
            repeating |= other;
            return other;
        }
        if (!repeating) {
            return false;
        }
        String turn = Probe.text(payload, "turn_id");
        if (turn != null && SessionId.isValid(turn) && SessionId.isValid(session)) {
            turnsTell = true;
            repeating = new SessionId(turn).epochMillis() < began;
        } else if (!turnsTell && time != null) {
            repeating = time.toEpochMilli() <= began + BURST_MILLIS;
        }
        return repeating;
    }
}
