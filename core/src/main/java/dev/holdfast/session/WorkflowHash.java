package dev.holdfast.session;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The hash of a workflow's definition: of its content, not of how it is written. Pure. */
final class WorkflowHash {
    private WorkflowHash() {}

    static String of(Json workflow) {
        StringBuilder text = new StringBuilder();
        write(workflow.toNode(), text);
        return HexFormat.of().formatHex(sha256(text.toString()));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Objects with their fields in the order of their names and without null ones, which a patch drops; arrays as they are. */
    private static void write(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            List<String> names = new ArrayList<>(node.propertyNames());
            names.sort(null);
            out.append('{');
            for (String name : names) {
                if (node.path(name).isNull()) {
                    continue;
                }
                out.append(Json.of(name)).append(':');
                write(node.path(name), out);
                out.append(',');
            }
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            for (JsonNode each : node.values()) {
                write(each, out);
                out.append(',');
            }
            out.append(']');
        } else {
            out.append(node.isString() ? Json.of(node.stringValue()).text() : node.toString());
        }
    }
}
