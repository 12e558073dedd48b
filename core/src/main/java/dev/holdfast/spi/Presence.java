package dev.holdfast.spi;

import org.jspecify.annotations.Nullable;

/**
 * Whether somebody drives a log now, derived from locks.
 *
 * @param kind what was found
 * @param holder who drives or drove, as they said, or null if nobody said
 */
public record Presence(Kind kind, @Nullable Holder holder) {
    /** Nobody drives and nobody left anything behind. */
    public static final Presence FREE = new Presence(Kind.FREE, null);

    /** What can be found. */
    public enum Kind {
        /** Nobody drives. */
        FREE,
        /** Somebody drives. */
        DRIVEN,
        /** Nobody drives, but the last driver did not release: it died. */
        ABANDONED
    }
}
