package dev.holdfast.session;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cuts what a state takes in to its share: a state stays below 64 KiB in its stored form. Pure. */
final class Bounded {
    private static final int PREVIEW_CHARACTERS = 240;
    private static final int MAX_RESPONSE_ID = 64;
    private static final int MAX_WORDS_BYTES = 3_000;
    private static final int MAX_RESULT_BYTES = 6_000;

    private Bounded() {}

    static @Nullable Json small(@Nullable Json value) {
        return value == null || value.text().getBytes(StandardCharsets.UTF_8).length > MAX_RESULT_BYTES ? null : value;
    }

    /** An id that is too long to be remembered is remembered by its hash. */
    static String shortened(String id) {
        return storedBytes(id) <= MAX_RESPONSE_ID
                ? id
                : UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Cuts a text to its share of the state, between two characters. */
    static String cut(String text) {
        if (storedBytes(text) <= MAX_WORDS_BYTES) {
            return text;
        }
        int bytes = 3;
        int end = 0;
        while (true) {
            int c = text.codePointAt(end);
            bytes += storedBytes(c);
            if (bytes > MAX_WORDS_BYTES) {
                return text.substring(0, end) + "…";
            }
            end += Character.charCount(c);
        }
    }

    static int storedBytes(String text) {
        int bytes = 0;
        for (int k = 0; k < text.length(); k++) {
            int c = text.codePointAt(k);
            bytes += storedBytes(c);
            k += Character.charCount(c) - 1;
        }
        return bytes;
    }

    static int storedBytes(Set<String> texts) {
        return texts.stream().mapToInt(text -> storedBytes(text) + 3).sum();
    }

    static long storedBytes(Map<String, Json> values) {
        long bytes = 0;
        for (Map.Entry<String, Json> entry : values.entrySet()) {
            bytes += storedBytes(entry.getKey()) + entry.getValue().text().getBytes(StandardCharsets.UTF_8).length + 4;
        }
        return bytes;
    }

    /** How many bytes a character takes in a JSON string, at most. */
    static int storedBytes(int c) {
        if (c < 0x20 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            return 6;
        }
        if (c < 0x80) {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        return c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    static String beginning(String text, int length) {
        boolean splits = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, splits ? length - 1 : length);
    }

    static String fold(String text) {
        String start = text.length() > 10_000 ? beginning(text, 10_000) : text;
        String folded = start.strip().replaceAll("\\s+", " ");
        return folded.length() <= PREVIEW_CHARACTERS ? folded : beginning(folded, PREVIEW_CHARACTERS) + "…";
    }
}
