package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.Event;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What turns a session's view: compaction, rewinding, checkpoints. Each is one record, so all or nothing. */
final class Turns {
    private static final int MAX_KEPT = 1_000;

    private final SessionStore store;
    private final SessionLog log;

    Turns(SessionStore store, SessionLog log) {
        this.store = store;
        this.log = log;
    }

    Position compact(String summary, List<Position> kept) {
        if (kept.size() > MAX_KEPT) {
            throw HoldfastException.invalid(
                    kept.size() + " records to keep in view; at most " + MAX_KEPT + ", put the rest in the summary");
        }
        requireActive("compact");
        Lineage lineage = store.lineageOf(log.id());
        kept.forEach(position -> require(lineage, position));
        return log.openSegment(
                new Origin.Compacted(
                        summary, kept.stream().map(Position::toString).toList()),
                fold -> {});
    }

    Position rewind(Position last) {
        requireActive("rewind");
        Lineage lineage = store.lineageOf(log.id());
        require(lineage, last);
        SessionState then = lineage.stateAt(last);
        return log.openSegment(new Origin.Rewound(last.toString()), fold -> fold.placeAt(then));
    }

    /** Takes a checkpoint, in one append with what it is taken for. */
    Checkpoint checkpoint(NewCheckpoint wanted, Event... before) {
        String id = store.newId().value();
        Instant now = store.now();
        CheckpointTaken[] taken = new CheckpointTaken[1];
        AppendResult result = log.append(state -> {
            taken[0] = new CheckpointTaken(
                    id,
                    state.checkpoints() + 1,
                    wanted.label(),
                    wanted.state(),
                    wanted.metadata(),
                    state.iteration(),
                    state.phase(),
                    wanted.resumable(),
                    state.lastCheckpoint());
            List<Entry> entries = new ArrayList<>();
            for (Event event : before) {
                entries.add(new Entry(event, now, null));
            }
            entries.add(new Entry(taken[0], now, null));
            return Append.entries(entries);
        });
        Position at = ((AppendResult.Appended) result).last();
        CheckpointTaken event = taken[0];
        return new Checkpoint(
                id,
                event.number(),
                event.label(),
                now,
                event.iteration(),
                event.phase(),
                event.resumable(),
                event.metadata(),
                at,
                true,
                false);
    }

    Position restore(Checkpoint checkpoint) {
        requireActive("restore");
        Lineage lineage = store.lineageOf(log.id());
        CheckpointTaken taken = Checkpoints.load(lineage, checkpoint);
        SessionState then = lineage.stateAt(checkpoint.position());
        return log.openSegment(
                new Origin.Restored(checkpoint.id(), checkpoint.position().toString(), taken.state()),
                fold -> fold.placeAt(then));
    }

    Position prune(List<Checkpoint> checkpoints) {
        List<String> ids = checkpoints.stream().map(Checkpoint::id).toList();
        AppendResult result = log.append(state -> Append.of(new CheckpointsPruned(ids, state.lastCheckpoint())));
        return ((AppendResult.Appended) result).last();
    }

    private void requireActive(String what) {
        SessionState state = log.state();
        if (state.status().isFinal()) {
            throw new IllegalTransitionException(what, state.status(), null);
        }
    }

    private static void require(Lineage lineage, Position position) {
        if (lineage.find(position) == null) {
            throw HoldfastException.notFound(
                    "there is no record " + position + " in the history; name one that its log shows");
        }
    }
}
