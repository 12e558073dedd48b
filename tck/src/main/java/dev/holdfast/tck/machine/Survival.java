package dev.holdfast.tck.machine;

/** What survives a power cut of all that was not forced. */
public enum Survival {
    /** Nothing. */
    NOTHING,
    /** Everything. */
    EVERYTHING,
    /** Each page, each name and each rename by chance, in any combination. */
    BY_CHANCE
}
