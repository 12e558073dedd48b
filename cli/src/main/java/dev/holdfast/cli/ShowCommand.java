package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Presence;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code show}: shows one session. */
@CommandLine.Command(
        name = "show",
        description = "Shows one session. --json prints every field; values of its environment are never shown.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast show 0196f5a2 --json")
final class ShowCommand implements Command {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            SessionId sessionId = store.resolve(id);
            SessionSummary summary = store.summary(sessionId);
            Presence presence = store.presence(sessionId);
            if (invocation.json()) {
                invocation.out().json(SessionJson.full(summary, presence));
            } else {
                new Card(invocation).print(summary, presence);
            }
        }
        return ExitCode.DONE;
    }

    /** A session for people to read: only what is known. */
    private record Card(Invocation invocation) {
        void print(SessionSummary summary, Presence presence) {
            SessionState state = summary.state();
            Style style = invocation.style();
            String title = state.title() == null ? "(no title)" : Text.line(state.title());
            invocation.out().line(style.bold(Text.cut(title, invocation.columns())));
            line("id", summary.id().value());
            String status = Statuses.styled(summary, style, 0);
            String reason = state.reason();
            row("status", reason == null || reason.isEmpty() ? status : status + ", " + Text.line(reason));
            line("kind", state.kind().wireName());
            line("project", summary.project());
            line("agent", summary.agent());
            line("tags", String.join(", ", state.tags()));
            line("phase", state.phase());
            line("driver", driver(presence));
            line("created", time(state.createdAt()));
            line("started", time(state.startedAt()));
            line("updated", time(state.updatedAt()));
            line("completed", time(state.completedAt()));
            line("error", state.error());
            line("summary", state.summary());
            Json result = state.result();
            line("result", result == null ? null : result.text());
            line("origin", origin(state.origin()));
            line("records", Text.number(state.records(), "record") + ", " + Text.number(state.messages(), "message"));
            line("last", summary.head().toString());
            line("tokens", tokens(state));
            state.metadata().forEach((key, value) -> line("meta." + key, shown(value)));
            config(state);
            line("preview", state.preview());
        }

        private void config(SessionState state) {
            JsonNode config = state.config().toNode();
            for (String field : new String[] {"workflow", "executionMode", "maxIterations", "focus", "options"}) {
                if (config.hasNonNull(field)) {
                    line("config." + field, shown(Json.of(config.path(field))));
                }
            }
            line(
                    "config.environment",
                    String.join(", ", config.path("environment").propertyNames()));
        }

        private void line(String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                row(name, Text.cut(Text.line(value), Math.max(20, invocation.columns() - 13)));
            }
        }

        private void row(String name, String value) {
            invocation.out().line(invocation.style().dim(Text.padRight(Text.line(name), 11)) + "  " + value);
        }

        private static String shown(Json value) {
            JsonNode node = value.toNode();
            return node.isString() ? node.stringValue() : value.text();
        }

        private static @Nullable String time(@Nullable Instant time) {
            return time == null ? null : TIME.format(time);
        }

        private static @Nullable String driver(Presence presence) {
            Holder holder = presence.holder();
            String who = holder == null
                    ? "a process that left no word"
                    : "process " + holder.pid() + " on " + holder.host() + " since " + TIME.format(holder.since());
            return switch (presence.kind()) {
                case FREE -> null;
                case DRIVEN -> who;
                case ABANDONED -> who + ", which died";
            };
        }

        private static String tokens(SessionState state) {
            Tokens tokens = state.tokens();
            String text = tokens.input() + " in, " + tokens.output() + " out, " + tokens.cacheRead() + " from cache, "
                    + tokens.cacheWrite() + " to cache";
            text += tokens.reasoning() == 0 ? "" : ", " + tokens.reasoning() + " of the output reasoning";
            return text
                    + (state.costUsd() == null ? "" : ", $" + state.costUsd().toPlainString());
        }

        private static @Nullable String origin(Origin origin) {
            return switch (origin) {
                case Origin.Fresh fresh -> null;
                case Origin.RolledOver rolled -> "rolled over";
                case Origin.Recovered recovered -> recovered.repaired() ? "repaired" : "recovered";
                case Origin.Forked forked -> "forked from " + forked.position();
                case Origin.Compacted compacted -> "compacted";
                case Origin.Rewound rewound -> "rewound to " + rewound.position();
                case Origin.Restored restored -> "restored from checkpoint " + restored.checkpoint();
                case Origin.Imported imported ->
                    "imported from " + imported.system() + " " + imported.id()
                            + (imported.parent().isEmpty()
                                    ? ""
                                    : ", " + (imported.relation().isEmpty() ? "child" : imported.relation()) + " of "
                                            + imported.parent());
                case Origin.Other other -> other.data().text();
            };
        }
    }
}
