package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Reads each event's fields. The mirror of {@link EventWriter}: unknown fields are passed over, they stay on disk. */
final class EventReader {
    private EventReader() {}

    static Event read(String type, byte[] data, BlobSource blobs) {
        return mayBeMarked(data)
                ? event(type, new Fields(BlobJoin.join(Json.mapper().readTree(data), blobs)))
                : literal(type, data);
    }

    /** Reads data that refers to no payload, whatever it looks like. */
    static Event literal(String type, byte[] data) {
        if (type.equals("extension")) {
            return extension(data);
        }
        if (!KnownTypes.contains(type)) {
            return new Unknown(type, Json.trusted(new String(data, StandardCharsets.UTF_8)));
        }
        return event(type, new Fields(Json.mapper().readTree(data)));
    }

    private static Event event(String type, Fields in) {
        return switch (type) {
            case "segment.opened" -> segment(in);
            case "session.started" -> new Lifecycle.Started();
            case "session.paused" -> new Lifecycle.Paused(in.text("reason", ""));
            case "session.resumed" -> new Lifecycle.Resumed();
            case "session.completed" -> new Lifecycle.Completed(in.text("summary", ""), in.json("result"));
            case "session.failed" -> new Lifecycle.Failed(in.text("error", ""), in.json("detail"));
            case "session.cancelled" -> new Lifecycle.Cancelled(in.text("reason", ""));
            case "message.added" -> message(in);
            case "usage.recorded" -> usage(in);
            case "title.set" -> new Annotation.TitleSet(in.text("title"));
            case "tagged" -> new Annotation.Tagged(in.texts("add"), in.texts("remove"));
            case "noted" -> new Annotation.Noted(in.text("text"), in.textOrNull("author"));
            case "metadata.set" -> new MetadataSet(in.jsons("set"), in.texts("unset"));
            case "config.changed" -> new ConfigChanged(in.object("patch"));
            case "checkpoint.taken" -> checkpoint(in);
            case "checkpoint.pruned" -> new CheckpointsPruned(in.texts("ids"), in.textOrNull("previous"));
            case "extension" -> new Extension(in.text("namespace"), in.jsonOr("data", Json.NULL));
            case "output.appended" -> output(in);
            default -> WorkEventReader.read(type, in);
        };
    }

    private static Extension extension(byte[] data) {
        String namespace = "";
        Json value = Json.NULL;
        try (var parser = Json.mapper().createParser(data)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw HoldfastException.invalid("data of an extension is not an object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                if (name.equals("namespace")) {
                    namespace = parser.getString();
                }
                parser.skipChildren();
                parser.finishToken();
                if (name.equals("data")) {
                    int to = (int) parser.currentLocation().getByteOffset();
                    value = Json.trusted(new String(data, from, to - from, StandardCharsets.UTF_8).strip());
                }
            }
        }
        return new Extension(namespace, value);
    }

    private static SegmentOpened segment(Fields in) {
        Fields writer = in.fields("writer");
        Fields previous = in.has("prev") ? in.fields("prev") : null;
        return new SegmentOpened(
                Math.toIntExact(in.number("format")),
                in.text("log"),
                Math.toIntExact(in.number("segment")),
                origin(in.fields("origin")),
                new SegmentOpened.Writer(
                        writer.text("program", ""),
                        writer.text("version", ""),
                        writer.text("host", ""),
                        writer.number("pid", 0)),
                previous == null
                        ? null
                        : new SegmentOpened.Previous(
                                Math.toIntExact(previous.number("segment")),
                                previous.number("records"),
                                previous.number("bytes"),
                                previous.number("durable")),
                in.jsonOr("config", Json.EMPTY_OBJECT),
                in.json("state"));
    }

    static Origin origin(JsonNode node) {
        return origin(new Fields(node));
    }

    private static Origin origin(Fields in) {
        return switch (in.text("kind", "")) {
            case "fresh" -> new Origin.Fresh();
            case "rolled-over" -> new Origin.RolledOver();
            case "recovered" -> new Origin.Recovered(in.flag("repaired"));
            case "forked" -> new Origin.Forked(in.text("position"), in.text("crc", ""), in.text("relation", ""));
            case "compacted" -> new Origin.Compacted(in.text("summary", ""), in.texts("kept"));
            case "rewound" -> new Origin.Rewound(in.text("position"));
            case "restored" -> new Origin.Restored(in.text("checkpoint"), in.text("position"), in.json("state"));
            case "imported" ->
                new Origin.Imported(
                        in.text("system"), in.text("id", ""), in.text("parent", ""), in.text("relation", ""));
            default ->
                new Origin.Other(
                        in.has("other")
                                ? in.jsonOr("other", Json.NULL)
                                : Json.trusted(in.node().toString()));
        };
    }

    private static CheckpointTaken checkpoint(Fields in) {
        return new CheckpointTaken(
                in.text("id"),
                in.number("number"),
                in.text("label", ""),
                in.json("state"),
                in.jsons("metadata"),
                in.count("iteration"),
                in.textOrNull("phase"),
                in.flag("resumable"),
                in.textOrNull("previous"));
    }

    private static Message message(Fields in) {
        List<Part> parts = new ArrayList<>();
        if (!in.node().path("parts").isArray()) {
            throw HoldfastException.invalid("field \"parts\" is missing or not an array");
        }
        for (JsonNode part : in.node().path("parts").values()) {
            parts.add(part(new Fields(part)));
        }
        return new Message(Role.of(in.text("role")), parts, in.textOrNull("model"), in.textOrNull("response_id"));
    }

    private static Part part(Fields in) {
        return switch (in.text("type", "")) {
            case "text" -> new Part.Text(in.text("content"));
            case "reasoning" -> new Part.Reasoning(in.text("content", ""));
            case "tool_call" ->
                new Part.ToolCall(in.text("id", ""), in.text("name"), in.jsonOr("arguments", Json.EMPTY_OBJECT));
            case "tool_call_response" ->
                new Part.ToolResponse(in.text("id", ""), in.jsonOr("response", Json.NULL), in.flag("error"));
            case "blob" ->
                new Part.Blob(
                        in.text("mime_type", "application/octet-stream"),
                        Base64.getDecoder().decode(in.text("content")));
            default -> new Part.Other(Json.trusted(in.node().toString()));
        };
    }

    private static UsageRecorded usage(Fields in) {
        return new UsageRecorded(
                new Tokens(
                        in.count("input"),
                        in.count("output"),
                        in.count("cache_read"),
                        in.count("cache_write"),
                        in.count("reasoning")),
                in.textOrNull("model"),
                in.textOrNull("response_id"),
                in.has("cost_usd") ? in.node().path("cost_usd").decimalValue() : null);
    }

    private static OutputAppended output(Fields in) {
        return in.has("base64")
                ? new OutputAppended(Base64.getDecoder().decode(in.text("base64")))
                : OutputAppended.of(in.text("text"));
    }

    /** Whether a key may be a mark of {@link DataWriter}, escaped or not. */
    private static boolean mayBeMarked(byte[] data) {
        for (int k = 1; k + 4 < data.length; k++) {
            if (data[k] == '$'
                    && (data[k - 1] == '"' || data[k - 1] == '$')
                    && data[k + 1] == 'b'
                    && data[k + 2] == 'l') {
                return true;
            }
        }
        return false;
    }
}
