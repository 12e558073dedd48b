package dev.holdfast.importers.source;

/** A set of 64-bit hashes in one array: about 16 bytes for each. Not thread-safe. */
public final class LongSet {
    private static final int FIRST_CAPACITY = 64;

    private long[] slots = new long[FIRST_CAPACITY];
    private int size;
    private boolean hasZero;

    /** Creates an empty set. */
    public LongSet() {}

    /**
     * Adds a value.
     *
     * @param value the value
     * @return true if it was not there
     */
    public boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if ((size + 1) * 4L > slots.length * 3L) {
            grow();
        }
        int at = slot(slots, value);
        if (slots[at] == value) {
            return false;
        }
        slots[at] = value;
        size++;
        return true;
    }

    /**
     * Looks for a value.
     *
     * @param value the value
     * @return true if it is there
     */
    public boolean contains(long value) {
        return value == 0 ? hasZero : slots[slot(slots, value)] == value;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (long value : slots) {
            if (value != 0) {
                larger[slot(larger, value)] = value;
            }
        }
        slots = larger;
    }

    /** Finds the value's slot, or the free one where it belongs. */
    private static int slot(long[] slots, long value) {
        int mask = slots.length - 1;
        int at = (int) (value ^ value >>> 32) & mask;
        while (slots[at] != 0 && slots[at] != value) {
            at = at + 1 & mask;
        }
        return at;
    }
}
