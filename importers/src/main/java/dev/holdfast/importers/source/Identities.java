package dev.holdfast.importers.source;

import java.util.HashMap;
import java.util.Map;

/** Tells the occurrences of equal records in one file apart. Not thread-safe. */
public final class Identities {
    private static final int MAX_ID = 100;

    private final LongSet seen = new LongSet();
    private final Map<Long, Integer> repeated = new HashMap<>();

    /** Starts with no records seen. */
    public Identities() {}

    /**
     * Returns an id that no other record of the file has: the given one, and from the second occurrence on its number.
     *
     * @param id an id of the source or a hash
     * @return the identity
     */
    public String next(String id) {
        String base = id.length() <= MAX_ID ? id : "long:" + Long.toHexString(Hashes.bits(id));
        long bits = Hashes.bits(base);
        if (seen.add(bits)) {
            return base;
        }
        return base + ":" + repeated.merge(bits, 2, (before, two) -> before + 1);
    }

    /**
     * Tells whether an id has occurred.
     *
     * @param id an id
     * @return true if {@link #next} was called with it
     */
    public boolean contains(String id) {
        return seen.contains(Hashes.bits(id));
    }
}
