package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A set of texts, each kept as 48 bits of its SHA-256: small enough for a state. Two of a thousand texts are taken for one
 * with a chance of 1 in 500 million. Immutable.
 */
public final class Fingerprints {
    /** The set without texts. */
    public static final Fingerprints NONE = new Fingerprints(new long[0]);

    private static final int BYTES = 6;

    /** Sorted. */
    private final long[] values;

    private Fingerprints(long[] values) {
        this.values = values;
    }

    /**
     * Returns how many texts there are.
     *
     * @return a count
     */
    public int size() {
        return values.length;
    }

    /**
     * Tells whether a text is in the set.
     *
     * @param text the text
     * @return true if it is
     */
    public boolean contains(String text) {
        return Arrays.binarySearch(values, of(text)) >= 0;
    }

    Fingerprints with(String text) {
        long value = of(text);
        int at = Arrays.binarySearch(values, value);
        if (at >= 0) {
            return this;
        }
        int place = -at - 1;
        long[] more = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, place, more, place + 1, values.length - place);
        more[place] = value;
        return new Fingerprints(more);
    }

    Fingerprints without(String text) {
        int at = Arrays.binarySearch(values, of(text));
        if (at < 0) {
            return this;
        }
        long[] fewer = Arrays.copyOf(values, values.length - 1);
        System.arraycopy(values, at + 1, fewer, at, fewer.length - at);
        return new Fingerprints(fewer);
    }

    private static long of(String text) {
        byte[] hash = WorkflowHash.sha256(text);
        long value = 0;
        for (int k = 0; k < BYTES; k++) {
            value = (value << 8) | (hash[k] & 0xff);
        }
        return value;
    }

    /** Eight characters for each text. */
    String toText() {
        byte[] bytes = new byte[values.length * BYTES];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) (values[k / BYTES] >>> (8 * (BYTES - 1 - k % BYTES)));
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    static Fingerprints parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw HoldfastException.invalid("not a set of fingerprints: " + e.getMessage());
        }
        long[] values = new long[bytes.length / BYTES];
        for (int k = 0; k < values.length * BYTES; k++) {
            values[k / BYTES] = (values[k / BYTES] << 8) | (bytes[k] & 0xff);
        }
        Arrays.sort(values);
        return new Fingerprints(values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fingerprints set && Arrays.equals(set.values, values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length + " fingerprints";
    }
}
