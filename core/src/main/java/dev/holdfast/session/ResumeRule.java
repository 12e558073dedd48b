package dev.holdfast.session;

/** What resuming does, by a session's status: the table of {@code docs/lifecycle.md}. From where, the kind decides. */
public enum ResumeRule {
    /** Created: nothing was done yet; the session is started. */
    START,
    /** Running, and whoever drove it is gone: it goes on, and the time between does not count as running. */
    GO_ON,
    /** Paused: it is resumed. */
    RESUME,
    /** Completed: nothing is left to do; a fork goes on from any record. */
    NOTHING_LEFT,
    /** Failed or cancelled: final; a retry is a new session that goes on from the last resumable checkpoint. */
    RETRY;

    /**
     * Returns the rule of a status.
     *
     * @param status the status
     * @return what resuming does
     */
    public static ResumeRule of(SessionStatus status) {
        return switch (status) {
            case CREATED -> START;
            case RUNNING -> GO_ON;
            case PAUSED -> RESUME;
            case COMPLETED -> NOTHING_LEFT;
            case FAILED, CANCELLED -> RETRY;
        };
    }

    /**
     * Tells whether the session itself can go on.
     *
     * @return true if resuming is not refused
     */
    public boolean goesOn() {
        return this == START || this == GO_ON || this == RESUME;
    }
}
