package dev.holdfast.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Types as strings: one each kind, made once, so that a million records neither hold nor make a million of them. Two
 * types that meet in a place only push each other out. Thread-safe.
 */
final class TypeNames {
    private static final int PLACES = 512;
    private static final AtomicReferenceArray<@Nullable Known> KNOWN = new AtomicReferenceArray<>(PLACES);

    private static final class Known {
        private final byte[] bytes;
        private final String name;

        Known(byte[] bytes, String name) {
            this.bytes = bytes;
            this.name = name;
        }

        /** A loop, because on a few bytes it beats what the library does for many. */
        boolean stands(byte[] line, int from, int to) {
            boolean same = to - from == bytes.length;
            for (int k = 0; same && k < bytes.length; k++) {
                same = bytes[k] == line[from + k];
            }
            return same;
        }
    }

    private TypeNames() {}

    /** Returns the type that stands in a line without any escape. */
    static String of(byte[] line, int from, int to) {
        int hash = 0;
        for (int k = from; k < to; k++) {
            hash = hash * 31 + line[k];
        }
        int place = (hash ^ hash >>> 15) & (PLACES - 1);
        Known known = KNOWN.get(place);
        if (known != null && known.stands(line, from, to)) {
            return known.name;
        }
        String name = new String(line, from, to - from, StandardCharsets.UTF_8);
        KNOWN.set(place, new Known(Arrays.copyOfRange(line, from, to), name));
        return name;
    }
}
