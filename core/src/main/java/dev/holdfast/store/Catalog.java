package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Tail;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds and lists the sessions of a store from their own files: no index, so none that could be wrong. */
final class Catalog {
    private final Backend backend;
    /** What each session was forked from. Its first record says so and never changes. */
    private final Map<SessionId, Optional<SessionId>> parents = new ConcurrentHashMap<>();

    Catalog(Backend backend) {
        this.backend = backend;
    }

    SessionListing list(SessionFilter filter) {
        Map<SessionId, String> unreadable = new ConcurrentHashMap<>();
        List<SessionSummary> all = backend.list(LogId.Kind.SESSION).parallelStream()
                .map(id -> summaryOrNull(id, unreadable))
                .filter(Objects::nonNull)
                .filter(filter::admits)
                .sorted(Comparator.comparing((SessionSummary s) -> s.state().updatedAt())
                        .reversed()
                        .thenComparing(SessionSummary::id))
                .limit(filter.limit())
                .toList();
        return new SessionListing(all, unreadable);
    }

    private @Nullable SessionSummary summaryOrNull(LogId id, Map<SessionId, String> unreadable) {
        try {
            return summary(id.session());
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                unreadable.put(id.session(), String.valueOf(e.getMessage()));
            }
            // Not found: removed meanwhile, or a creation that was cut short.
            return null;
        }
    }

    SessionSummary summary(SessionId id) {
        LogId logId = LogId.of(id);
        try (Log log = backend.open(logId)) {
            Loaded loaded = Loaded.load(id, log);
            SessionState state = loaded.fold().toState();
            JsonNode config = state.config().toNode();
            boolean interrupted = state.status() == SessionStatus.RUNNING
                    && backend.presence(logId).kind() == Presence.Kind.ABANDONED;
            Tail tail = loaded.tail();
            return new SessionSummary(
                    id,
                    state,
                    config.hasNonNull("project") ? config.path("project").asString() : null,
                    config.hasNonNull("agent") ? config.path("agent").asString() : null,
                    new Position(id, tail.segment(), tail.index() - 1),
                    interrupted);
        }
    }

    SessionId resolve(String text) {
        if (SessionId.isValid(text)) {
            SessionId id = new SessionId(text);
            if (!backend.exists(LogId.of(id))) {
                throw HoldfastException.notFound(
                        "session " + id + " does not exist in " + backend.info().location());
            }
            return id;
        }
        if (!text.matches("[0-9a-f-]{1,36}")) {
            throw HoldfastException.invalid("not a session id or the beginning of one: " + shown(text));
        }
        List<String> found = backend.list(LogId.Kind.SESSION).stream()
                .map(LogId::name)
                .filter(name -> name.startsWith(text))
                .sorted()
                .toList();
        if (found.isEmpty()) {
            throw HoldfastException.notFound(
                    "no session begins with " + text + " in " + backend.info().location());
        }
        if (found.size() > 1) {
            throw HoldfastException.invalid(found.size() + " sessions begin with " + text + ", among them "
                    + found.get(0) + " and " + found.get(1) + "; give more of the id");
        }
        return new SessionId(found.getFirst());
    }

    /** The forks of a session, by id. Costs a look at each session the first time, then a look at the new ones. */
    List<SessionId> forksOf(SessionId parent) {
        return backend.list(LogId.Kind.SESSION).parallelStream()
                .map(LogId::session)
                .filter(id -> parentOf(id).filter(parent::equals).isPresent())
                .sorted()
                .toList();
    }

    private Optional<SessionId> parentOf(SessionId id) {
        Optional<SessionId> known = parents.get(id);
        if (known != null) {
            return known;
        }
        SessionSummary session = summaryOrNull(LogId.of(id), new HashMap<>());
        if (session == null) {
            return Optional.empty();
        }
        Optional<SessionId> parent = session.state().origin() instanceof Origin.Forked forked
                ? Optional.of(Position.parse(forked.position()).session())
                : Optional.empty();
        parents.put(id, parent);
        return parent;
    }

    private static String shown(String text) {
        String cut = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
