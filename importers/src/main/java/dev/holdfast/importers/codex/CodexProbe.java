package dev.holdfast.importers.codex;

import dev.holdfast.event.Json;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Times;
import dev.holdfast.importers.source.Translator;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recognises rollouts of the Codex CLI. Not thread-safe. */
public final class CodexProbe implements Probe {
    static final String SYSTEM = "codex";

    private static final Pattern UUID_IN_NAME =
            Pattern.compile("([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.jsonl$");

    private boolean recognised;
    private @Nullable ObjectNode meta;
    private @Nullable ObjectNode secondMeta;
    private @Nullable Instant first;

    /** Creates a probe for one file. */
    public CodexProbe() {}

    @Override
    public boolean look(ObjectNode record) {
        if (!isRecord(record)) {
            return false;
        }
        recognised = true;
        first = first == null ? time(record, "timestamp") : first;
        boolean isMeta = "session_meta".equals(Probe.text(record, "type"));
        if (meta != null) {
            secondMeta = isMeta ? (ObjectNode) record.get("payload") : null;
            return true;
        }
        meta = isMeta ? (ObjectNode) record.get("payload") : null;
        return false;
    }

    @Override
    public boolean isRecognised() {
        return recognised;
    }

    @Override
    public boolean isRecord(ObjectNode object) {
        return object.path("type").isString()
                && object.path("payload").isObject()
                && (object.path("timestamp").isString() || "session_meta".equals(Probe.text(object, "type")));
    }

    @Override
    public Translator translator(Path file, Predicate<SessionId> exists) {
        return new CodexTranslator(session(file), header());
    }

    /** Returns what the first session_meta says, or an empty object. */
    ObjectNode header() {
        return meta == null ? Json.mapper().createObjectNode() : meta;
    }

    private SourceSession session(Path file) {
        ObjectNode header = header();
        String own = Probe.text(header, "id");
        String id = own == null ? idOf(file) : own;
        String spawned = parentThread(header);
        String forked = forkedFrom(header);
        if (forked == null && spawned == null && secondMeta != null) {
            String replayed = Probe.text(secondMeta, "id");
            forked = id.equals(replayed) ? null : replayed;
        }
        String parent = spawned != null ? spawned : forked;
        String relation = spawned != null ? "subagent" : forked != null ? "fork" : "";
        return new SourceSession(SYSTEM, id, millis(id, header), config(header, parent), parentId(parent), relation);
    }

    private long millis(String id, ObjectNode header) {
        if (SessionId.isValid(id)) {
            return new SessionId(id).epochMillis();
        }
        Instant said = time(header, "timestamp");
        Instant time = said == null ? first : said;
        return time == null ? 0 : time.toEpochMilli();
    }

    /** A parent's id in the store follows from its id in the source only if that tells its time. */
    private static @Nullable SessionId parentId(@Nullable String parent) {
        return parent == null || !SessionId.isValid(parent)
                ? null
                : new SourceSession(
                                SYSTEM,
                                parent,
                                new SessionId(parent).epochMillis(),
                                SessionConfig.conversation(null),
                                null,
                                "")
                        .id();
    }

    static @Nullable String parentThread(ObjectNode header) {
        String direct = Probe.text(header, "parent_thread_id");
        return direct != null
                ? direct
                : Probe.text(header.path("source").path("subagent").path("thread_spawn"), "parent_thread_id");
    }

    static @Nullable String forkedFrom(ObjectNode header) {
        String direct = Probe.text(header, "forked_from_id");
        return direct != null ? direct : Probe.text(header.path("history_base"), "thread_id");
    }

    static @Nullable Instant time(JsonNode record, String name) {
        return Times.parse(Probe.text(record, name));
    }

    private static String idOf(Path file) {
        String name = String.valueOf(file.getFileName());
        Matcher uuid = UUID_IN_NAME.matcher(name);
        return uuid.find() ? uuid.group(1) : name.replaceFirst("\\.jsonl$", "");
    }

    private static SessionConfig config(ObjectNode header, @Nullable String parent) {
        Map<String, Json> metadata = new LinkedHashMap<>();
        put(metadata, "version", Probe.text(header, "cli_version"));
        put(metadata, "originator", Probe.text(header, "originator"));
        put(metadata, "modelProvider", Probe.text(header, "model_provider"));
        put(metadata, "gitBranch", Probe.text(header.path("git"), "branch"));
        put(metadata, "agentNickname", Probe.text(header, "agent_nickname"));
        put(metadata, "agentRole", Probe.text(header, "agent_role"));
        put(metadata, "parentSession", parent);
        return SessionConfig.conversation(null).project(path(header)).metadata(metadata);
    }

    private static void put(Map<String, Json> metadata, String name, @Nullable String text) {
        if (text != null && !text.isEmpty() && text.length() <= 1_000) {
            metadata.put(name, Json.of(text));
        }
    }

    private static @Nullable String path(ObjectNode said) {
        String cwd = Probe.text(said, "cwd");
        return cwd == null || cwd.length() > 4_096 ? null : cwd;
    }
}
