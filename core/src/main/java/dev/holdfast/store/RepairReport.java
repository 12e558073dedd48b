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
 */
public record RepairReport(
        SessionId id, VerifyReport before, @Nullable Position opened) {}
