package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Typed access to an object, with messages that name the field. */
record Fields(JsonNode node) {
    Fields {
        if (!node.isObject()) {
            throw HoldfastException.invalid("expected an object, found " + node.getNodeType());
        }
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    Fields fields(String name) {
        return new Fields(node.path(name));
    }

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw HoldfastException.invalid("field \"" + name + "\" is missing");
        }
        return text;
    }

    String text(String name, String otherwise) {
        String text = textOrNull(name);
        return text == null ? otherwise : text;
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw HoldfastException.invalid("field \"" + name + "\" is not a string");
        }
        return value.stringValue();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (has(name) && !node.path(name).isArray()) {
            throw HoldfastException.invalid("field \"" + name + "\" is not an array");
        }
        for (JsonNode value : node.path(name).values()) {
            if (!value.isString()) {
                throw HoldfastException.invalid("field \"" + name + "\" holds something else than strings");
            }
            texts.add(value.stringValue());
        }
        return texts;
    }

    boolean flag(String name) {
        return node.path(name).asBoolean(false);
    }

    long number(String name) {
        JsonNode value = node.path(name);
        if (!value.canConvertToLong()) {
            throw HoldfastException.invalid("field \"" + name + "\" is not a whole number");
        }
        return value.longValue();
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    @Nullable
    Long numberOrNull(String name) {
        return has(name) ? number(name) : null;
    }

    long count(String name) {
        long count = number(name, 0);
        if (count < 0) {
            throw HoldfastException.invalid("field \"" + name + "\" is negative");
        }
        return count;
    }

    @Nullable
    Json json(String name) {
        return has(name) ? Json.trusted(node.path(name).toString()) : null;
    }

    /** A value that may be the JSON null, or null if it is absent. */
    @Nullable
    Json valueOrNull(String name) {
        JsonNode value = node.get(name);
        return value == null ? null : Json.trusted(value.toString());
    }

    Json jsonOr(String name, Json otherwise) {
        JsonNode value = node.get(name);
        return value == null ? otherwise : Json.trusted(value.toString());
    }

    Json object(String name) {
        if (!node.path(name).isObject()) {
            throw HoldfastException.invalid("field \"" + name + "\" is not an object");
        }
        return Json.trusted(node.path(name).toString());
    }

    Map<String, Json> jsons(String name) {
        Map<String, Json> jsons = new LinkedHashMap<>();
        if (has(name) && !node.path(name).isObject()) {
            throw HoldfastException.invalid("field \"" + name + "\" is not an object");
        }
        node.path(name)
                .properties()
                .forEach(entry ->
                        jsons.put(entry.getKey(), Json.trusted(entry.getValue().toString())));
        return jsons;
    }
}
