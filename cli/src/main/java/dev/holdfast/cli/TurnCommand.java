package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that turn a session's view. Each opens a segment; nothing is cut, the whole history stays readable. */
abstract sealed class TurnCommand implements Command {
    /** Turns the session. */
    abstract ExitCode turn(SessionStore store, Invocation invocation);

    @Override
    public final ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            return turn(store, invocation);
        }
    }

    /** {@code compact}. */
    @CommandLine.Command(
            name = "compact",
            description = "Begins a session's view anew behind a summary, and prints the position where. Nothing is"
                    + " destroyed: `holdfast log ID` still shows everything, `holdfast log ID --view` what is left in"
                    + " view.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast compact 0196f5a2 --summary - --keep 1/1 --keep 1/40 < summary.txt")
    static final class Compact extends TurnCommand {
        @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Option(
                names = "--summary",
                required = true,
                paramLabel = "TEXT",
                description = "What came before, in words; - reads it from standard input.")
        String summary = "";

        @Option(
                names = "--keep",
                split = ",",
                paramLabel = "POS",
                description = "A record that stays in view: a position, or SEGMENT/INDEX. May be repeated.")
        List<String> keep = new ArrayList<>();

        @Override
        ExitCode turn(SessionStore store, Invocation invocation) {
            SessionId session = store.resolve(id);
            List<Position> kept = keep.stream()
                    .map(text -> Positions.parse(text, session, store))
                    .toList();
            String words = Given.text(summary, invocation);
            if (words.isBlank()) {
                throw HoldfastException.invalid(
                        "the summary is empty; say what came before, it is all that stays in view");
            }
            try (Session driven = store.drive(session)) {
                LifecycleCommand.print(driven, driven.compact(words.strip(), kept), invocation);
            }
            return ExitCode.DONE;
        }
    }

    /** {@code rewind}. */
    @CommandLine.Command(
            name = "rewind",
            description = "Goes on from an earlier record, and prints the position where. What came after it leaves the"
                    + " view and stays in the history; what it cost stays counted.",
            footerHeading = "%nExamples:%n",
            footer = {"  holdfast rewind 0196f5a2/1/120", "  holdfast rewind 0196f5a2/1/120 --in 0196f5b7"})
    static final class Rewind extends TurnCommand {
        @Parameters(
                paramLabel = "POSITION",
                description = "The last record that stays in view, ID/SEGMENT/INDEX. The id may be shortened.")
        String last = "";

        @Option(
                names = "--in",
                paramLabel = "ID",
                description = "The session to rewind, if it is a fork of the one that has the record.")
        @Nullable
        String id;

        @Override
        ExitCode turn(SessionStore store, Invocation invocation) {
            Position position =
                    id == null ? Positions.parse(last, store) : Positions.parse(last, store.resolve(id), store);
            SessionId session = id == null ? position.session() : store.resolve(id);
            try (Session driven = store.drive(session)) {
                LifecycleCommand.print(driven, driven.rewind(position), invocation);
            }
            return ExitCode.DONE;
        }
    }

    /** {@code restore}. */
    @CommandLine.Command(
            name = "restore",
            description =
                    "Goes on from a checkpoint, and prints the position where: the record there holds the"
                            + " checkpoint's state. What came after it leaves the view; it and all later checkpoints stay listed.",
            footerHeading = "%nExamples:%n",
            footer = {"  holdfast restore 0196f5a2 3", "  holdfast restore 0196f5a2 \"tests green\""})
    static final class Restore extends TurnCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Parameters(index = "1", paramLabel = "CHECKPOINT", description = "Its number, id or label.")
        String name = "";

        @Override
        ExitCode turn(SessionStore store, Invocation invocation) {
            SessionId session = store.resolve(id);
            try (Session driven = store.drive(session)) {
                SessionView view = driven.read();
                Checkpoint checkpoint = view.checkpoint(name);
                if (!checkpoint.resumable()) {
                    throw new HoldfastException(
                            ErrorCode.CONFLICT,
                            CheckpointText.name(checkpoint)
                                    + " is not resumable; to go back to its place without its state: holdfast rewind "
                                    + checkpoint.position()
                                    + (checkpoint.position().session().equals(session) ? "" : " --in " + session));
                }
                try {
                    LifecycleCommand.print(driven, driven.restore(checkpoint), invocation);
                } catch (HoldfastException e) {
                    if (e.code() != ErrorCode.DAMAGED) {
                        throw e;
                    }
                    throw new HoldfastException(
                            ErrorCode.DAMAGED,
                            CheckpointText.name(checkpoint) + " of " + session + " is lost or damaged; "
                                    + CheckpointText.older(view, checkpoint),
                            e);
                }
            }
            return ExitCode.DONE;
        }
    }
}
