package dev.holdfast.importers.claude;

import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.importers.source.LongSet;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Counts each response of one session once. Claude Code repeats a response's usage on each of its records; the largest
 * figures count, as soon as another response follows or the file ends. Not thread-safe.
 */
final class ClaudeUsage {
    /** As many as the session's state remembers, so that a raised figure replaces the lower one. */
    private static final int LOOK_BEHIND = 32;

    private final SourceSession session;
    private final LongSet seen = new LongSet();
    private final Map<String, Counted> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Counted> eldest) {
            return size() > LOOK_BEHIND;
        }
    };
    private @Nullable Counted open;

    private static final class Counted {
        private final String id;
        private final @Nullable String model;
        private Tokens tokens;
        private Tokens emitted = Tokens.NONE;
        private Target.Place place;

        Counted(String id, @Nullable String model, Tokens tokens, Target.Place place) {
            this.id = id;
            this.model = model;
            this.tokens = tokens;
            this.place = place;
        }
    }

    ClaudeUsage(SourceSession session) {
        this.session = session;
    }

    static Tokens tokens(JsonNode usage) {
        return new Tokens(
                count(usage, "input_tokens"),
                count(usage, "output_tokens"),
                count(usage, "cache_read_input_tokens"),
                count(usage, "cache_creation_input_tokens"),
                count(usage.path("output_tokens_details"), "thinking_tokens"));
    }

    void add(String id, @Nullable String model, Tokens tokens, Target.Place place, Target target) {
        Counted counted = recent.get(id);
        if (counted == null) {
            if (!seen.add(Hashes.bits(id))) {
                target.warn("late-usage", 1);
                return;
            }
            end(target);
            counted = new Counted(id, model, tokens, place);
            recent.put(id, counted);
            open = counted;
            return;
        }
        counted.tokens = counted.tokens.max(tokens);
        counted.place = place;
        if (counted != open) {
            emit(counted, target);
        }
    }

    /** Emits the response that was still open. */
    void end(Target target) {
        if (open != null) {
            emit(open, target);
            open = null;
        }
    }

    private void emit(Counted counted, Target target) {
        if (counted.tokens.equals(counted.emitted)) {
            return;
        }
        counted.emitted = counted.tokens;
        target.emitUsage(
                session, counted.place, counted.id, new UsageRecorded(counted.tokens, counted.model, counted.id, null));
    }

    private static long count(JsonNode usage, String name) {
        JsonNode value = usage.path(name);
        return value.isIntegralNumber() && value.canConvertToLong() ? Math.max(0, value.asLong()) : 0;
    }
}
