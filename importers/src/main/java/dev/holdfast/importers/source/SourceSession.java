package dev.holdfast.importers.source;

import dev.holdfast.event.Origin;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as its source knows it.
 *
 * @param system the system, for example {@code claude-code}
 * @param sourceId the session's id there; of a subagent {@code <session>:<agent>}
 * @param firstMillis when it began, milliseconds since 1970, or 0 if nothing says
 * @param config what to create it with
 * @param parent the session it came from, or null
 * @param relation {@code subagent}, {@code fork} or empty
 */
public record SourceSession(
        String system,
        String sourceId,
        long firstMillis,
        SessionConfig config,
        @Nullable SessionId parent,
        String relation) {
    private static final int MAX_SOURCE_ID = 300;

    /** Shortens an id that no sane source has, so that it fits a record. */
    public SourceSession {
        if (sourceId.length() > MAX_SOURCE_ID) {
            sourceId = "long:" + Long.toHexString(Hashes.bits(sourceId));
        }
    }

    /**
     * Returns the id this session has in every store: a UUIDv7 of its first time and a hash of its name.
     *
     * @return the id
     */
    public SessionId id() {
        ByteBuffer hash =
                ByteBuffer.wrap(Hashes.sha256().digest((system + ":" + sourceId).getBytes(StandardCharsets.UTF_8)));
        return SessionId.of(Math.max(0, firstMillis), hash.getLong(0), hash.getLong(8));
    }

    /**
     * Returns why its first segment exists.
     *
     * @return the origin
     */
    public Origin origin() {
        return new Origin.Imported(system, sourceId, parent == null ? "" : parent.value(), relation);
    }

    /**
     * Returns when it began.
     *
     * @return the time
     */
    public Instant first() {
        return Instant.ofEpochMilli(Math.max(0, firstMillis));
    }
}
