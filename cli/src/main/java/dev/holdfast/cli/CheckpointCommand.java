package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.NewCheckpoint;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code checkpoint}: named places in a session that can be restored. */
@CommandLine.Command(
        name = "checkpoint",
        description =
                "Takes, lists, shows or prunes checkpoints: named places with a state that `holdfast restore` goes"
                        + " back to.",
        synopsisSubcommandLabel = "(create | ls | show | prune)",
        subcommands = {
            CheckpointCommand.Create.class,
            CheckpointCommand.Listing.class,
            CheckpointCommand.Show.class,
            CheckpointCommand.Prune.class
        },
        footerHeading = "%nExample:%n",
        footer = "  holdfast checkpoint ls 0196f5a2")
final class CheckpointCommand implements Command {
    @Override
    public ExitCode run(Invocation invocation) {
        throw HoldfastException.invalid(
                "checkpoint needs to know what to do: create, ls, show or prune; see holdfast checkpoint --help");
    }

    /** {@code checkpoint create}. */
    @CommandLine.Command(
            name = "create",
            description = "Takes a checkpoint behind the last record; prints its number and its position once it is"
                    + " durable.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  holdfast checkpoint create 0196f5a2 --label \"tests green\" --state '{\"next\":4}'",
                "  make-state | holdfast checkpoint create 0196f5a2 --state -"
            })
    static final class Create implements Command {
        @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Option(names = "--label", paramLabel = "TEXT", description = "What to call it.")
        String label = "";

        @Option(
                names = "--state",
                paramLabel = "JSON",
                description = "The state to restore: JSON, @FILE, or - for standard input.")
        @Nullable
        String state;

        @Option(
                names = "--meta",
                paramLabel = "KEY=VALUE",
                description = "What else to keep; JSON, or else a string. May be repeated.")
        List<String> metadata = new ArrayList<>();

        @Option(names = "--not-resumable", description = "Work must not go on from it.")
        boolean notResumable;

        @Override
        public ExitCode run(Invocation invocation) {
            Json kept = state == null ? null : parse(Given.textOrFile(state, invocation));
            NewCheckpoint wanted = new NewCheckpoint(label, kept, Assignments.values(metadata), !notResumable);
            try (SessionStore store = invocation.open();
                    Session session = store.drive(store.resolve(id))) {
                Checkpoint taken = session.checkpoint(wanted);
                if (invocation.json()) {
                    invocation.out().json(CheckpointText.json(taken));
                } else {
                    invocation.out().line(taken.number() + "  " + taken.position());
                }
            }
            return ExitCode.DONE;
        }

        private static Json parse(String text) {
            try {
                return Json.parse(text.strip());
            } catch (HoldfastException e) {
                throw new HoldfastException(e.code(), "--state: " + e.getMessage() + "; give JSON, @FILE, or -", e);
            }
        }
    }

    /** {@code checkpoint ls}. */
    @CommandLine.Command(
            name = "ls",
            description =
                    "Lists a session's checkpoints, by number, those of the sessions it came from too. Current are"
                            + " those on the way to its end; a rewind or restore leaves later ones behind. Damaged ones, whose"
                            + " state cannot be read, are exit code 5.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast checkpoint ls 0196f5a2 --all")
    static final class Listing implements Command {
        @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Option(names = "--all", description = "Also those that were taken off the list.")
        boolean all;

        @Override
        public ExitCode run(Invocation invocation) {
            Checkpoint lost = null;
            try (SessionStore store = invocation.open()) {
                SessionView view = store.read(store.resolve(id));
                List<Checkpoint> checkpoints = all ? view.allCheckpoints() : view.checkpoints();
                Map<Checkpoint, Boolean> damaged = new LinkedHashMap<>();
                checkpoints.forEach(each -> damaged.put(each, view.isDamaged(each)));
                if (invocation.json()) {
                    damaged.forEach((each, isDamaged) ->
                            invocation.out().json(CheckpointText.json(each).put("damaged", isDamaged)));
                } else if (!checkpoints.isEmpty()) {
                    new Table(view.id(), damaged, invocation).print();
                } else if (invocation.terminal().outIsTerminal()) {
                    invocation.note("no checkpoints; take one with `holdfast checkpoint create " + view.id() + "`");
                }
                for (Checkpoint each : checkpoints) {
                    lost = Boolean.TRUE.equals(damaged.get(each)) ? each : lost;
                }
                if (lost != null) {
                    invocation.warn(
                            CheckpointText.name(lost) + " cannot be restored; " + CheckpointText.older(view, lost));
                }
            }
            return lost == null ? ExitCode.DONE : ExitCode.DAMAGED;
        }
    }

    /** Rows of checkpoints. */
    private static final class Table {
        private final SessionId session;
        private final Map<Checkpoint, Boolean> damaged;
        private final Invocation invocation;
        private final Instant now = Instant.now();
        private int phaseColumns = 5;
        private int standingColumns = 8;
        private int placeColumns = 8;

        Table(SessionId session, Map<Checkpoint, Boolean> damaged, Invocation invocation) {
            this.session = session;
            this.damaged = damaged;
            this.invocation = invocation;
            damaged.forEach((each, isDamaged) -> {
                phaseColumns = Math.min(16, Math.max(phaseColumns, Text.width(phase(each))));
                standingColumns = Math.max(
                        standingColumns,
                        CheckpointText.standing(each, isDamaged).length());
                placeColumns = Math.max(
                        placeColumns, Positions.shown(each.position(), session).length());
            });
        }

        void print() {
            String head = "NUMBER   AGE  ITERATION  " + Text.padRight("PHASE", phaseColumns) + "  "
                    + Text.padRight("STANDING", standingColumns) + "  " + Text.padRight("POSITION", placeColumns)
                    + "  LABEL";
            invocation.out().line(invocation.style().bold(head));
            damaged.forEach(this::row);
        }

        private static String phase(Checkpoint checkpoint) {
            String phase = checkpoint.phase();
            return phase == null ? "-" : Text.line(phase);
        }

        private void row(Checkpoint each, boolean isDamaged) {
            Style style = invocation.style();
            String standing = Text.padRight(CheckpointText.standing(each, isDamaged), standingColumns);
            String fixed = Text.padLeft(Long.toString(each.number()), 6) + "  "
                    + Text.padLeft(Times.age(each.at(), now), 4) + "  "
                    + Text.padLeft(Long.toString(each.iteration()), 9) + "  "
                    + Text.padRight(Text.cut(phase(each), phaseColumns), phaseColumns) + "  ";
            String place = Text.padRight(Positions.shown(each.position(), session), placeColumns);
            int room = invocation.columns() - fixed.length() - standing.length() - place.length() - 4;
            String line = fixed
                    + (isDamaged ? style.red(standing) : each.current() ? standing : style.dim(standing)) + "  " + place
                    + "  " + Text.cut(Text.line(each.label()), Math.max(10, room));
            invocation.out().line(line.stripTrailing());
        }
    }

    /** {@code checkpoint show}. */
    @CommandLine.Command(
            name = "show",
            description =
                    "Shows one checkpoint with its state. On a terminal a long state is cut; --json has it whole.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast checkpoint show 0196f5a2 3 --json | jq .state")
    static final class Show implements Command {
        private static final int SHOWN_CHARACTERS = 4_000;

        @Parameters(index = "0", paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Parameters(index = "1", paramLabel = "CHECKPOINT", description = "Its number, id or label.")
        String name = "";

        @Override
        public ExitCode run(Invocation invocation) {
            try (SessionStore store = invocation.open()) {
                SessionView view = store.read(store.resolve(id));
                Checkpoint checkpoint = view.checkpoint(name);
                Json state = null;
                boolean damaged = false;
                try {
                    state = view.checkpointState(checkpoint);
                } catch (HoldfastException e) {
                    if (e.code() != ErrorCode.DAMAGED) {
                        throw e;
                    }
                    damaged = true;
                }
                if (invocation.json()) {
                    ObjectNode out = CheckpointText.json(checkpoint).put("damaged", damaged);
                    out.set("state", state == null ? out.nullNode() : state.toNode());
                    invocation.out().json(out);
                } else {
                    card(checkpoint, state, damaged, invocation);
                }
                if (damaged) {
                    invocation.warn("the state of " + CheckpointText.name(checkpoint) + " is lost or damaged; "
                            + CheckpointText.older(view, checkpoint));
                }
                return damaged ? ExitCode.DAMAGED : ExitCode.DONE;
            }
        }

        private static void card(Checkpoint checkpoint, @Nullable Json state, boolean damaged, Invocation invocation) {
            row("checkpoint", Long.toString(checkpoint.number()), invocation);
            row("label", checkpoint.label(), invocation);
            row("id", checkpoint.id(), invocation);
            row("position", checkpoint.position().toString(), invocation);
            row("taken", ShowCommand.TIME.format(checkpoint.at()), invocation);
            row("standing", CheckpointText.standing(checkpoint, damaged), invocation);
            row("iteration", checkpoint.iteration() == 0 ? "" : Long.toString(checkpoint.iteration()), invocation);
            row("phase", checkpoint.phase() == null ? "" : checkpoint.phase(), invocation);
            checkpoint.metadata().forEach((key, value) -> row("meta." + key, value.text(), invocation));
            row("state", damaged ? "lost or damaged" : state == null ? "none" : state.text(), invocation);
        }

        private static void row(String name, String value, Invocation invocation) {
            if (!value.isEmpty()) {
                boolean cut = invocation.terminal().outIsTerminal() && value.length() > SHOWN_CHARACTERS;
                invocation
                        .out()
                        .line(invocation.style().dim(Text.padRight(Text.line(name), 11)) + "  "
                                + Text.line(cut ? value.substring(0, SHOWN_CHARACTERS) : value)
                                + (cut ? "… " + Text.number(value.length(), "character") + ", see --json" : ""));
            }
        }
    }

    /** {@code checkpoint prune}. */
    @CommandLine.Command(
            name = "prune",
            description =
                    "Takes checkpoints off the list, by what is to be kept. Only shows which, unless --yes says so."
                            + " Nothing is destroyed: they stay in the history, `checkpoint ls --all` lists and `restore` takes"
                            + " them.",
            footerHeading = "%nExample:%n",
            footer = "  holdfast checkpoint prune 0196f5a2 --keep-last 5 --keep-labelled --yes")
    static final class Prune implements Command {
        @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
        String id = "";

        @Option(names = "--keep-last", paramLabel = "N", description = "Keep the last so many.")
        @Nullable
        Integer keepLast;

        @Option(names = "--keep-labelled", description = "Keep those with a label.")
        boolean keepLabelled;

        @Option(
                names = {"-y", "--yes"},
                description = "Do it.")
        boolean yes;

        @Override
        public ExitCode run(Invocation invocation) {
            if (keepLast == null && !keepLabelled) {
                throw HoldfastException.invalid(
                        "what is to be kept is not said; give --keep-last N, --keep-labelled or" + " both");
            }
            if (keepLast != null && keepLast < 0) {
                throw HoldfastException.invalid("--keep-last is " + keepLast + "; at least 0");
            }
            try (SessionStore store = invocation.open()) {
                SessionId session = store.resolve(id);
                if (!yes) {
                    print(session, chosen(store.read(session)), null, invocation);
                    return ExitCode.DONE;
                }
                try (Session driven = store.drive(session)) {
                    List<Checkpoint> chosen = chosen(driven.read());
                    print(session, chosen, chosen.isEmpty() ? null : driven.prune(chosen), invocation);
                }
            }
            return ExitCode.DONE;
        }

        private List<Checkpoint> chosen(SessionView view) {
            List<Checkpoint> listed = view.checkpoints();
            int last = keepLast == null ? 0 : Math.min(keepLast, listed.size());
            return listed.subList(0, listed.size() - last).stream()
                    .filter(each -> !keepLabelled || each.label().isEmpty())
                    .toList();
        }

        private void print(SessionId session, List<Checkpoint> chosen, @Nullable Position at, Invocation invocation) {
            if (invocation.json()) {
                ObjectNode out = Json.mapper().createObjectNode().put("id", session.value());
                ArrayNode list = out.putArray("checkpoints");
                chosen.forEach(each -> list.add(CheckpointText.json(each)));
                invocation.out().json(out.put("pruned", at != null).put("position", at == null ? null : at.toString()));
                return;
            }
            if (chosen.isEmpty()) {
                invocation.out().line("nothing to prune");
                return;
            }
            String which = chosen.stream().map(Prune::shown).collect(Collectors.joining(", "));
            String what = Text.number(chosen.size(), "checkpoint") + (at == null ? " would go" : " went")
                    + " off the list: " + which;
            invocation.out().line(what);
            invocation
                    .out()
                    .line("nothing is destroyed: `holdfast checkpoint ls " + session
                            + " --all` lists them, and they can be" + " restored"
                            + (at == null ? "; do it with --yes" : ""));
        }

        private static String shown(Checkpoint each) {
            return each.number() + (each.label().isEmpty() ? "" : " (" + Text.cut(Text.line(each.label()), 40) + ")");
        }
    }
}
