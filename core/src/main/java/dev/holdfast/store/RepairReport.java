package dev.holdfast.store;

import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What a repair did. The damaged files stay as they are; a new segment accepts what is intact in them.
 *
 * @param id the session
 * @param before what was found
 * @param opened the new segment's first record, or null if nothing needed repair
 * @param aside where the damaged files were copied to, and what in them is no record, relative to the session's
 *     directory; null if nothing needed repair, empty where the backend has no files
 * @param defaulted whether the session's configuration was nowhere intact, so that it goes on with the default one of a
 *     conversation
 */
public record RepairReport(
        SessionId id,
        VerifyReport before,
        @Nullable Position opened,
        @Nullable String aside,
        boolean defaulted) {}
