package dev.holdfast.importers.codex;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.importers.source.Probe;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Translates response items into messages. Stateless. */
final class CodexItems {
    private CodexItems() {}

    /** Returns the message an item is, or null if it is none of the known kinds. */
    static @Nullable Message message(JsonNode item, @Nullable String model) {
        return switch (word(item, "type")) {
            case "message" -> said(item, model);
            case "reasoning" -> reasoning(item, model);
            case "function_call" ->
                assistant(
                        model,
                        new Part.ToolCall(word(item, "call_id"), word(item, "name"), arguments(item, "arguments")));
            case "custom_tool_call" ->
                assistant(
                        model,
                        new Part.ToolCall(word(item, "call_id"), word(item, "name"), Json.of(item.get("input"))));
            case "local_shell_call" ->
                assistant(model, new Part.ToolCall(word(item, "call_id"), "local_shell", Json.of(item.get("action"))));
            case "tool_search_call" ->
                assistant(
                        model, new Part.ToolCall(word(item, "call_id"), "tool_search", Json.of(item.get("arguments"))));
            case "web_search_call" ->
                assistant(model, new Part.ToolCall(word(item, "id"), "web_search", Json.of(item.get("action"))));
            case "function_call_output", "custom_tool_call_output" ->
                Message.of(Role.TOOL, new Part.ToolResponse(word(item, "call_id"), output(item), false));
            case "tool_search_output" ->
                Message.of(Role.TOOL, new Part.ToolResponse(word(item, "call_id"), Json.of(item.get("tools")), false));
            default -> null;
        };
    }

    /** Tells a reasoning item that shows nothing and hides nothing. */
    static boolean isEmptyReasoning(JsonNode item) {
        return "reasoning".equals(Probe.text(item, "type"))
                && texts(item).isEmpty()
                && Probe.text(item, "encrypted_content") == null;
    }

    /** Returns the texts of an item: of its content and of its summary. */
    static List<String> texts(JsonNode item) {
        List<String> texts = new ArrayList<>();
        for (String field : List.of("summary", "content")) {
            for (JsonNode part : elements(item.path(field))) {
                String text = Probe.text(part, "text");
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static @Nullable Message said(JsonNode item, @Nullable String model) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : elements(item.path("content"))) {
            parts.add(part(part));
        }
        if (parts.isEmpty()) {
            return null;
        }
        return switch (word(item, "role")) {
            case "user" -> new Message(Role.USER, parts, null, null);
            case "assistant" -> new Message(Role.ASSISTANT, parts, model, Probe.word(item, "id"));
            case "system", "developer" -> new Message(Role.SYSTEM, parts, null, null);
            default -> null;
        };
    }

    private static Part part(JsonNode part) {
        String text = Probe.text(part, "text");
        return switch (word(part, "type")) {
            case "input_text", "output_text", "text" -> text == null ? other(part) : new Part.Text(text);
            case "input_image" -> image(part);
            default -> other(part);
        };
    }

    private static Part image(JsonNode part) {
        String url = Probe.text(part, "image_url");
        int comma = url == null ? -1 : url.indexOf(";base64,");
        if (url == null || !url.startsWith("data:") || comma < 0) {
            return other(part);
        }
        try {
            return new Part.Blob(url.substring(5, comma), Base64.getDecoder().decode(url.substring(comma + 8)));
        } catch (IllegalArgumentException e) {
            return other(part);
        }
    }

    private static Message reasoning(JsonNode item, @Nullable String model) {
        List<Part> parts = new ArrayList<>(2);
        parts.add(new Part.Reasoning(String.join("\n", texts(item))));
        String encrypted = Probe.text(item, "encrypted_content");
        if (encrypted != null) {
            parts.add(new Part.Other(Json.of(Json.mapper()
                    .createObjectNode()
                    .put("type", "encrypted_reasoning")
                    .put("encrypted_content", encrypted))));
        }
        return new Message(Role.ASSISTANT, parts, model, Probe.word(item, "id"));
    }

    private static Message assistant(@Nullable String model, Part part) {
        return new Message(Role.ASSISTANT, List.of(part), model, null);
    }

    /** Arguments are JSON in a string; what is no JSON stays that string. */
    private static Json arguments(JsonNode item, String field) {
        String text = Probe.text(item, field);
        if (text == null) {
            return Json.of(item.get(field));
        }
        try {
            return Json.mapper().readTree(text) instanceof ObjectNode object ? Json.of(object) : Json.of(text);
        } catch (JacksonException e) {
            return Json.of(text);
        }
    }

    private static Json output(JsonNode item) {
        JsonNode output = item.get("output");
        if (output instanceof ArrayNode array && array.size() == 1) {
            String text = Probe.text(array.get(0), "text");
            if (text != null && array.get(0).size() == 2) {
                return Json.of(text);
            }
        }
        return Json.of(output);
    }

    private static Iterable<JsonNode> elements(JsonNode array) {
        return array instanceof ArrayNode elements ? elements.values() : List.of();
    }

    private static Part other(JsonNode part) {
        return new Part.Other(Json.of(
                part.isObject() ? part : Json.mapper().createObjectNode().set("value", part)));
    }

    private static String word(JsonNode item, String name) {
        return requireNonNullElse(Probe.text(item, name), "");
    }
}
