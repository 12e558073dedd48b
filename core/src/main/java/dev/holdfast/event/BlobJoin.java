package dev.holdfast.event;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Puts payloads back where {@link DataWriter} split them out. Stateless. */
final class BlobJoin {
    private BlobJoin() {}

    /** Returns the tree with every mark replaced by its payload and every foreign mark unescaped. */
    static JsonNode join(JsonNode node, BlobSource blobs) {
        if (node instanceof ObjectNode object) {
            if (object.size() == 1 && object.get(DataWriter.MARK) instanceof ObjectNode mark) {
                return payload(mark, blobs);
            }
            ObjectNode copy = object.objectNode();
            object.properties().forEach(entry -> copy.set(unescaped(entry.getKey()), join(entry.getValue(), blobs)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.values().forEach(element -> copy.add(join(element, blobs)));
            return copy;
        }
        return node;
    }

    private static JsonNode payload(ObjectNode mark, BlobSource blobs) {
        byte[] content = blobs.load(
                new BlobRef(mark.path("sha256").asString(""), mark.path("bytes").asLong(-1)));
        return switch (mark.path("as").asString("")) {
            case "text" -> StringNode.valueOf(new String(content, StandardCharsets.UTF_8));
            case "base64" -> StringNode.valueOf(Base64.getEncoder().encodeToString(content));
            case "json" ->
                content.length == 0
                        ? Json.mapper().createObjectNode()
                        : Json.mapper().readTree(content);
            default ->
                throw new HoldfastException(
                        ErrorCode.UNSUPPORTED,
                        "unknown form of a blob reference: " + mark + "; a newer version wrote it");
        };
    }

    private static String unescaped(String key) {
        return key.startsWith("$$") && DataWriter.isMark(key) ? key.substring(1) : key;
    }
}
