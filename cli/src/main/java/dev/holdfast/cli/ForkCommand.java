package dev.holdfast.cli;

import dev.holdfast.log.Position;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fork}: makes a session that goes on from a record of another one. */
@CommandLine.Command(
        name = "fork",
        description = {
            "Makes a session that goes on from a record of another one, and prints its id. Nothing is copied; the other"
                    + " session stays as it is and may be written meanwhile.",
            "The new one is created, not started. Tokens and cost of the other one are not counted again."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  holdfast fork 0196f5a2", "  id=$(holdfast fork 0196f5a2/1/120 --title \"try records\")"})
final class ForkCommand implements Command {
    @Parameters(
            paramLabel = "ID|POSITION",
            description =
                    "The last record that the new session shares, ID/SEGMENT/INDEX; an ID alone is its last record."
                            + " Ids may be shortened.")
    String from = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "Its title. Else that of the session it came from.")
    @Nullable
    String title;

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            Position at =
                    from.indexOf('/') < 0 ? store.summary(store.resolve(from)).head() : Positions.parse(from, store);
            try (Session fork = store.fork(at, title)) {
                if (invocation.json()) {
                    invocation.out().json(SessionJson.made(fork).put("from", at.toString()));
                } else {
                    invocation.out().line(fork.id().value());
                }
            }
        }
        return ExitCode.DONE;
    }
}
