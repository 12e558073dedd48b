package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON value kept as its exact text, so that what is not understood survives untouched.
 *
 * <p>Two values are equal when their texts are equal; white space counts. Immutable and thread-safe.
 */
public final class Json {
    /** The JSON null. */
    public static final Json NULL = new Json("null");

    /** The empty object. */
    public static final Json EMPTY_OBJECT = new Json("{}");

    /** Numbers keep their digits, so that reading and writing a tree changes no value. */
    private static final JsonMapper MAPPER = JsonMapper.builder(factory().build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Deeper values are refused: what is written must be readable, and writers stop at 500 levels. */
    private static final int MAX_DEPTH = 400;

    /** How deep a value may stand in the object of a record. */
    private static final int DEPTH_OF_RECORD = 50;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final String text;

    private Json(String text) {
        this.text = text;
    }

    /** Limits that suit transcripts: long strings are normal, deep nesting is not. */
    static JsonFactoryBuilder factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(512 * 1024 * 1024)
                        .maxNestingDepth(MAX_DEPTH + DEPTH_OF_RECORD)
                        .build());
    }

    /**
     * Parses one JSON value and keeps its text.
     *
     * @param text one JSON value
     * @return the value
     * @throws HoldfastException INVALID_ARGUMENT if the text is not exactly one JSON value
     */
    public static Json parse(String text) {
        requireOneValue(text);
        return new Json(text.strip());
    }

    /**
     * Converts a plain Java value: maps, collections, strings, numbers, booleans, records, Jackson nodes or null.
     *
     * @param value the value
     * @return its JSON form
     * @throws HoldfastException INVALID_ARGUMENT if it has no JSON form
     */
    public static Json of(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof Json json) {
            return json;
        }
        if (value instanceof String string) {
            return new Json(quoted(string));
        }
        if (value instanceof JsonNode node) {
            return new Json(node.isString() ? quoted(node.stringValue()) : node.toString());
        }
        try {
            return new Json(MAPPER.writeValueAsString(value instanceof Map<?, ?> map ? plain(map) : value));
        } catch (JacksonException e) {
            throw new HoldfastException(
                    dev.holdfast.ErrorCode.INVALID_ARGUMENT,
                    "value of " + value.getClass().getName()
                            + " has no JSON form; pass maps, lists, strings or records",
                    e);
        }
    }

    /**
     * Wraps text that the caller knows to be exactly one JSON value, because it was just parsed or just written. Saves the
     * check of {@link #parse}; text that is no JSON value would make a record that cannot be decoded.
     *
     * @param text one JSON value
     * @return the value
     */
    public static Json trusted(String text) {
        return new Json(text);
    }

    /**
     * Returns the exact text.
     *
     * @return one JSON value
     */
    public String text() {
        return text;
    }

    /**
     * Returns the text in a form that fits a line of UTF-8: line breaks between tokens become spaces, and a surrogate
     * without its other half becomes an escape.
     *
     * @return one JSON value on one line
     */
    public String toLine() {
        StringBuilder changed = null;
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            boolean lineBreak = c == '\n' || c == '\r';
            boolean paired = Character.isHighSurrogate(c)
                    && k + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(k + 1));
            boolean lone = Character.isSurrogate(c) && !paired;
            if (changed == null && (lineBreak || lone)) {
                changed = new StringBuilder(text.length() + 16).append(text, 0, k);
            }
            if (changed != null) {
                changed.append(lineBreak ? " " : lone ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
            if (paired) {
                k++;
                if (changed != null) {
                    changed.append(text.charAt(k));
                }
            }
        }
        return changed == null ? text : changed.toString();
    }

    /**
     * Parses the text into a tree. The tree is new on each call and may be changed by the caller.
     *
     * @return the tree
     */
    public JsonNode toNode() {
        return MAPPER.readTree(text);
    }

    /**
     * Parses a text into a tree, for callers that read JSON of their own with the same limits.
     *
     * @param text one JSON value
     * @return the tree
     * @throws HoldfastException INVALID_ARGUMENT if the text is not one JSON value
     */
    public static JsonNode tree(String text) {
        return parse(text).toNode();
    }

    /**
     * Returns the mapper that all of Holdfast shares. Thread-safe.
     *
     * @return the mapper
     */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json json && json.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Writes a string as the mapper does, without what the mapper needs round it: most values are strings. */
    private static String quoted(String string) {
        StringBuilder out = new StringBuilder(string.length() + string.length() / 16 + 16).append('"');
        int copied = 0;
        for (int k = 0; k < string.length(); k++) {
            char c = string.charAt(k);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(string, copied, k).append('\\');
                copied = k + 1;
                switch (c) {
                    case '\n' -> out.append('n');
                    case '\t' -> out.append('t');
                    case '\r' -> out.append('r');
                    case '\b' -> out.append('b');
                    case '\f' -> out.append('f');
                    case '"', '\\' -> out.append(c);
                    default -> out.append("u00").append(HEX.toHexDigits((byte) c));
                }
            }
        }
        return out.append(string, copied, string.length()).append('"').toString();
    }

    private static Map<String, Object> plain(Map<?, ?> map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(String.valueOf(key), value instanceof Json json ? json.toNode() : value));
        return plain;
    }

    private static void requireOneValue(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw HoldfastException.invalid("empty text is not a JSON value");
            }
            do {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > MAX_DEPTH) {
                    throw HoldfastException.invalid("JSON nested deeper than " + MAX_DEPTH + " levels");
                }
                token = depth == 0 ? null : parser.nextToken();
            } while (token != null);
            if (parser.nextToken() != null) {
                throw HoldfastException.invalid("more than one JSON value in one text");
            }
        } catch (JacksonException e) {
            // The parser is told no source, so where it says a value began is no place.
            throw HoldfastException.invalid(
                    "not JSON: " + e.getOriginalMessage().replaceAll(" \\(start marker at .*\\)$", ""));
        }
    }
}
