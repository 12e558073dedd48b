package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Presence;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import dev.holdfast.store.SessionView;
import dev.holdfast.store.Unfinished;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
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
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final int CHECKPOINTS = 10;

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            SessionId sessionId = store.resolve(id);
            SessionSummary summary = store.summary(sessionId);
            Presence presence = store.presence(sessionId);
            SessionView view = store.read(sessionId);
            List<Checkpoint> checkpoints = view.checkpoints();
            if (invocation.json()) {
                invocation.out().json(SessionJson.full(summary, presence, checkpoints));
            } else {
                Card card = new Card(invocation);
                card.print(summary, presence);
                card.checkpoints(checkpoints, summary.id());
                if (summary.interrupted()) {
                    card.wayOn(view);
                }
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
            line("driver", PresenceText.of(presence));
            line("created", time(state.createdAt()));
            line("started", time(state.startedAt()));
            line("updated", time(state.updatedAt()));
            line("completed", time(state.completedAt()));
            line("error", state.error());
            line("summary", state.summary());
            Json result = state.result();
            line("result", result == null ? null : result.text());
            line("origin", state.origin() instanceof Origin.Fresh ? null : Origins.text(state.origin(), summary.id()));
            line("records", Text.number(state.records(), "record") + ", " + Text.number(state.messages(), "message"));
            line("last", summary.head().toString());
            line("tokens", tokens(state));
            state.metadata().forEach((key, value) -> line("meta." + key, shown(value)));
            config(state);
            line("preview", state.preview());
        }

        /** The last ones: a listing of all is `checkpoint ls`. */
        void checkpoints(List<Checkpoint> checkpoints, SessionId id) {
            int hidden = Math.max(0, checkpoints.size() - CHECKPOINTS);
            if (hidden > 0) {
                line("checkpoint", hidden + " older, see holdfast checkpoint ls " + id);
            }
            for (Checkpoint each : checkpoints.subList(hidden, checkpoints.size())) {
                line(
                        "checkpoint",
                        each.number() + "  " + time(each.at()) + ", " + CheckpointText.standing(each, false)
                                + (each.label().isEmpty() ? "" : ", " + each.label()));
            }
        }

        /** What an interrupted session needs. */
        void wayOn(SessionView view) {
            Unfinished unfinished = view.unfinished();
            if (!unfinished.isEmpty()) {
                line("unfinished", ResumeCommand.text(unfinished, view.id()));
            }
            row("go on", "holdfast resume " + view.id());
            row("give up", "holdfast fail " + view.id() + " --error TEXT");
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

        private static String tokens(SessionState state) {
            Tokens tokens = state.tokens();
            String text = tokens.input() + " in, " + tokens.output() + " out, " + tokens.cacheRead() + " from cache, "
                    + tokens.cacheWrite() + " to cache";
            text += tokens.reasoning() == 0 ? "" : ", " + tokens.reasoning() + " of the output reasoning";
            return text
                    + (state.costUsd() == null ? "" : ", $" + state.costUsd().toPlainString());
        }
    }
}
