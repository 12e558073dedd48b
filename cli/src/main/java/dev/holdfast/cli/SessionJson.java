package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.event.OriginJson;
import dev.holdfast.event.Tokens;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Presence;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionSummary;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sessions as JSON. The field names are part of the program's contract; what is unknown is null. */
final class SessionJson {
    private static final List<String> CONFIG_FIELDS = List.of(
            "kind",
            "title",
            "project",
            "agent",
            "tags",
            "metadata",
            "workflow",
            "executionMode",
            "maxIterations",
            "focus",
            "options",
            "environment");

    private SessionJson() {}

    /** What {@code ls} tells. */
    static ObjectNode summary(SessionSummary summary) {
        SessionState state = summary.state();
        ObjectNode out = object();
        out.put("id", summary.id().value())
                .put("kind", state.kind().wireName())
                .put("status", state.status().wireName())
                .put("phase", state.phase())
                .put("title", state.title())
                .put("project", summary.project())
                .put("agent", summary.agent());
        state.tags().forEach(out.putArray("tags")::add);
        out.put("createdAt", state.createdAt().toString())
                .put("updatedAt", state.updatedAt().toString());
        out.set("head", head(summary));
        out.put("records", state.records());
        out.set("tokens", tokens(state.tokens()));
        out.put("costUsd", state.costUsd())
                .put("checkpoints", state.checkpoints())
                .put("interrupted", summary.interrupted());
        return out;
    }

    /** What {@code show} tells: every field of a session. */
    static ObjectNode full(SessionSummary summary, Presence presence, List<Checkpoint> checkpoints) {
        SessionState state = summary.state();
        ObjectNode out = object();
        out.put("id", summary.id().value())
                .put("type", state.kind().wireName())
                .put("kind", state.kind().wireName())
                .put("status", state.status().wireName())
                .put("reason", state.reason())
                .put("createdAt", state.createdAt().toString())
                .put("startedAt", time(state.startedAt()))
                .put("updatedAt", state.updatedAt().toString())
                .put("completedAt", time(state.completedAt()))
                .put("title", state.title())
                .put("project", summary.project())
                .put("agent", summary.agent());
        state.tags().forEach(out.putArray("tags")::add);
        ObjectNode metadata = out.putObject("metadata");
        state.metadata().forEach((key, value) -> metadata.set(key, value.toNode()));
        out.put("phase", state.phase()).put("iteration", state.iteration());
        ArrayNode listed = out.putArray("checkpoints");
        checkpoints.forEach(checkpoint -> listed.add(CheckpointText.json(checkpoint)));
        out.put("checkpointCount", state.checkpoints());
        out.putObject("timings");
        out.put("error", state.error()).put("summary", state.summary());
        Json result = state.result();
        out.set("result", result == null ? out.nullNode() : result.toNode());
        out.set("config", config(state.config()));
        out.set("origin", OriginJson.write(state.origin()).toNode());
        out.set("head", head(summary));
        out.put("last", summary.head().toString())
                .put("records", state.records())
                .put("messages", state.messages());
        out.set("tokens", tokens(state.tokens()));
        out.put("costUsd", state.costUsd())
                .put("preview", state.preview())
                .put("oddities", state.oddities())
                .put("interrupted", summary.interrupted())
                .put("presence", presence.kind().name().toLowerCase(Locale.ROOT));
        out.set("driver", driver(presence));
        return out;
    }

    /** What a session that was just made is. */
    static ObjectNode made(Session session) {
        return LifecycleCommand.json(session, session.last());
    }

    static ObjectNode tokens(Tokens tokens) {
        return object().put("input", tokens.input())
                .put("output", tokens.output())
                .put("cacheRead", tokens.cacheRead())
                .put("cacheWrite", tokens.cacheWrite())
                .put("reasoning", tokens.reasoning());
    }

    private static ObjectNode head(SessionSummary summary) {
        return object().put("segment", summary.head().segment())
                .put("index", summary.head().index());
    }

    /** Every field, those this version does not know too; of the environment only the names, values may be secrets. */
    private static ObjectNode config(Json config) {
        ObjectNode stored = (ObjectNode) config.toNode();
        ObjectNode out = object();
        for (String field : CONFIG_FIELDS) {
            JsonNode value = stored.get(field);
            out.set(field, value == null ? out.nullNode() : value);
        }
        for (String list : List.of("metadata", "options")) {
            out.withObjectProperty(list);
        }
        out.withArrayProperty("tags");
        ArrayNode names = object().arrayNode();
        stored.path("environment").propertyNames().forEach(names::add);
        out.set("environment", names);
        stored.properties().forEach(field -> {
            if (!CONFIG_FIELDS.contains(field.getKey())) {
                out.set(field.getKey(), field.getValue());
            }
        });
        return out;
    }

    private static JsonNode driver(Presence presence) {
        Holder holder = presence.holder();
        if (holder == null || presence.kind() == Presence.Kind.FREE) {
            return object().nullNode();
        }
        return object().put("pid", holder.pid())
                .put("host", holder.host())
                .put("since", holder.since().toString());
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
