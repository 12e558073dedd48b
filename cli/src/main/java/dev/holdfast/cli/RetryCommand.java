package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code retry}: makes a new attempt at a finished session. */
@CommandLine.Command(
        name = "retry",
        description = "Makes a new attempt at a finished session, and prints its id: a fork from the last intact"
                + " resumable checkpoint or, without one, from before its end. The finished one stays as it is.",
        footerHeading = "%nExample:%n",
        footer = "  id=$(holdfast retry 0196f5a2) && holdfast start $id")
final class RetryCommand implements Command {
    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            SessionId finished = store.resolve(id);
            SessionSummary summary = store.summary(finished);
            if (summary.interrupted()) {
                throw new HoldfastException(
                        ErrorCode.CONFLICT,
                        finished + " is interrupted, not finished; go on with `holdfast resume "
                                + finished + "`, or give it up with `holdfast fail " + finished
                                + " --error TEXT` and retry then");
            }
            try (Session attempt = store.retry(finished)) {
                Position from = from(attempt);
                Checkpoint checkpoint = store.read(attempt.id()).checkpoints().stream()
                        .filter(each -> each.position().equals(from))
                        .findFirst()
                        .orElse(null);
                print(attempt, from, checkpoint, invocation);
            }
        }
        return ExitCode.DONE;
    }

    private static Position from(Session attempt) {
        if (attempt.state().origin() instanceof Origin.Forked forked) {
            return Position.parse(forked.position());
        }
        throw new IllegalStateException(attempt.id() + " is a retry and no fork");
    }

    private static void print(Session attempt, Position from, @Nullable Checkpoint checkpoint, Invocation invocation) {
        if (invocation.json()) {
            ObjectNode out = SessionJson.made(attempt).put("from", from.toString());
            invocation.out().json(out.put("checkpoint", checkpoint == null ? null : checkpoint.number()));
            return;
        }
        invocation.out().line(attempt.id().value());
        invocation.note("it goes on from "
                + (checkpoint == null ? "before the end" : CheckpointText.name(checkpoint)) + ", " + from
                + "; start it with `holdfast start " + attempt.id() + "`");
    }
}
