package dev.holdfast.store;

import java.util.Locale;

/** Where an item stands. */
public enum ItemStatus {
    /** Not begun, or to be tried again. */
    PENDING,
    /** An attempt is under way. */
    RUNNING,
    /** Done. */
    DONE,
    /** A dead letter: it failed too often. */
    DEAD,
    /** Given up. */
    DROPPED;

    /**
     * Returns the wire name.
     *
     * @return the name in lower case
     */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
