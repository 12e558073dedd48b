package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** The commands that move a session along its lifecycle. Each drives the session for a moment. */
abstract sealed class LifecycleCommand implements Command {
    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    /** Makes the move. */
    abstract Position move(Session session);

    @Override
    public final ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open();
                Session session = store.drive(store.resolve(id))) {
            print(session, move(session), invocation);
        }
        return ExitCode.DONE;
    }

    /** Prints where the session's move is recorded. */
    static void print(Session session, Position position, Invocation invocation) {
        if (invocation.json()) {
            invocation.out().json(json(session, position));
        } else {
            invocation.out().line(position.toString());
        }
    }

    static ObjectNode json(Session session, Position position) {
        return Json.mapper()
                .createObjectNode()
                .put("id", session.id().value())
                .put("status", session.state().status().wireName())
                .put("position", position.toString());
    }

    /** {@code start}. */
    @CommandLine.Command(
            name = "start",
            description = "Starts a session that was created.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast start 0196f5a2")
    static final class Start extends LifecycleCommand {
        @Override
        Position move(Session session) {
            return session.start();
        }
    }

    /** {@code pause}. */
    @CommandLine.Command(
            name = "pause",
            description = "Pauses a running session.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast pause 0196f5a2 --reason \"waiting for review\"")
    static final class Pause extends LifecycleCommand {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
        String reason = "";

        @Override
        Position move(Session session) {
            return session.pause(reason);
        }
    }

    /** {@code complete}. */
    @CommandLine.Command(
            name = "complete",
            description = "Completes a session. Final: only title, tags and notes may follow.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast complete 0196f5a2 --summary \"2 files changed\" --result '{\"files\":2}'")
    static final class Complete extends LifecycleCommand {
        @Option(names = "--summary", paramLabel = "TEXT", description = "What came of it.")
        String summary = "";

        @Option(names = "--result", paramLabel = "JSON", description = "What came of it, as data.")
        @Nullable
        String result;

        @Override
        Position move(Session session) {
            return session.complete(summary, result == null ? null : Json.parse(result));
        }
    }

    /** {@code fail}. */
    @CommandLine.Command(
            name = "fail",
            description = "Records that a session failed. Final: only title, tags and notes may follow.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast fail 0196f5a2 --error \"tests red\"")
    static final class Fail extends LifecycleCommand {
        @Option(names = "--error", required = true, paramLabel = "TEXT", description = "What went wrong.")
        String error = "";

        @Override
        Position move(Session session) {
            return session.fail(error);
        }
    }

    /** {@code cancel}. */
    @CommandLine.Command(
            name = "cancel",
            description = "Calls a session off. Final: only title, tags and notes may follow.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast cancel 0196f5a2 --reason \"no longer needed\"")
    static final class Cancel extends LifecycleCommand {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
        String reason = "";

        @Override
        Position move(Session session) {
            return session.cancel(reason);
        }
    }
}
