package dev.holdfast.tck;

/** What a backend may have or lack. Where a fixture does not name one, the suites expect the other answer. */
public enum Trait {
    /** What was acknowledged is there when all processes have ended. Otherwise the next process finds an empty store. */
    DURABLE,
    /**
     * Several processes have the store open at once: they see each other's records, keep each other from driving, and
     * notice when a driver died. Otherwise a second process finds an empty store of its own.
     */
    SHARED,
    /** Records and tails tell byte offsets. Otherwise those are 0, and roll-over never happens. */
    OFFSETS,
    /** Changed bytes are noticed and reported as damage. Otherwise nobody can get at the bytes. */
    DETECTS_DAMAGE
}
