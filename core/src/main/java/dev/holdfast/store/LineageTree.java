package dev.holdfast.store;

import dev.holdfast.event.Origin;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the tree of sessions around one. Reads every session's state once. */
final class LineageTree {
    private final Backend backend;
    private final Map<SessionId, SessionSummary> sessions = new HashMap<>();
    private final Map<SessionId, List<SessionSummary>> children = new HashMap<>();
    private final Set<SessionId> drawn = new HashSet<>();

    LineageTree(Backend backend, Catalog catalog) {
        this.backend = backend;
        catalog.list(SessionFilter.ALL).sessions().forEach(each -> sessions.put(each.id(), each));
        sessions.values().stream()
                .sorted(Comparator.comparing(SessionSummary::id))
                .forEach(each -> {
                    SessionId parent = parent(each);
                    if (parent != null) {
                        children.computeIfAbsent(parent, key -> new ArrayList<>())
                                .add(each);
                    }
                });
    }

    /** Returns the tree from the oldest ancestor that is there. */
    LineageNode around(SessionSummary session) {
        SessionSummary root = session;
        Set<SessionId> seen = new HashSet<>(Set.of(session.id()));
        for (SessionId up = parent(root); up != null && sessions.containsKey(up) && seen.add(up); up = parent(root)) {
            root = sessions.get(up);
        }
        return node(root, true);
    }

    private LineageNode node(SessionSummary session, boolean isRoot) {
        drawn.add(session.id());
        List<LineageNode> below = new ArrayList<>();
        for (SessionSummary child : children.getOrDefault(session.id(), List.of())) {
            if (!drawn.contains(child.id())) {
                below.add(node(child, false));
            }
        }
        SessionId parent = parent(session);
        String missing = isRoot && parent != null ? parent.value() : null;
        Position from =
                session.state().origin() instanceof Origin.Forked forked ? Position.parse(forked.position()) : null;
        return new LineageNode(
                session, parent == null ? "" : relation(session), from, turns(session.id()), missing, below);
    }

    private static @Nullable SessionId parent(SessionSummary session) {
        return switch (session.state().origin()) {
            case Origin.Forked forked -> Position.parse(forked.position()).session();
            case Origin.Imported imported -> {
                String id = imported.parent().split("/", 2)[0];
                yield SessionId.isValid(id) ? new SessionId(id) : null;
            }
            default -> null;
        };
    }

    private static String relation(SessionSummary session) {
        return switch (session.state().origin()) {
            case Origin.Forked forked -> forked.relation().isEmpty() ? "fork" : forked.relation();
            case Origin.Imported imported -> imported.relation();
            default -> "";
        };
    }

    private List<LineageNode.Turn> turns(SessionId id) {
        try (Log log = backend.open(LogId.of(id))) {
            List<LineageNode.Turn> turns = new ArrayList<>();
            for (Chain.Link link : new Chain(id, log).links()) {
                switch (link.origin()) {
                    case Origin.Compacted compacted -> turns.add(turn(id, link, compacted));
                    case Origin.Rewound rewound -> turns.add(turn(id, link, rewound));
                    case Origin.Restored restored -> turns.add(turn(id, link, restored));
                    case Origin.Recovered recovered -> turns.add(turn(id, link, recovered));
                    case null, default -> {}
                }
            }
            return turns;
        }
    }

    private static LineageNode.Turn turn(SessionId id, Chain.Link link, Origin origin) {
        return new LineageNode.Turn(new Position(id, link.segment(), 0), origin);
    }
}
