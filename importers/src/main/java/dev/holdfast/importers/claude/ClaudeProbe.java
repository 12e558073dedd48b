package dev.holdfast.importers.claude;

import dev.holdfast.importers.source.Heads;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Translator;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Recognises transcripts of Claude Code. Not thread-safe. */
public final class ClaudeProbe implements Probe {
    private static final Set<String> WITHOUT_CHAIN = Set.of(
            "queue-operation",
            "permission-mode",
            "mode",
            "custom-title",
            "ai-title",
            "last-prompt",
            "agent-name",
            "pr-link",
            "worktree-state");

    private boolean recognised;
    private int records;
    private @Nullable String session;
    private @Nullable String agent;
    private @Nullable Instant first;
    private @Nullable ObjectNode described;

    /** Creates a probe for one file. */
    public ClaudeProbe() {}

    @Override
    public boolean look(ObjectNode record) {
        records++;
        recognised |= isClaude(record);
        if (!recognised) {
            return false;
        }
        if (session == null) {
            session = Probe.text(record, "sessionId");
        }
        if (agent == null) {
            agent = Probe.text(record, "agentId");
        }
        if (first == null) {
            first = ClaudeSessions.time(record);
        }
        if (described == null && record.has("cwd")) {
            described = record;
        }
        return session != null && first != null && described != null;
    }

    @Override
    public boolean isRecognised() {
        return recognised;
    }

    @Override
    public boolean isRecord(ObjectNode object) {
        return object.path("type").isString() && (object.path("sessionId").isString() || isClaude(object));
    }

    @Override
    public Translator translator(Path file, Predicate<SessionId> exists) {
        return new ClaudeTranslator(new ClaudeSessions(file, this, exists));
    }

    private static boolean isClaude(ObjectNode record) {
        String type = Probe.text(record, "type");
        if (type == null || record.path("message").has("parts") || record.has("provenance")) {
            return false;
        }
        return switch (type) {
            case "summary" -> record.path("leafUuid").isString();
            case "file-history-snapshot" -> record.has("snapshot");
            default ->
                record.path("sessionId").isString()
                        && (record.has("isSidechain") || record.has("userType") || WITHOUT_CHAIN.contains(type));
        };
    }

    /** Returns the first session's id in the file, or null if its first time is not known yet either. */
    @Nullable
    String session() {
        return first == null && records < Heads.MAX_RECORDS ? null : session;
    }

    @Nullable
    String agent() {
        return agent;
    }

    Instant first() {
        return first == null ? Instant.EPOCH : first;
    }

    @Nullable
    ObjectNode described() {
        return described;
    }

    /** Reads the head of another transcript and returns the bare session it is about. */
    static @Nullable SourceSession sessionOf(Path file) {
        try {
            if (!Files.isRegularFile(file)
                    || !(Heads.probe(file, List.of(new ClaudeProbe())) instanceof ClaudeProbe probe)) {
                return null;
            }
            String id = probe.session();
            if (id != null) {
                long first = probe.first().toEpochMilli();
                return new SourceSession(ClaudeSessions.SYSTEM, id, first, SessionConfig.conversation(null), null, "");
            }
        } catch (IOException e) {
            // a parent that cannot be read is a parent that is not there
        }
        return null;
    }
}
