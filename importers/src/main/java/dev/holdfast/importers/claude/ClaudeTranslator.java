package dev.holdfast.importers.claude;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.importers.source.Extensions;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.importers.source.Identities;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.SourceRecord;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Target;
import dev.holdfast.importers.source.Translator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Translates one transcript of Claude Code. */
final class ClaudeTranslator implements Translator {
    private static final String SYSTEM = ClaudeSessions.SYSTEM;
    private static final int MAX_TITLE = 1_000;
    private static final int MAX_PATH = 4_096;

    private final ClaudeSessions sessions;
    private final Identities identities = new Identities();
    private final Map<Long, Long> unresolvedParents = new HashMap<>();
    private final Map<String, ClaudeUsage> usages = new LinkedHashMap<>();
    private final Map<String, Integer> titleRanks = new HashMap<>();
    private final Map<String, List<String>> preserved = new HashMap<>();
    private final Set<String> described = new HashSet<>();
    private final Set<String> announced = new HashSet<>();

    ClaudeTranslator(ClaudeSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public @Nullable SourceSession primary() {
        return sessions.primary();
    }

    @Override
    public @Nullable SourceSession current() {
        return sessions.current();
    }

    @Override
    public void translate(SourceRecord record, Target target) {
        ObjectNode tree = record.tree();
        SourceSession session = sessions.of(tree);
        if (session == null) {
            target.skip(record, "no-session-yet");
            return;
        }
        String uuid = Probe.text(tree, "uuid");
        boolean repeated = uuid != null && identities.contains(uuid);
        checkParent(tree, uuid);
        record.identify(
                identities.next(uuid == null ? record.fingerprint() : uuid),
                sessions.lastTime(),
                Probe.text(tree, "parentUuid"),
                tree.path("forkedFrom").isObject());
        announce(session, target);
        describe(session, record, target);
        ObjectNode message = embeddedMessage(tree);
        if (message != null) {
            embedded(session, record, message, repeated, target);
        } else {
            dispatch(session, record, tree, repeated, target);
        }
        target.settle(record);
    }

    @Override
    public void end(Target target) {
        usages.values().forEach(usage -> usage.end(target));
        long dangling =
                unresolvedParents.values().stream().mapToLong(Long::longValue).sum();
        if (dangling > 0) {
            target.warn("dangling-parent", dangling);
        }
    }

    private void dispatch(
            SourceSession session, SourceRecord record, ObjectNode tree, boolean repeated, Target target) {
        String type = requireNonNullElse(Probe.text(tree, "type"), "record");
        if (type.equals("assistant")) {
            usage(session, record, tree, target);
        }
        if (repeated) {
            target.emit(session, record, Extensions.of(SYSTEM, "repeated", record.raw()));
            return;
        }
        switch (type) {
            case "user" -> user(session, record, tree, target);
            case "assistant" -> assistant(session, record, tree, target);
            case "custom-title" -> title(session, record, tree, "customTitle", 3, target);
            case "ai-title" -> title(session, record, tree, "aiTitle", 2, target);
            case "summary" -> {
                String leaf = Probe.text(tree, "leafUuid");
                boolean here = leaf != null && identities.contains(leaf);
                title(session, record, tree, here ? "summary" : "", 1, target);
            }
            default -> {
                JsonNode kept = tree.path("compactMetadata").path("preservedMessages");
                if (kept.path("uuids").isArray()) {
                    preserved.put(session.sourceId(), texts(kept.path("uuids")));
                }
                target.emit(session, record, Extensions.of(SYSTEM, kind(tree, type), record.raw()));
            }
        }
    }

    private void user(SourceSession session, SourceRecord record, ObjectNode tree, Target target) {
        JsonNode content = tree.path("message").path("content");
        if (tree.path("isCompactSummary").asBoolean(false)) {
            StringBuilder summary = new StringBuilder();
            ClaudeParts.user(content)
                    .forEach(message ->
                            summary.append(summary.isEmpty() ? "" : "\n").append(message.text()));
            List<String> kept = preserved.remove(session.sourceId());
            target.compact(session, record, summary.toString(), kept == null ? List.of() : kept);
            target.emit(session, record, Extensions.of(SYSTEM, "compact-summary", record.raw()));
            return;
        }
        for (Message message : ClaudeParts.user(content)) {
            target.emit(session, record, message);
        }
        if (record.events() == 0) {
            target.emit(session, record, Extensions.of(SYSTEM, "user", record.raw()));
        } else if (tree.path("toolUseResult").isContainer()) {
            target.emit(session, record, Extensions.of(SYSTEM, "tool-use-result", Json.of(tree.get("toolUseResult"))));
        }
    }

    private static void assistant(SourceSession session, SourceRecord record, ObjectNode tree, Target target) {
        JsonNode message = tree.path("message");
        Event event =
                ClaudeParts.assistant(message.path("content"), Probe.word(message, "model"), responseId(tree, record));
        target.emit(session, record, event == null ? Extensions.of(SYSTEM, "assistant", record.raw()) : event);
    }

    /** The responses that a fork copied were counted where they were made. */
    private void usage(SourceSession session, SourceRecord record, ObjectNode tree, Target target) {
        JsonNode message = tree.path("message");
        Tokens tokens = ClaudeUsage.tokens(message.path("usage"));
        if (record.isCopied() || tokens.equals(Tokens.NONE)) {
            return;
        }
        usages.computeIfAbsent(session.sourceId(), id -> new ClaudeUsage(session))
                .add(responseId(tree, record), Probe.word(message, "model"), tokens, Target.Place.of(record), target);
    }

    /** A response is known by its message and its request; without a message id each record is one of its own. */
    private static String responseId(ObjectNode tree, SourceRecord record) {
        String message = Probe.word(tree.path("message"), "id");
        String request = Probe.word(tree, "requestId");
        if (message == null) {
            return record.id();
        }
        return request == null ? message : message + "/" + request;
    }

    private void title(
            SourceSession session, SourceRecord record, ObjectNode tree, String field, int rank, Target target) {
        String title = Probe.text(tree, field);
        if (title != null
                && !title.isBlank()
                && rank >= titleRanks.getOrDefault(session.sourceId(), 0)
                && title.length() <= MAX_TITLE) {
            titleRanks.put(session.sourceId(), rank);
            target.emit(session, record, new Annotation.TitleSet(title));
        } else {
            String type = requireNonNullElse(Probe.text(tree, "type"), "title");
            target.emit(session, record, Extensions.of(SYSTEM, type, record.raw()));
        }
    }

    private static @Nullable ObjectNode embeddedMessage(ObjectNode tree) {
        JsonNode data = tree.path("data");
        return "progress".equals(Probe.text(tree, "type"))
                        && "agent_progress".equals(Probe.text(data, "type"))
                        && Probe.text(data, "agentId") != null
                        && data.get("message") instanceof ObjectNode message
                ? message
                : null;
    }

    /** A subagent's message inside a progress record belongs to the child session, under its own id. */
    private void embedded(
            SourceSession session, SourceRecord record, ObjectNode message, boolean repeated, Target target) {
        ObjectNode tree = record.tree();
        String agent = requireNonNullElse(Probe.text(tree.path("data"), "agentId"), "");
        SourceSession child = sessions.embedded(session, agent, tree, message);
        announce(child, target);
        String uuid = Probe.text(message, "uuid");
        if (uuid != null && !repeated) {
            boolean again = identities.contains(uuid);
            String id = identities.next(uuid);
            record.identify(id, requireNonNullElse(ClaudeSessions.time(message), record.at()), null, record.isCopied());
            dispatch(child, record, message, again, target);
        } else {
            dispatch(child, record, message, repeated, target);
        }
    }

    private void announce(SourceSession session, Target target) {
        if (announced.add(session.sourceId())) {
            target.ensure(session);
        }
    }

    /** A session that began with records that do not say where it ran learns it from the first one that does. */
    private void describe(SourceSession session, SourceRecord record, Target target) {
        String cwd = Probe.text(record.tree(), "cwd");
        if (cwd != null
                && cwd.length() <= MAX_PATH
                && session.config().project() == null
                && described.add(session.sourceId())) {
            target.emitDerived(
                    session,
                    Target.Place.of(record),
                    "config/project",
                    new ConfigChanged(Json.of(Map.of("project", cwd))));
        }
    }

    private void checkParent(ObjectNode tree, @Nullable String uuid) {
        String parent = Probe.text(tree, "parentUuid");
        if (parent != null && !parent.equals(uuid) && !identities.contains(parent)) {
            unresolvedParents.merge(Hashes.bits(parent), 1L, Long::sum);
        }
        if (uuid != null && !unresolvedParents.isEmpty()) {
            unresolvedParents.remove(Hashes.bits(uuid));
        }
    }

    private static List<String> texts(JsonNode array) {
        return array.values().stream().map(value -> value.asString("")).toList();
    }

    private static String kind(ObjectNode tree, String type) {
        String subtype = Probe.text(tree, "subtype");
        if (subtype == null && type.equals("progress")) {
            subtype = Probe.text(tree.path("data"), "type");
        }
        return subtype == null ? type : type + "." + subtype;
    }
}
