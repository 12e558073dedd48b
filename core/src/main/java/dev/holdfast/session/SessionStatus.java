package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a session stands in its lifecycle. Active means not final. */
public enum SessionStatus {
    /** Made, not begun. */
    CREATED,
    /** At work. */
    RUNNING,
    /** At rest, to go on later. */
    PAUSED,
    /** Ended well. Final. */
    COMPLETED,
    /** Ended badly. Final. */
    FAILED,
    /** Called off. Final. */
    CANCELLED;

    /**
     * Returns the statuses that may follow.
     *
     * @return a set, empty if this status is final
     */
    public Set<SessionStatus> next() {
        return switch (this) {
            case CREATED -> EnumSet.of(RUNNING, CANCELLED, FAILED);
            case RUNNING -> EnumSet.of(PAUSED, COMPLETED, FAILED, CANCELLED);
            case PAUSED -> EnumSet.of(RUNNING, COMPLETED, FAILED, CANCELLED);
            case COMPLETED, FAILED, CANCELLED -> EnumSet.noneOf(SessionStatus.class);
        };
    }

    /**
     * Tells whether nothing but annotations may follow.
     *
     * @return true if final
     */
    public boolean isFinal() {
        return next().isEmpty();
    }

    /**
     * Returns the wire name.
     *
     * @return the name in lower case
     */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a wire name.
     *
     * @param name a status in lower case
     * @return the status
     * @throws HoldfastException INVALID_ARGUMENT for any other name
     */
    public static SessionStatus of(String name) {
        for (SessionStatus status : values()) {
            if (status.wireName().equals(name)) {
                return status;
            }
        }
        throw HoldfastException.invalid(
                "unknown status \"" + name + "\"; one of created, running, paused, completed, failed, cancelled");
    }
}
