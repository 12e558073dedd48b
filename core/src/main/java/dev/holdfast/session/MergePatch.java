package dev.holdfast.session;

import dev.holdfast.event.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch, RFC 7396. Pure. */
final class MergePatch {
    private MergePatch() {}

    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged =
                target instanceof ObjectNode object ? object : Json.mapper().createObjectNode();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                JsonNode before = merged.get(change.getKey());
                merged.set(
                        change.getKey(),
                        apply(before == null ? Json.mapper().createObjectNode() : before, change.getValue()));
            }
        });
        return merged;
    }
}
