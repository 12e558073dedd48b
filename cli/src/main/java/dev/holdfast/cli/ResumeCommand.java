package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.spi.Presence;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.Unfinished;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code resume}: resumes what was paused, or goes on with what was interrupted. */
@CommandLine.Command(
        name = "resume",
        description = {
            "Resumes a paused session. One that was interrupted, because its driver died, goes on behind its last"
                    + " durable record; what had been begun and not ended is told."
        },
        footerHeading = "%nExample:%n",
        footer = "  holdfast resume 0196f5a2")
final class ResumeCommand implements Command {
    private static final int SHOWN = 5;

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            SessionId sessionId = store.resolve(id);
            boolean interrupted = store.summary(sessionId).interrupted();
            Presence before = store.presence(sessionId);
            try (Session session = store.drive(sessionId)) {
                // Driving it is what ends the interruption; there is nothing to record.
                if (interrupted && session.state().status() == SessionStatus.RUNNING) {
                    print(session, store.summary(sessionId).head(), before, invocation);
                } else {
                    LifecycleCommand.print(session, session.resume(), invocation);
                }
            }
        }
        return ExitCode.DONE;
    }

    private static void print(Session session, Position last, Presence before, Invocation invocation) {
        Unfinished unfinished = session.read().unfinished();
        if (invocation.json()) {
            ObjectNode out = LifecycleCommand.json(session, last).put("interrupted", true);
            out.set("unfinished", json(unfinished));
            invocation.out().json(out);
            return;
        }
        invocation.out().line(last.toString());
        invocation.note("it was interrupted: " + PresenceText.of(before) + "; it goes on behind this record");
        invocation.note(unfinished.isEmpty() ? "nothing had been begun and not ended" : text(unfinished, session.id()));
        invocation.note("to give it up instead: holdfast fail " + session.id()
                + " --error TEXT, and to try again then: holdfast retry " + session.id());
    }

    /** One line of what was begun and not ended. */
    static String text(Unfinished unfinished, SessionId session) {
        int more = unfinished.toolCalls().size() - SHOWN;
        return "begun and not ended: "
                + unfinished.toolCalls().stream()
                        .limit(SHOWN)
                        .map(call -> "tool call " + Text.cut(Text.line(call.name()), 60) + " ("
                                + Text.cut(Text.line(call.id()), 60) + ") at "
                                + Positions.shown(call.position(), session))
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    static ArrayNode json(Unfinished unfinished) {
        ArrayNode out = Json.mapper().createArrayNode();
        unfinished
                .toolCalls()
                .forEach(call -> out.addObject()
                        .put("kind", "tool_call")
                        .put("id", call.id())
                        .put("name", call.name())
                        .put("position", call.position().toString()));
        return out;
    }
}
