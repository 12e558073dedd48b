package dev.holdfast.session;

import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The stored form of a state, as it stands in opening records and in {@code state.json}. Pure. */
public final class StateJson {
    private StateJson() {}

    /**
     * Writes a state without its configuration, which stands beside it.
     *
     * @param state the state
     * @return a JSON object
     */
    public static Json write(SessionState state) {
        ObjectNode out = Json.mapper().createObjectNode();
        out.put("kind", state.kind().wireName()).put("status", state.status().wireName());
        SessionConfig.putText(out, "reason", state.reason());
        SessionConfig.putText(out, "error", state.error());
        SessionConfig.putText(out, "summary", state.summary());
        if (state.result() != null) {
            out.set("result", state.result().toNode());
        }
        out.put("createdAt", state.createdAt().toString());
        putTime(out, "startedAt", state.startedAt());
        out.put("updatedAt", state.updatedAt().toString());
        putTime(out, "completedAt", state.completedAt());
        SessionConfig.putText(out, "title", state.title());
        state.tags().forEach(out.putArray("tags")::add);
        SessionConfig.putAll(out, "metadata", state.metadata());
        out.set("origin", origin(state.origin()));
        SessionConfig.putText(out, "phase", state.phase());
        out.put("iteration", state.iteration())
                .put("checkpoints", state.checkpoints())
                .put("records", state.records())
                .put("messages", state.messages());
        SessionConfig.putText(out, "lastCheckpoint", state.lastCheckpoint());
        SessionConfig.putText(out, "preview", state.preview());
        out.set("tokens", tokens(state.tokens()));
        if (state.costUsd() != null) {
            out.put("costUsd", state.costUsd());
        }
        out.put("oddities", state.oddities());
        ArrayNode responses = out.putArray("recentResponses");
        for (SessionState.CountedResponse response : state.recentResponses()) {
            ObjectNode entry = responses.addObject().put("id", response.id());
            entry.set("tokens", tokens(response.tokens()));
            if (response.costUsd() != null) {
                entry.put("costUsd", response.costUsd());
            }
        }
        if (!state.work().equals(WorkState.NONE)) {
            out.set("work", WorkJson.write(state.work()));
        }
        return Json.parse(out.toString());
    }

    /**
     * Reads a state.
     *
     * @param in what {@link #write} wrote, as a tree
     * @param config the configuration that stands beside it
     * @return the state
     * @throws dev.holdfast.HoldfastException INVALID_ARGUMENT if it is malformed
     * @throws java.time.DateTimeException if a time is malformed
     */
    public static SessionState read(JsonNode in, Json config) {
        List<String> tags = new ArrayList<>();
        in.path("tags").values().forEach(tag -> tags.add(tag.asString("")));
        List<SessionState.CountedResponse> responses = new ArrayList<>();
        for (JsonNode entry : in.path("recentResponses").values()) {
            responses.add(new SessionState.CountedResponse(
                    entry.path("id").asString(""), tokens(entry.path("tokens")), decimal(entry, "costUsd")));
        }
        Instant createdAt = Instant.parse(in.path("createdAt").asString(""));
        Instant updatedAt = Instant.parse(in.path("updatedAt").asString(""));
        return new SessionState(
                SessionKind.of(in.path("kind").asString("")),
                SessionStatus.of(in.path("status").asString("")),
                SessionConfig.textOrNull(in, "reason"),
                SessionConfig.textOrNull(in, "error"),
                SessionConfig.textOrNull(in, "summary"),
                in.hasNonNull("result") ? Json.of(in.path("result")) : null,
                createdAt,
                time(in, "startedAt"),
                updatedAt,
                time(in, "completedAt"),
                SessionConfig.textOrNull(in, "title"),
                List.copyOf(tags),
                SessionConfig.values(in.path("metadata")),
                config,
                origin(in.path("origin")),
                SessionConfig.textOrNull(in, "phase"),
                in.path("iteration").asLong(0),
                in.path("checkpoints").asLong(0),
                SessionConfig.textOrNull(in, "lastCheckpoint"),
                in.path("records").asLong(0),
                in.path("messages").asLong(0),
                SessionConfig.textOrNull(in, "preview"),
                tokens(in.path("tokens")),
                decimal(in, "costUsd"),
                in.path("oddities").asLong(0),
                List.copyOf(responses),
                WorkJson.read(in.path("work")));
    }

    private static ObjectNode tokens(Tokens tokens) {
        return Json.mapper()
                .createObjectNode()
                .put("input", tokens.input())
                .put("output", tokens.output())
                .put("cacheRead", tokens.cacheRead())
                .put("cacheWrite", tokens.cacheWrite())
                .put("reasoning", tokens.reasoning());
    }

    private static Tokens tokens(JsonNode in) {
        return new Tokens(
                in.path("input").asLong(0),
                in.path("output").asLong(0),
                in.path("cacheRead").asLong(0),
                in.path("cacheWrite").asLong(0),
                in.path("reasoning").asLong(0));
    }

    private static JsonNode origin(Origin origin) {
        return dev.holdfast.event.OriginJson.write(origin).toNode();
    }

    private static Origin origin(JsonNode in) {
        return dev.holdfast.event.OriginJson.read(in);
    }

    private static void putTime(ObjectNode out, String name, @Nullable Instant time) {
        if (time != null) {
            out.put(name, time.toString());
        }
    }

    private static @Nullable Instant time(JsonNode in, String name) {
        return in.hasNonNull(name) ? Instant.parse(in.path(name).asString()) : null;
    }

    private static @Nullable BigDecimal decimal(JsonNode in, String name) {
        return in.hasNonNull(name) ? in.path(name).decimalValue() : null;
    }
}
