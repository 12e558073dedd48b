package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionListing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code prune}: moves old sessions to the trash. */
@CommandLine.Command(
        name = "prune",
        description =
                "Moves sessions to the trash that were not updated for so long. Only shows which, unless --yes says"
                        + " so; `holdfast trash restore` undoes it. Those that somebody drives, and those that a fork needs that"
                        + " stays, are left and listed with the reason.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast prune --older-than 30d --status completed,cancelled --keep-tagged --yes")
final class PruneCommand implements Command {
    @Option(
            names = "--older-than",
            required = true,
            paramLabel = "AGE",
            description = "Those whose last update was so long ago: 2h, 30d, 8w.")
    String olderThan = "";

    @Option(names = "--keep-tagged", description = "Leave those with a tag.")
    boolean keepTagged;

    @Option(
            names = "--status",
            split = ",",
            paramLabel = "STATUS",
            description = "Only these: created, running, paused, completed, failed, cancelled.")
    List<String> statuses = new ArrayList<>();

    @Option(
            names = {"-y", "--yes"},
            description = "Do it.")
    boolean yes;

    private final Set<SessionId> leaving = new HashSet<>();
    private int staying;

    @Override
    public ExitCode run(Invocation invocation) {
        Set<SessionStatus> chosen = statuses.stream().map(SessionStatus::of).collect(Collectors.toSet());
        Instant now = Instant.now();
        Instant limit = now.minus(Times.duration(olderThan));
        SessionListing listing;
        try (SessionStore store = invocation.open()) {
            listing = store.list(SessionFilter.ALL);
            List<SessionSummary> old = listing.sessions().stream()
                    .filter(each -> each.state().updatedAt().isBefore(limit))
                    .filter(each ->
                            chosen.isEmpty() || chosen.contains(each.state().status()))
                    .filter(each -> !keepTagged || each.state().tags().isEmpty())
                    .toList();
            int idColumns = ShortIds.length(old.stream().map(SessionSummary::id).toList(), false);
            Set<SessionId> parents = listing.sessions().stream()
                    .map(PruneCommand::parent)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            for (SessionSummary each : forksFirst(old)) {
                Outcome outcome = prune(store, each, parents.contains(each.id()), limit);
                print(each, outcome, idColumns, now, invocation);
            }
        }
        if (!invocation.json()) {
            summarise(invocation);
        }
        listing.unreadable()
                .forEach((id, problem) -> invocation.warn("left alone, cannot list " + id + ": " + problem));
        return listing.unreadable().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    /**
     * What became of a session.
     *
     * @param reason why it stays, one word, or null if it goes
     * @param detail the same in words
     * @param forks those that need it
     */
    private record Outcome(
            @Nullable String reason,
            String detail,
            List<SessionId> forks,
            @Nullable Trashed trashed) {
        static Outcome stays(String reason, String detail, List<SessionId> forks) {
            return new Outcome(reason, detail, forks, null);
        }
    }

    private Outcome prune(SessionStore store, SessionSummary session, boolean hasForks, Instant limit) {
        SessionId id = session.id();
        Presence presence = store.presence(id);
        if (presence.kind() == Presence.Kind.DRIVEN) {
            return Outcome.stays("driven", "driven by " + PresenceText.of(presence), List.of());
        }
        List<SessionId> forks = hasForks ? needing(store, id) : List.of();
        if (!forks.isEmpty()) {
            return Outcome.stays("referenced", needed(forks), forks);
        }
        if (!yes) {
            leaving.add(id);
            return new Outcome(null, "", List.of(), null);
        }
        try {
            if (!store.summary(id).state().updatedAt().isBefore(limit)) {
                return Outcome.stays("changed", "written to meanwhile", List.of());
            }
            Trashed trashed = store.delete(id);
            leaving.add(id);
            return new Outcome(null, "", List.of(), trashed);
        } catch (HoldfastException e) {
            // Between the look and the removal somebody came; they are right.
            if (e.code() == ErrorCode.DRIVEN_BY_OTHER) {
                return Outcome.stays("driven", "driven by another process now", List.of());
            }
            if (e.code() == ErrorCode.CONFLICT) {
                return Outcome.stays("referenced", "a fork was made of it", needing(store, id));
            }
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Outcome.stays("gone", "removed by somebody else", List.of());
            }
            throw e;
        }
    }

    private List<SessionId> needing(SessionStore store, SessionId id) {
        return store.previewDelete(id).referringSessions().stream()
                .filter(fork -> !leaving.contains(fork))
                .toList();
    }

    private static String needed(List<SessionId> forks) {
        return "needed by " + Text.number(forks.size(), "fork")
                + (forks.isEmpty() ? "" : ", the first is " + forks.getFirst());
    }

    /** A fork goes before what it came from, so that both can go. */
    private static List<SessionSummary> forksFirst(List<SessionSummary> old) {
        Map<SessionId, SessionSummary> known = new HashMap<>();
        old.forEach(each -> known.put(each.id(), each));
        Map<SessionId, Integer> depths = new HashMap<>();
        for (SessionSummary each : old) {
            Set<SessionId> seen = new HashSet<>();
            SessionId up = parent(each);
            while (up != null && known.containsKey(up) && seen.add(up)) {
                up = parent(Objects.requireNonNull(known.get(up)));
            }
            depths.put(each.id(), seen.size());
        }
        return old.stream()
                .sorted(Comparator.comparing((SessionSummary each) -> depths.get(each.id()))
                        .reversed())
                .toList();
    }

    private static @Nullable SessionId parent(SessionSummary session) {
        return session.state().origin() instanceof Origin.Forked forked
                ? Position.parse(forked.position()).session()
                : null;
    }

    private void print(SessionSummary session, Outcome outcome, int idColumns, Instant now, Invocation invocation) {
        staying += outcome.reason() == null ? 0 : 1;
        if (invocation.json()) {
            invocation.out().json(json(session, outcome));
        } else {
            Style style = invocation.style();
            String row = session.id().value().substring(0, idColumns) + "  "
                    + Statuses.styled(session, style, 11) + "  "
                    + Text.padLeft(Times.age(session.state().updatedAt(), now), 4) + "  ";
            int room = invocation.columns() - idColumns - 21;
            String words = outcome.reason() == null
                    ? Text.cut(Titles.of(session.state()), Math.max(10, room))
                    : style.yellow("stays: " + Text.line(outcome.detail()));
            invocation.out().line((row + words).stripTrailing());
        }
        if (yes) {
            invocation.out().flush();
        }
    }

    private static ObjectNode json(SessionSummary session, Outcome outcome) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("id", session.id().value())
                .put("title", session.state().title())
                .put("status", Statuses.word(session))
                .put("updatedAt", session.state().updatedAt().toString())
                .put("records", session.state().records())
                .put("goes", outcome.reason() == null)
                .put("reason", outcome.reason());
        ArrayNode forks = out.putArray("forks");
        outcome.forks().forEach(fork -> forks.add(fork.value()));
        Trashed trashed = outcome.trashed();
        return out.put("removed", trashed != null).put("trash", trashed == null ? null : trashed.name());
    }

    private void summarise(Invocation invocation) {
        String stays =
                staying == 0 ? "" : ", " + Text.number(staying, "session") + " " + (staying == 1 ? "stays" : "stay");
        String what = Text.number(leaving.size(), "session");
        invocation
                .out()
                .line(
                        yes
                                ? what + " moved to the trash" + stays
                                        + (leaving.isEmpty() ? "" : "; undo with: holdfast trash restore ID")
                                : what + " would move to the trash" + stays
                                        + (leaving.isEmpty() ? "" : "; do it with --yes"));
    }
}
