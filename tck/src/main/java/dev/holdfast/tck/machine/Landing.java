package dev.holdfast.tck.machine;

/** How much of a failing operation takes effect all the same. */
public enum Landing {
    /** Nothing. */
    NONE,
    /** The first half of a write; half of what a force had to do. Nothing, where there are no halves. */
    HALF,
    /** All but the last byte of a write; half of what a force had to do. Nothing, where there are no bytes. */
    ALL_BUT_LAST,
    /** Everything: only the answer is wrong. */
    ALL
}
