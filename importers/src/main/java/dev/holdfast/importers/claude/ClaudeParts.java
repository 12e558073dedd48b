package dev.holdfast.importers.claude;

import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.importers.source.Probe;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Translates the content of messages. Stateless. */
final class ClaudeParts {
    private ClaudeParts() {}

    /** Translates what a user record says: answers of tools become messages of their own. Empty if it says nothing. */
    static List<Message> user(JsonNode content) {
        if (content.isString()) {
            return List.of(Message.user(content.stringValue()));
        }
        List<Message> messages = new ArrayList<>(1);
        List<Part> run = new ArrayList<>();
        boolean runOfTools = false;
        for (JsonNode block : blocks(content)) {
            Part part = part(block);
            boolean tool = part instanceof Part.ToolResponse;
            if (!run.isEmpty() && tool != runOfTools) {
                messages.add(new Message(runOfTools ? Role.TOOL : Role.USER, run, null, null));
                run.clear();
            }
            run.add(part);
            runOfTools = tool;
        }
        if (!run.isEmpty()) {
            messages.add(new Message(runOfTools ? Role.TOOL : Role.USER, run, null, null));
        }
        return messages;
    }

    /** Translates what the model says; null if it says nothing. */
    static @Nullable Message assistant(JsonNode content, @Nullable String model, @Nullable String responseId) {
        List<Part> parts = new ArrayList<>();
        if (content.isString()) {
            parts.add(new Part.Text(content.stringValue()));
        }
        for (JsonNode block : blocks(content)) {
            String type = Probe.text(block, "type");
            String signature = Probe.text(block, "signature");
            parts.add(part(block));
            if ("thinking".equals(type) && signature != null && !signature.isEmpty()) {
                parts.add(new Part.Other(Json.of(Json.mapper()
                        .createObjectNode()
                        .put("type", "thinking_signature")
                        .put("signature", signature))));
            }
        }
        return parts.isEmpty() ? null : new Message(Role.ASSISTANT, parts, model, responseId);
    }

    private static Iterable<JsonNode> blocks(JsonNode content) {
        return content instanceof ArrayNode array ? array.values() : List.of();
    }

    private static Part part(JsonNode block) {
        String type = Objects.requireNonNullElse(Probe.text(block, "type"), "");
        return switch (type) {
            case "text" -> text(block, Probe.text(block, "text"));
            case "thinking" -> {
                String thought = Probe.text(block, "thinking");
                yield thought == null ? other(block) : new Part.Reasoning(thought);
            }
            case "tool_use", "server_tool_use" ->
                new Part.ToolCall(
                        word(block, "id"),
                        word(block, "name"),
                        Json.of(block.has("input") ? block.get("input") : null));
            case "tool_result" ->
                new Part.ToolResponse(
                        word(block, "tool_use_id"),
                        response(block.get("content")),
                        block.path("is_error").asBoolean(false));
            case "image", "document" -> media(block);
            default -> block.isString() ? new Part.Text(block.stringValue()) : other(block);
        };
    }

    private static Part text(JsonNode block, @Nullable String text) {
        return text == null ? other(block) : new Part.Text(text);
    }

    /** One block of text counts as that text, which is how most tools answer. */
    private static Json response(@Nullable JsonNode content) {
        if (content instanceof ArrayNode array && array.size() == 1) {
            JsonNode only = array.get(0);
            String text = Probe.text(only, "text");
            if (text != null && "text".equals(Probe.text(only, "type")) && only.size() == 2) {
                return Json.of(text);
            }
        }
        return Json.of(content);
    }

    private static Part media(JsonNode block) {
        JsonNode source = block.path("source");
        String mime = Probe.text(source, "media_type");
        String data = Probe.text(source, "data");
        if (!"base64".equals(Probe.text(source, "type")) || mime == null || data == null) {
            return other(block);
        }
        try {
            return new Part.Blob(mime, Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException e) {
            return other(block);
        }
    }

    private static Part other(JsonNode block) {
        return new Part.Other(Json.of(
                block.isObject() ? block : Json.mapper().createObjectNode().set("value", block)));
    }

    private static String word(JsonNode block, String name) {
        return Objects.requireNonNullElse(Probe.text(block, name), "");
    }
}
