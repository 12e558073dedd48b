package dev.holdfast.importers.claude;

import dev.holdfast.event.Json;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Times;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds out which session each record of one file belongs to. Not thread-safe. */
final class ClaudeSessions {
    static final String SYSTEM = "claude-code";

    /** How many records of side chains are remembered to find the chain of the next. */
    private static final int REMEMBERED = 65_536;

    private static final long MAX_SIDECAR_BYTES = 1024 * 1024;

    private final Path file;
    private final ClaudeProbe head;
    private final Predicate<SessionId> exists;
    private final Map<String, SourceSession> known = new HashMap<>();
    private final Map<Long, String> chains = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final @Nullable SourceSession primary;
    private @Nullable SourceSession current;
    private Instant lastTime;
    private String lastChain = "";

    ClaudeSessions(Path file, ClaudeProbe head, Predicate<SessionId> exists) {
        this.file = file;
        this.exists = exists;
        this.head = head;
        this.lastTime = head.first();
        String session = head.session();
        this.primary = session == null ? null : isAgentFile() ? agentOfFile(session) : main(session, described());
        this.current = primary;
    }

    @Nullable
    SourceSession primary() {
        return primary;
    }

    @Nullable
    SourceSession current() {
        return current;
    }

    Instant lastTime() {
        return lastTime;
    }

    /** Returns the session of a record, or null if the file does not say. */
    @Nullable
    SourceSession of(ObjectNode record) {
        Instant time = time(record);
        if (time != null) {
            lastTime = time;
        }
        if (primary == null) {
            return null;
        }
        if (isAgentFile()) {
            return primary;
        }
        String id = Probe.text(record, "sessionId");
        SourceSession session = id == null ? Objects.requireNonNull(current) : main(id, record);
        if (session.relation().equals("subagent")) {
            return session;
        }
        current = session;
        return record.path("isSidechain").asBoolean(false) ? sideChain(session, record) : session;
    }

    /** Returns the child session of a record that a parent's progress record carries. */
    SourceSession embedded(SourceSession parent, String agent, ObjectNode progress, ObjectNode record) {
        String id = parent.sourceId() + ":" + agent;
        return known.computeIfAbsent(id, key -> {
            Instant time = time(record);
            Map<String, Json> metadata = metadata(progress);
            metadata.put("agentId", Json.of(agent));
            putText(metadata, progress, "parentToolUseID");
            return child(key, time == null ? lastTime : time, parent.id(), config(progress, metadata));
        });
    }

    static @Nullable Instant time(ObjectNode record) {
        return Times.parse(Probe.text(record, "timestamp"));
    }

    private SourceSession main(String id, ObjectNode record) {
        SourceSession session = known.get(id);
        if (session == null) {
            long millis = (known.isEmpty() ? head.first() : lastTime).toEpochMilli();
            SourceSession whole = new SourceSession(SYSTEM, id, millis, config(record, metadata(record)), null, "");
            session = forked(whole, record);
            known.put(id, session);
        }
        return session;
    }

    /** Adds the parent of a session whose first records were copied from it. */
    private SourceSession forked(SourceSession session, ObjectNode record) {
        String from = Probe.text(record.path("forkedFrom"), "sessionId");
        if (from == null || from.equals(session.sourceId())) {
            return session;
        }
        SourceSession parent = isFileName(from) ? ClaudeProbe.sessionOf(file.resolveSibling(from + ".jsonl")) : null;
        SessionId guess = new SourceSession(SYSTEM, from, session.firstMillis(), session.config(), null, "").id();
        SessionId id = parent != null ? parent.id() : exists.test(guess) ? guess : null;
        Map<String, Json> metadata = new LinkedHashMap<>(session.config().metadata());
        metadata.put("forkedFrom", Json.of(from));
        return new SourceSession(
                SYSTEM,
                session.sourceId(),
                session.firstMillis(),
                session.config().metadata(metadata),
                id,
                "fork");
    }

    /** Records of a side chain have no agent in older versions: each chain that begins without a parent is one. */
    private SourceSession sideChain(SourceSession parent, ObjectNode record) {
        String uuid = Objects.requireNonNullElse(Probe.text(record, "uuid"), "");
        String agent = Probe.text(record, "agentId");
        String before = Probe.text(record, "parentUuid");
        String chain = agent;
        if (chain == null) {
            chain = before == null
                    ? uuid
                    : chains.getOrDefault(Hashes.bits(before), lastChain.isEmpty() ? uuid : lastChain);
        }
        if (!uuid.isEmpty()) {
            chains.put(Hashes.bits(uuid), chain);
        }
        lastChain = chain;
        String id = parent.sourceId() + ":" + chain;
        return known.computeIfAbsent(id, key -> child(key, lastTime, parent.id(), config(record, metadata(record))));
    }

    private static SourceSession child(String id, Instant time, @Nullable SessionId parent, SessionConfig config) {
        return new SourceSession(SYSTEM, id, time.toEpochMilli(), config, parent, "subagent");
    }

    private boolean isAgentFile() {
        return name().startsWith("agent-") && head.agent() != null;
    }

    private SourceSession agentOfFile(String session) {
        String agent = Objects.requireNonNull(head.agent());
        Path directory = sessionDirectory();
        String parent = session.equals("agent-" + agent) && directory != null
                ? String.valueOf(directory.getFileName())
                : session;
        SourceSession whole = directory != null
                ? ClaudeProbe.sessionOf(directory.resolveSibling(directory.getFileName() + ".jsonl"))
                : isFileName(parent) ? ClaudeProbe.sessionOf(file.resolveSibling(parent + ".jsonl")) : null;
        ObjectNode described = described();
        Map<String, Json> metadata = metadata(described);
        metadata.put("agentId", Json.of(agent));
        metadata.put("parentSession", Json.of(parent));
        sidecar().properties().forEach(field -> metadata.put(field.getKey(), Json.of(field.getValue())));
        String id = (whole == null ? parent : whole.sourceId()) + ":" + agent;
        return child(id, head.first(), whole == null ? null : whole.id(), config(described, metadata));
    }

    private ObjectNode described() {
        ObjectNode described = head.described();
        return described == null ? Json.mapper().createObjectNode() : described;
    }

    /** Returns {@code <session>} of {@code <session>/subagents/.../agent-*.jsonl}, or null elsewhere. */
    private @Nullable Path sessionDirectory() {
        for (Path at = file.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
            if (at.endsWith("subagents")) {
                return at.getParent();
            }
        }
        return null;
    }

    private JsonNode sidecar() {
        Path meta = file.resolveSibling(name().replaceFirst("\\.jsonl$", ".meta.json"));
        try {
            return Files.isRegularFile(meta) && Files.size(meta) <= MAX_SIDECAR_BYTES
                    ? Json.mapper().readTree(Files.readAllBytes(meta))
                    : Json.mapper().createObjectNode();
        } catch (IOException | tools.jackson.core.JacksonException e) {
            return Json.mapper().createObjectNode();
        }
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    private static boolean isFileName(String text) {
        return text.matches("[A-Za-z0-9_-]{1,128}");
    }

    private static SessionConfig config(ObjectNode record, Map<String, Json> metadata) {
        return SessionConfig.conversation(null).project(path(record)).metadata(metadata);
    }

    private static Map<String, Json> metadata(ObjectNode record) {
        Map<String, Json> metadata = new LinkedHashMap<>();
        putText(metadata, record, "gitBranch");
        putText(metadata, record, "version");
        putText(metadata, record, "entrypoint");
        putText(metadata, record, "slug");
        return metadata;
    }

    private static void putText(Map<String, Json> metadata, ObjectNode record, String name) {
        String text = Probe.text(record, name);
        if (text != null && !text.isEmpty() && text.length() <= 1_000) {
            metadata.put(name, Json.of(text));
        }
    }

    private static @Nullable String path(ObjectNode said) {
        String cwd = Probe.text(said, "cwd");
        return cwd == null || cwd.length() > 4_096 ? null : cwd;
    }
}
