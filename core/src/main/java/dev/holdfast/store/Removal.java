package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Trashed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Removes sessions, once nothing needs them. */
final class Removal {
    private final Backend backend;
    private final Catalog catalog;

    Removal(Backend backend, Catalog catalog) {
        this.backend = backend;
        this.catalog = catalog;
    }

    /** Moves a session to the trash; if told so, after its forks were made whole. */
    Trashed remove(SessionId id, boolean materialize) {
        LogId logId = LogId.of(id);
        if (materialize) {
            catalog.forksOf(id).forEach(this::materialize);
        }
        // A fork that is being made holds the pin until it is there to be found.
        try (Lease pin = backend.pin(logId);
                Lease lease = backend.drive(logId)) {
            Objects.requireNonNull(pin);
            Objects.requireNonNull(lease);
            List<SessionId> forks = catalog.forksOf(id).stream()
                    .filter(fork -> !isWhole(fork, logId))
                    .toList();
            if (!forks.isEmpty()) {
                throw new HoldfastException(
                        ErrorCode.CONFLICT,
                        "session " + id + " is the parent of " + forks.size() + " fork(s), the first is "
                                + forks.getFirst() + "; remove those first, or make them whole (materialize)");
            }
            return backend.trash(logId);
        }
    }

    private boolean isWhole(SessionId fork, LogId parent) {
        try (Log log = backend.open(LogId.of(fork))) {
            return log.ancestor(parent) != null;
        }
    }

    /** Forks that still read this session's records. */
    List<SessionId> dependents(SessionId id) {
        LogId logId = LogId.of(id);
        return catalog.forksOf(id).stream()
                .filter(fork -> !isWhole(fork, logId))
                .toList();
    }

    /** Gives a fork copies of all that it reads of its ancestors. Durable when it returns. */
    void materialize(SessionId id) {
        try (Log log = backend.open(LogId.of(id))) {
            ancestors(backend, id, log).forEach((ancestor, copy) -> log.keepAncestor(LogId.of(ancestor), copy));
        }
    }

    /** What a session reads of its ancestors, the nearest last. */
    static Map<SessionId, Copies> ancestors(Backend backend, SessionId id, Log log) {
        Lineage lineage = new Lineage(backend, id, log);
        Map<SessionId, List<Piece>> pieces = new LinkedHashMap<>();
        for (Piece piece : lineage.history()) {
            if (!piece.session().equals(id)) {
                pieces.computeIfAbsent(piece.session(), key -> new java.util.ArrayList<>())
                        .add(piece);
            }
        }
        lineage.faults().stream().filter(fault -> fault.damage()).findFirst().ifPresent(fault -> {
            throw new HoldfastException(
                    ErrorCode.DAMAGED,
                    id + " cannot be made whole: " + fault.file() + ": " + fault.detail() + "; see verify");
        });
        Map<SessionId, Copies> copies = new LinkedHashMap<>();
        pieces.forEach(
                (session, own) -> copies.put(session, new Copies(own.getFirst().log(), own)));
        return copies;
    }
}
