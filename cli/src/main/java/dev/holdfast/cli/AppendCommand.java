package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code append}: records events. */
@CommandLine.Command(
        name = "append",
        description = {
            "Records events and prints the position of each, <session>/<segment>/<index>, once it is durable.",
            "Events come from standard input, one JSON object a line: {\"type\":...,\"data\":{...}}; \"id\" makes one"
                    + " idempotent, \"at\" says when it happened. A line that is refused ends it; those before stay."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holdfast append 0196f5a2 --role user --text \"Split the parser\"",
            "  echo '{\"type\":\"noted\",\"data\":{\"text\":\"looks good\"}}' | holdfast append 0196f5a2"
        })
final class AppendCommand implements Command {
    private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Option(names = "--text", paramLabel = "TEXT", description = "Record one message of this text; reads no input.")
    @Nullable
    String text;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Who says it: user (the default), assistant, system, tool.")
    @Nullable
    String role;

    @Option(names = "--id", paramLabel = "ID", description = "Make the message idempotent: again is the same position.")
    @Nullable
    String appendId;

    @Option(
            names = "--expect",
            paramLabel = "POS",
            description = "Only if this is the last record now: a position, or SEGMENT/INDEX.")
    @Nullable
    String expect;

    @Option(names = "--relaxed", description = "Print before the force, which follows within 200 ms.")
    boolean relaxed;

    @Override
    public ExitCode run(Invocation invocation) {
        if (text == null && (role != null || appendId != null)) {
            throw HoldfastException.invalid("--role and --id go with --text; events on standard input carry their own");
        }
        Role speaker = role(role == null ? "user" : role);
        try (SessionStore store = invocation.open()) {
            SessionId sessionId = store.resolve(id);
            Position expected = expect == null ? null : Positions.own(expect, sessionId, store);
            try (Session session = store.drive(sessionId)) {
                EventStream stream = new EventStream(session, invocation, relaxed, expected);
                if (text == null) {
                    stream.appendAll(new LineInput(invocation.in(), MAX_LINE_BYTES));
                } else {
                    stream.append(Message.of(speaker, new Part.Text(text)), appendId);
                }
            } catch (Output.Closed e) {
                throw new HoldfastException(
                        ErrorCode.STORAGE,
                        "nobody reads the positions any more, so no more events were read; what was read is recorded",
                        e);
            }
        }
        return ExitCode.DONE;
    }

    private static Role role(String name) {
        for (Role role : Role.values()) {
            if (role.wireName().equals(name.toLowerCase(Locale.ROOT))) {
                return role;
            }
        }
        throw HoldfastException.invalid("unknown role \"" + name + "\"; one of system, user, assistant, tool");
    }
}
