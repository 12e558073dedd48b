package dev.holdfast.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the JSON object of one record and splits large payloads out of it.
 *
 * <p>A payload stands in the object as {@code {"$blob":{"sha256":...,"bytes":...,"as":...}}}, where {@code as} says what
 * to put back: {@code text} a string of the bytes, {@code base64} a string of their base64, {@code json} the value they
 * hold. A foreign key {@code $blob} gets one more {@code $}. Not thread-safe; used for one event.
 */
final class DataWriter implements AutoCloseable {
    static final String MARK = "$blob";

    private static final JsonFactory PLAIN = Json.factory().build();
    /** Writes lone surrogates as escapes; the plain form refuses them, because UTF-8 has no form for them. */
    private static final JsonFactory ESCAPING =
            Json.factory().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final JsonGenerator json;
    private final int inlineLimit;
    private final boolean escaping;
    private final List<EncodedEvent.Payload> blobs = new ArrayList<>(0);

    DataWriter(int inlineLimit, boolean escaping) {
        this.inlineLimit = inlineLimit;
        this.escaping = escaping;
        this.json = (escaping ? ESCAPING : PLAIN).createGenerator(ObjectWriteContext.empty(), out);
    }

    DataWriter start() {
        json.writeStartObject();
        return this;
    }

    DataWriter end() {
        json.writeEndObject();
        return this;
    }

    DataWriter name(String name) {
        json.writeName(name);
        return this;
    }

    DataWriter startArray(String name) {
        json.writeName(name);
        json.writeStartArray();
        return this;
    }

    DataWriter endArray() {
        json.writeEndArray();
        return this;
    }

    /** Writes a short string that is never split out. */
    DataWriter word(String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
        return this;
    }

    DataWriter words(String name, List<String> values) {
        startArray(name);
        values.forEach(json::writeString);
        return endArray();
    }

    DataWriter number(String name, long value) {
        json.writeNumberProperty(name, value);
        return this;
    }

    DataWriter decimal(String name, java.math.@Nullable BigDecimal value) {
        if (value != null) {
            json.writeName(name);
            json.writeNumber(value);
        }
        return this;
    }

    DataWriter flag(String name, boolean value) {
        if (value) {
            json.writeBooleanProperty(name, true);
        }
        return this;
    }

    DataWriter text(String name, String value) {
        json.writeName(name);
        if (!fitsInline(value)) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            // A string that UTF-8 cannot hold stays inline, where it can be escaped.
            if (utf8.length > inlineLimit && new String(utf8, StandardCharsets.UTF_8).equals(value)) {
                splitOut(utf8, "text");
                return this;
            }
        }
        json.writeString(value);
        return this;
    }

    DataWriter bytes(String name, byte[] value) {
        json.writeName(name);
        if (value.length > inlineLimit) {
            splitOut(value, "base64");
        } else {
            json.writeBinary(value);
        }
        return this;
    }

    DataWriter value(String name, @Nullable Json value) {
        if (value != null) {
            json.writeName(name);
            value(value);
        }
        return this;
    }

    DataWriter value(Json value) {
        // Only the escaping form looks for lone surrogates: the plain one fails on them, and then this runs again.
        String text = escaping || hasLineBreak(value.text()) ? value.toLine() : value.text();
        if (fitsInline(text) && !mayHoldMark(text)) {
            json.writeRawValue(text);
        } else {
            splitLargeStrings(Json.trusted(text));
        }
        return this;
    }

    DataWriter values(String name, Map<String, Json> values) {
        json.writeName(name);
        json.writeStartObject();
        values.forEach((key, value) -> {
            json.writeName(escaped(key));
            value(value);
        });
        json.writeEndObject();
        return this;
    }

    EncodedEvent finish(String type) {
        json.close();
        return new EncodedEvent(type, out.toByteArray(), blobs);
    }

    @Override
    public void close() {
        json.close();
    }

    private static boolean hasLineBreak(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    /** Whether a text takes no more bytes of UTF-8 than may stay in the record. */
    private boolean fitsInline(String text) {
        if (text.length() <= inlineLimit / 3) {
            return true;
        }
        if (text.length() > inlineLimit) {
            return false;
        }
        int bytes = 0;
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            // Half of a pair counts two: a pair is four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes <= inlineLimit;
    }

    private void splitLargeStrings(Json value) {
        JsonNode tree = value.toNode();
        String text = Json.trusted(transformed(tree).toString()).toLine();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > inlineLimit) {
            splitOut(value.text().getBytes(StandardCharsets.UTF_8), "json");
        } else {
            json.writeRawValue(text);
        }
    }

    /** Escapes foreign marks and splits out the large strings inside a tree. */
    private JsonNode transformed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(entry -> copy.set(escaped(entry.getKey()), transformed(entry.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.values().forEach(element -> copy.add(transformed(element)));
            return copy;
        }
        if (node.isString() && !fitsInline(node.stringValue())) {
            byte[] utf8 = node.stringValue().getBytes(StandardCharsets.UTF_8);
            if (utf8.length > inlineLimit && new String(utf8, StandardCharsets.UTF_8).equals(node.stringValue())) {
                BlobRef ref = remember(utf8);
                ObjectNode mark = Json.mapper().createObjectNode();
                mark.putObject(MARK)
                        .put("sha256", ref.sha256())
                        .put("bytes", ref.bytes())
                        .put("as", "text");
                return mark;
            }
        }
        return node;
    }

    private void splitOut(byte[] content, String as) {
        BlobRef ref = remember(content);
        json.writeStartObject();
        json.writeName(MARK);
        json.writeStartObject();
        json.writeStringProperty("sha256", ref.sha256());
        json.writeNumberProperty("bytes", ref.bytes());
        json.writeStringProperty("as", as);
        json.writeEndObject();
        json.writeEndObject();
    }

    private BlobRef remember(byte[] content) {
        BlobRef ref = new BlobRef(HexFormat.of().formatHex(sha256(content)), content.length);
        blobs.add(new EncodedEvent.Payload(ref, content));
        return ref;
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String escaped(String key) {
        return isMark(key) ? "$" + key : key;
    }

    /** Whether a key is {@code $blob}, however often it was escaped. */
    static boolean isMark(String key) {
        return key.endsWith(MARK) && key.chars().limit(key.length() - 5).allMatch(c -> c == '$');
    }

    /** Whether a key of a value may be a mark, as it stands or written with escapes. */
    private static boolean mayHoldMark(String text) {
        return text.contains(MARK)
                || (text.contains("\\u00") && holdsMark(Json.trusted(text).toNode()));
    }

    private static boolean holdsMark(JsonNode node) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (isMark(entry.getKey())) {
                return true;
            }
        }
        for (JsonNode child : node.values()) {
            if (holdsMark(child)) {
                return true;
            }
        }
        return false;
    }
}
