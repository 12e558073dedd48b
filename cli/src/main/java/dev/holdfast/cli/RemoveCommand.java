package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.DeletePreview;
import dev.holdfast.store.SessionStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rm}: moves sessions to the trash. */
@CommandLine.Command(
        name = "rm",
        description = "Moves sessions to the trash, after showing what they are. `holdfast trash restore` undoes it."
                + " Sessions that somebody drives are refused, and so are those that others were forked from, unless"
                + " --materialize gives the forks copies of what they read.",
        footerHeading = "%nExamples:%n",
        footer = {"  holdfast rm 0196f5a2 0196f5b7 --yes", "  holdfast rm 0196f5a2 --materialize"})
final class RemoveCommand implements Command {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Sessions, or the beginnings of their ids.")
    List<String> ids = new ArrayList<>();

    @Option(names = "--materialize", description = "Make forks whole first, so that they need these no more.")
    boolean materialize;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be done.")
    boolean dryRun;

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            Set<SessionId> chosen = new LinkedHashSet<>();
            ids.forEach(text -> chosen.add(store.resolve(text)));
            List<DeletePreview> previews =
                    chosen.stream().map(store::previewDelete).toList();
            previews.forEach(preview -> show(preview, chosen, invocation));
            previews.forEach(preview -> refuseIfInUse(preview, chosen, invocation));
            if (dryRun) {
                if (invocation.json()) {
                    previews.forEach(preview -> invocation.out().json(json(preview, null)));
                }
                return ExitCode.DONE;
            }
            if (!yes && !Questions.agreed("Move to the trash?", invocation)) {
                invocation.note("nothing was removed");
                return ExitCode.DONE;
            }
            remove(store, previews, invocation);
        }
        return ExitCode.DONE;
    }

    /** Forks go before what they came from. */
    private void remove(SessionStore store, List<DeletePreview> previews, Invocation invocation) {
        List<DeletePreview> left = new ArrayList<>(previews);
        while (!left.isEmpty()) {
            Set<SessionId> waiting =
                    left.stream().map(each -> each.session().id()).collect(Collectors.toSet());
            DeletePreview next = left.stream()
                    .filter(each -> each.referringSessions().stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            SessionId id = next.session().id();
            Trashed trashed = materialize ? store.deleteMaterializing(id) : store.delete(id);
            if (invocation.json()) {
                invocation.out().json(json(next, trashed));
            } else {
                invocation.out().line("moved to the trash; undo with: holdfast trash restore " + trashed.name());
            }
            invocation.out().flush();
        }
    }

    private void show(DeletePreview preview, Set<SessionId> chosen, Invocation invocation) {
        if (invocation.json()) {
            return;
        }
        String title = preview.session().state().title();
        invocation
                .out()
                .line(preview.session().id() + "  "
                        + (title == null ? "(no title)" : Text.cut(Text.line(title), 60)) + ", "
                        + Text.number(preview.session().state().records(), "record") + ", "
                        + Text.number(preview.referringSessions().size(), "fork") + ", "
                        + (preview.presence().kind() == Presence.Kind.DRIVEN
                                ? "driven by " + driver(preview)
                                : "driven by nobody"));
        for (SessionId fork : preview.referringSessions()) {
            invocation
                    .out()
                    .line("  fork " + fork
                            + (chosen.contains(fork)
                                    ? ", goes too"
                                    : materialize ? ", is made whole first" : ", needs it"));
        }
    }

    private void refuseIfInUse(DeletePreview preview, Set<SessionId> removed, Invocation invocation) {
        SessionId id = preview.session().id();
        if (preview.presence().kind() == Presence.Kind.DRIVEN) {
            throw new HoldfastException(
                    ErrorCode.DRIVEN_BY_OTHER,
                    id + " is driven by " + driver(preview) + "; wait for it or stop it, then try again");
        }
        List<SessionId> forks = new ArrayList<>(preview.referringSessions());
        forks.removeAll(removed);
        if (!forks.isEmpty() && !materialize) {
            if (invocation.json()) {
                invocation.out().json(json(preview, null));
            }
            throw new HoldfastException(
                    ErrorCode.CONFLICT,
                    id + " is the parent of " + Text.number(forks.size(), "fork") + ", the first is " + forks.getFirst()
                            + "; remove those first, name them too, or make them whole with --materialize");
        }
    }

    private static String driver(DeletePreview preview) {
        Holder holder = preview.presence().holder();
        return holder == null ? "another process" : "process " + holder.pid() + " on " + holder.host();
    }

    private static ObjectNode json(DeletePreview preview, @Nullable Trashed trashed) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("id", preview.session().id().value())
                .put("title", preview.session().state().title())
                .put("records", preview.session().state().records());
        ArrayNode forks = out.putArray("forks");
        preview.referringSessions().forEach(fork -> forks.add(fork.value()));
        return out.put("removed", trashed != null).put("trash", trashed == null ? null : trashed.name());
    }
}
