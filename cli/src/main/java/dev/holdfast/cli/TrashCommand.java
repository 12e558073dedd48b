package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code trash}: what was removed. */
@CommandLine.Command(
        name = "trash",
        description = "Lists what was removed, takes it back, or destroys it for good.",
        synopsisSubcommandLabel = "(ls | restore | empty)",
        subcommands = {TrashCommand.Listing.class, TrashCommand.Restore.class, TrashCommand.Empty.class},
        footerHeading = "%nExample:%n",
        footer = "  holdfast trash restore 0196f5a2")
final class TrashCommand implements Command {
    @Override
    public ExitCode run(Invocation invocation) {
        throw HoldfastException.invalid(
                "trash needs to know what to do: ls, restore or empty; see holdfast trash --help");
    }

    private static ObjectNode json(Trashed trashed) {
        return Json.mapper()
                .createObjectNode()
                .put("name", trashed.name())
                .put("id", trashed.id().name())
                .put("at", trashed.at().toString())
                .put("bytes", trashed.bytes());
    }

    /** {@code trash ls}. */
    @CommandLine.Command(
            name = "ls",
            description = "Lists what was removed, newest first.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast trash ls")
    static final class Listing implements Command {
        @Override
        public ExitCode run(Invocation invocation) {
            try (SessionStore store = invocation.open()) {
                Instant now = Instant.now();
                for (Trashed trashed : store.trash().list()) {
                    if (invocation.json()) {
                        invocation.out().json(json(trashed));
                    } else {
                        invocation
                                .out()
                                .line(trashed.name() + "  " + Text.padLeft(Times.age(trashed.at(), now), 4) + "  "
                                        + Text.padLeft(Text.bytes(trashed.bytes()), 6));
                    }
                }
            }
            return ExitCode.DONE;
        }
    }

    /** {@code trash restore}. */
    @CommandLine.Command(
            name = "restore",
            description = "Takes a session out of the trash.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast trash restore 0196f5a2")
    static final class Restore implements Command {
        /** The beginning of an id, or of a name: time, kind, id. */
        private static final Pattern NAME =
                Pattern.compile("[0-9a-f-]{1,36}|[0-9]{8}(T[0-9]{0,9}|T[0-9]{9}Z[a-z0-9-]{0,50})");

        @Parameters(
                paramLabel = "NAME-or-ID",
                description = "Its name in the trash, its id, or the beginning of either.")
        String name = "";

        @Override
        public ExitCode run(Invocation invocation) {
            if (!NAME.matcher(name).matches()) {
                throw HoldfastException.invalid(
                        "not the name of something in the trash: \"" + shown() + "\"; see holdfast trash ls");
            }
            try (SessionStore store = invocation.open()) {
                Trashed trashed = find(store.trash().list());
                store.trash().restore(trashed);
                if (invocation.json()) {
                    invocation.out().json(json(trashed).put("restored", true));
                } else {
                    invocation.out().line(trashed.id().name());
                }
            }
            return ExitCode.DONE;
        }

        private Trashed find(List<Trashed> all) {
            List<Trashed> found = all.stream()
                    .filter(each ->
                            each.name().startsWith(name) || each.id().name().startsWith(name))
                    .toList();
            if (found.isEmpty()) {
                throw HoldfastException.notFound("\"" + shown() + "\" is not in the trash; see holdfast trash ls");
            }
            if (found.size() > 1) {
                throw HoldfastException.invalid(
                        found.size() + " things in the trash begin with " + shown() + ", among them "
                                + found.get(0).name() + " and " + found.get(1).name() + "; give a whole name");
            }
            return found.getFirst();
        }

        private String shown() {
            return name.length() > 80 ? name.substring(0, 80) + "..." : name;
        }
    }

    /** {@code trash empty}. */
    @CommandLine.Command(
            name = "empty",
            description = "Destroys what is in the trash for good. This cannot be undone.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast trash empty --older-than 30d --yes")
    static final class Empty implements Command {
        @Option(
                names = "--older-than",
                paramLabel = "AGE",
                description = "Only what was removed so long ago: 2h, 30d, 8w.")
        @Nullable
        String olderThan;

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask. Needed where nobody can be asked.")
        boolean yes;

        @Override
        public ExitCode run(Invocation invocation) {
            Instant now = Instant.now();
            Instant limit = olderThan == null ? Instant.MAX : now.minus(Times.duration(olderThan));
            try (SessionStore store = invocation.open()) {
                List<Trashed> old = store.trash().list().stream()
                        .filter(trashed -> trashed.at().isBefore(limit))
                        .toList();
                if (!old.isEmpty() && !yes && !agreed(old, invocation)) {
                    invocation.note("nothing was destroyed");
                    return ExitCode.DONE;
                }
                for (Trashed trashed : old) {
                    store.trash().purge(trashed);
                    if (invocation.json()) {
                        invocation.out().json(json(trashed).put("destroyed", true));
                    } else {
                        invocation.out().line("destroyed " + trashed.name());
                    }
                    invocation.out().flush();
                }
            }
            return ExitCode.DONE;
        }

        private static boolean agreed(List<Trashed> old, Invocation invocation) {
            long bytes = old.stream().mapToLong(Trashed::bytes).sum();
            String what = Text.number(old.size(), "session") + " (" + Text.bytes(bytes) + ")";
            if (!Questions.isPersonThere(invocation)) {
                throw HoldfastException.invalid(
                        what + " would be destroyed for good; say --yes if that is meant, nothing was destroyed");
            }
            return Questions.answer("Destroy " + what + " for good?", invocation);
        }
    }
}
