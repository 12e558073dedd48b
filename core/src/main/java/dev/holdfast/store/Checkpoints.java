package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints along a lineage, found by going from each to the one before: the cost follows their number, not the
 * history's length. Where a link is lost, the history is read instead.
 */
final class Checkpoints {
    private final Lineage lineage;
    private final List<Piece> history;
    private final List<Piece> path;
    private final List<Checkpoint> found = new ArrayList<>();
    private final Set<String> pruned = new HashSet<>();

    private Checkpoints(Lineage lineage) {
        this.lineage = lineage;
        this.history = lineage.history();
        this.path = lineage.path();
    }

    /** Returns all of them, pruned ones too, by number. */
    static List<Checkpoint> of(Lineage lineage, SessionState state) {
        if (state.lastCheckpoint() == null) {
            return List.of();
        }
        return new Checkpoints(lineage).find(state.lastCheckpoint());
    }

    private List<Checkpoint> find(String last) {
        String next = last;
        Set<String> seen = new HashSet<>();
        while (next != null && seen.add(next)) {
            Position at = Position.parse(next);
            LogRecord record = read(at);
            Event event = record == null ? null : record.event(BlobSource.EMPTY);
            next = switch (event) {
                case CheckpointTaken taken -> {
                    add(record, taken);
                    yield taken.previous();
                }
                case CheckpointsPruned gone -> {
                    pruned.addAll(gone.ids());
                    yield gone.previous();
                }
                case null, default -> {
                    readAll();
                    yield null;
                }
            };
        }
        return found.stream()
                .map(each -> pruned.contains(each.id()) ? prunedOf(each) : each)
                .sorted(Comparator.comparingLong(Checkpoint::number).thenComparing(Checkpoint::position))
                .toList();
    }

    private @Nullable LogRecord read(Position at) {
        return history.stream()
                .filter(piece -> piece.holds(at))
                .findFirst()
                .map(piece -> Lineage.find(piece.log(), at))
                .orElse(null);
    }

    private void readAll() {
        found.clear();
        try (RecordReader reader = new RecordReader(history, false, List.of(), BlobSource.EMPTY)) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.type().equals("checkpoint.taken") || record.type().equals("checkpoint.pruned")) {
                    switch (record.event(BlobSource.EMPTY)) {
                        case CheckpointTaken taken -> add(record, taken);
                        case CheckpointsPruned gone -> pruned.addAll(gone.ids());
                        default -> {}
                    }
                }
            }
        }
    }

    private void add(@Nullable LogRecord record, CheckpointTaken taken) {
        if (record == null) {
            return;
        }
        Position at = record.position();
        found.add(new Checkpoint(
                taken.id(),
                taken.number(),
                taken.label(),
                record.at(),
                taken.iteration(),
                taken.phase(),
                taken.resumable(),
                taken.metadata(),
                at,
                path.stream().anyMatch(piece -> piece.holds(at)),
                false));
    }

    private static Checkpoint prunedOf(Checkpoint each) {
        return new Checkpoint(
                each.id(),
                each.number(),
                each.label(),
                each.at(),
                each.iteration(),
                each.phase(),
                each.resumable(),
                each.metadata(),
                each.position(),
                each.current(),
                true);
    }

    /** Finds one by number, id or label; of several with one label the last. */
    static Checkpoint named(List<Checkpoint> all, String name) {
        return all.stream()
                .filter(each -> each.id().equals(name)
                        || Long.toString(each.number()).equals(name)
                        || each.label().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow(() -> HoldfastException.notFound("there is no checkpoint \""
                        + name.replaceAll("\\p{Cntrl}", "?") + "\"; known are "
                        + all.stream()
                                .map(each -> each.number() + (each.label().isEmpty() ? "" : " (" + each.label() + ")"))
                                .toList()));
    }

    /** Loads a checkpoint whole. */
    CheckpointTaken load(Checkpoint checkpoint) {
        LogRecord record = read(checkpoint.position());
        if (record != null && record.event(lineage.blobs()) instanceof CheckpointTaken taken) {
            return taken;
        }
        throw new HoldfastException(
                ErrorCode.DAMAGED,
                "checkpoint " + checkpoint.number() + " at " + checkpoint.position()
                        + " cannot be read; see verify, and restore an older one");
    }

    static CheckpointTaken load(Lineage lineage, Checkpoint checkpoint) {
        try {
            return new Checkpoints(lineage).load(checkpoint);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.DAMAGED) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED,
                        "the state of checkpoint " + checkpoint.number() + " at " + checkpoint.position()
                                + " is lost or damaged (" + e.getMessage() + "); restore an older one",
                        e);
            }
            throw e;
        }
    }

    static @Nullable Json state(Lineage lineage, Checkpoint checkpoint) {
        return load(lineage, checkpoint).state();
    }
}
