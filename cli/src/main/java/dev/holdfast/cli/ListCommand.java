package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionListing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code ls}: lists sessions. */
@CommandLine.Command(
        name = "ls",
        description = "Lists sessions, newest update first. --json prints one object a line.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast ls --active --since 3d")
final class ListCommand implements Command {
    @Option(
            names = "--status",
            split = ",",
            paramLabel = "STATUS",
            description = "Only these: created, running, paused, completed, failed, cancelled.")
    List<String> statuses = new ArrayList<>();

    @Option(names = "--active", description = "Only those that are not final.")
    boolean active;

    @Option(names = "--interrupted", description = "Only those that are running but whose driver died.")
    boolean interrupted;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only conversation, workflow or mapreduce.")
    @Nullable
    String kind;

    @Option(names = "--project", paramLabel = "NAME", description = "Only those of a project.")
    @Nullable
    String project;

    @Option(names = "--agent", paramLabel = "ID", description = "Only those of an agent.")
    @Nullable
    String agent;

    @Option(names = "--tag", paramLabel = "TAG", description = "Only those with a tag.")
    @Nullable
    String tag;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "Only those updated since: 30m, 2h, 3d, 1w, or an ISO date or time.")
    @Nullable
    String since;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    int limit = Integer.MAX_VALUE;

    @Override
    public ExitCode run(Invocation invocation) {
        Instant now = Instant.now();
        SessionFilter filter = filter(now);
        SessionListing listing;
        try (SessionStore store = invocation.open()) {
            listing = interrupted ? interrupted(store, filter) : store.list(filter);
        }
        if (invocation.json()) {
            listing.sessions().forEach(session -> invocation.out().json(SessionJson.summary(session)));
        } else {
            table(invocation, listing, now, interrupted || !filter.equals(SessionFilter.ALL));
        }
        listing.unreadable().forEach((id, problem) -> invocation.warn("cannot list " + id + ": " + problem));
        return listing.unreadable().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private SessionFilter filter(Instant now) {
        if (limit < 1) {
            throw HoldfastException.invalid("--limit is " + limit + "; at least 1, or leave it out");
        }
        Set<SessionStatus> shown = statuses.isEmpty()
                ? EnumSet.allOf(SessionStatus.class)
                : statuses.stream()
                        .map(SessionStatus::of)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(SessionStatus.class)));
        if (active) {
            shown.removeIf(SessionStatus::isFinal);
        }
        return SessionFilter.ALL
                .statuses(shown)
                .kind(kind == null ? null : SessionKind.of(kind))
                .project(project)
                .agent(agent)
                .tag(tag)
                .since(since == null ? null : Times.past(since, now))
                .limit(limit);
    }

    private static SessionListing interrupted(SessionStore store, SessionFilter filter) {
        SessionListing running = store.list(filter.limit(Integer.MAX_VALUE));
        List<SessionSummary> found = running.sessions().stream()
                .filter(SessionSummary::interrupted)
                .limit(filter.limit())
                .toList();
        return new SessionListing(found, running.unreadable());
    }

    private static void table(Invocation invocation, SessionListing listing, Instant now, boolean filtered) {
        if (listing.sessions().isEmpty()) {
            if (invocation.terminal().outIsTerminal()) {
                invocation.note(filtered ? "no session matches" : "no sessions yet; make one with `holdfast new`");
            }
            return;
        }
        Stream<SessionId> ids = Stream.concat(
                listing.sessions().stream().map(SessionSummary::id), listing.unreadable().keySet().stream());
        int idColumns = ShortIds.length(ids.toList(), !filtered);
        Style style = invocation.style();
        String head = Text.padRight("ID", idColumns) + "  STATUS       KIND          AGE  RECORDS  TOKENS  TITLE";
        invocation.out().line(style.bold(head));
        for (SessionSummary session : listing.sessions()) {
            invocation.out().line(row(session, idColumns, now, style, invocation.columns()));
        }
        tellOfInterrupted(invocation, listing);
    }

    private static void tellOfInterrupted(Invocation invocation, SessionListing listing) {
        long count =
                listing.sessions().stream().filter(SessionSummary::interrupted).count();
        if (count > 0 && invocation.terminal().outIsTerminal()) {
            invocation.note(Text.number(count, "session") + (count == 1 ? " was" : " were")
                    + " interrupted; go on with `holdfast resume ID`, or give up with `holdfast fail ID --error TEXT`");
        }
    }

    private static String row(SessionSummary session, int idColumns, Instant now, Style style, int columns) {
        SessionState state = session.state();
        String fixed = "  "
                + Text.padRight(state.kind().wireName(), 12)
                + "  " + Text.padLeft(Times.age(state.updatedAt(), now), 3)
                + "  " + Text.padLeft(Text.count(state.records()), 7)
                + "  " + Text.padLeft(Text.count(total(state.tokens())), 6) + "  ";
        String id = session.id().value().substring(0, idColumns) + "  ";
        String title = Titles.of(state);
        int room = columns - idColumns - 2 - 11 - fixed.length();
        return id + Statuses.styled(session, style, 11) + fixed + Text.cut(title, Math.max(10, room));
    }

    private static long total(Tokens tokens) {
        return tokens.input() + tokens.output() + tokens.cacheRead() + tokens.cacheWrite();
    }
}
