package dev.holdfast.store;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Json;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Progress;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A session as a reader sees it: no lock, no claim, always what is there now. Thread-safe.
 */
public final class SessionView {
    private final SessionId id;
    private final Log log;
    private final Backend backend;

    SessionView(SessionId id, Log log, Backend backend) {
        this.backend = backend;
        this.id = id;
        this.log = log;
    }

    /**
     * Returns which session this is.
     *
     * @return the id
     */
    public SessionId id() {
        return id;
    }

    /**
     * Folds the state as it is now. Reads at most the head segment.
     *
     * @return the state
     */
    public SessionState state() {
        return Loaded.load(id, log).fold().toState();
    }

    /**
     * Returns the last record's position as it is now.
     *
     * @return the position; of the opening record if there is no other
     */
    public Position last() {
        return Loaded.load(id, log).last();
    }

    /**
     * Everything that happened, through the sessions this one came from, the oldest record first. What was compacted away
     * or rewound from is part of it.
     *
     * @return the records, up to the end as it is now
     */
    public Records history() {
        Lineage lineage = lineage();
        List<Piece> pieces = lineage.history();
        return new Records(pieces, lineage.faults(), lineage.blobs());
    }

    /**
     * What a model would be shown: from the last compaction on (its summary first, then what it kept), past what was
     * rewound from, through the sessions this one came from. The cost follows the view, not the history.
     *
     * @return the records, up to the end as it is now
     */
    public Records view() {
        Lineage lineage = lineage();
        List<Piece> pieces = lineage.view();
        return new Records(pieces, lineage.faults(), lineage.blobs());
    }

    /**
     * Says what was begun and has not ended: tool calls along the view, work along the way that leads to the end. Reads no
     * further back than to the oldest of it, and all items if one is running.
     *
     * @return tool calls without a result since the last user message; iterations, steps, runs, questions and items
     */
    public Unfinished unfinished() {
        return Unfinished.of(view(), lineage(), state());
    }

    /**
     * Says how far the work is, as of the last record. Costs what {@link #state} costs.
     *
     * @return the progress
     */
    public Progress progress() {
        SessionState state = state();
        return Progress.of(state, state.updatedAt());
    }

    /**
     * Says how far the work is at an instant: for a session that is driven now.
     *
     * @param now the instant
     * @return the progress
     */
    public Progress progress(Instant now) {
        return Progress.of(state(), now);
    }

    /**
     * Says what resuming does and from where work goes on.
     *
     * @return the place
     */
    public ResumePoint resumePoint() {
        return ResumePoint.of(state());
    }

    /**
     * Lists items in the order they were added. Reads the records once.
     *
     * @param statuses where they stand; none for all
     * @return the items, long payloads not loaded
     */
    public List<WorkItem> items(ItemStatus... statuses) {
        return SessionItems.list(ItemLedger.read(lineage()), statuses);
    }

    /**
     * Reads what came of the items that are done, in the order of their completion. Reads the records twice.
     *
     * @param consumer gets each item and its result
     */
    public void results(BiConsumer<WorkItem, Json> consumer) {
        SessionItems.results(lineage(), consumer);
    }

    /**
     * Lists the checkpoints along the lineage, by number. Loads no state.
     *
     * @return all that are on the list
     */
    public List<Checkpoint> checkpoints() {
        return allCheckpoints().stream().filter(each -> !each.pruned()).toList();
    }

    /**
     * Lists the checkpoints along the lineage, by number, with those that were taken off the list. Loads no state.
     *
     * @return all that were ever taken
     */
    public List<Checkpoint> allCheckpoints() {
        return Checkpoints.of(lineage(), state());
    }

    /**
     * Finds a checkpoint.
     *
     * @param name its number, its id or its label; of several with one label the last
     * @return the checkpoint
     * @throws dev.holdfast.HoldfastException NOT_FOUND
     */
    public Checkpoint checkpoint(String name) {
        return Checkpoints.named(allCheckpoints(), name);
    }

    /**
     * Loads the state a checkpoint keeps.
     *
     * @param checkpoint the checkpoint
     * @return the application's state, or null if it was taken without one
     * @throws dev.holdfast.HoldfastException DAMAGED if it is lost or not what it was
     */
    public @Nullable Json checkpointState(Checkpoint checkpoint) {
        return Checkpoints.state(lineage(), checkpoint);
    }

    /**
     * Tells whether a checkpoint's state is lost or not what it was. Loads it.
     *
     * @param checkpoint the checkpoint
     * @return true if it cannot be restored
     */
    public boolean isDamaged(Checkpoint checkpoint) {
        return !Forks.isIntact(lineage(), checkpoint);
    }

    /**
     * Finds the checkpoint to go on from: the newest intact one that is resumable and lies on the way to the end.
     *
     * @return the checkpoint, or empty if there is none
     */
    public Optional<Checkpoint> latestResumable() {
        Lineage lineage = lineage();
        return checkpoints().reversed().stream()
                .filter(each -> each.resumable() && each.current())
                .filter(each -> Forks.isIntact(lineage, each))
                .findFirst();
    }

    private Lineage lineage() {
        return new Lineage(backend, id, log);
    }

    /**
     * The session's own records, opening records included: its history without that of the sessions it came from.
     *
     * @return the records, up to the end as it is now
     */
    public Records own() {
        Chain chain = new Chain(id, log);
        List<Piece> pieces = RecordReader.own(log, chain, null);
        return new Records(pieces, chain.faults(), log);
    }

    /**
     * Reads the session's own records from the first on, opening records included.
     *
     * @return a reader, to be closed
     */
    public RecordReader records() {
        return new RecordReader(log, new Chain(id, log), null);
    }

    /**
     * Reads the session's own records from a position on, that record included.
     *
     * @param from the position, of this session
     * @return a reader, to be closed
     */
    public RecordReader records(Position from) {
        requireOwn(from);
        return new RecordReader(log, new Chain(id, log), from);
    }

    /**
     * Reads from a cursor on and waits for what comes.
     *
     * @param cursor where to go on, in this session
     * @return a follower, to be closed
     */
    public Follower follow(Cursor cursor) {
        Position position = cursor.position();
        requireOwn(position);
        if (!cursor.session().equals(id)) {
            throw dev.holdfast.HoldfastException.invalid("cursor of session " + cursor.session() + " used on " + id);
        }
        return new Follower(id, log, position);
    }

    /**
     * Returns where payloads of this session's records are found.
     *
     * @return the source
     */
    public BlobSource blobs() {
        return log;
    }

    /**
     * The session's intact records and payloads as they are, with those it reads of the sessions it came from, to be taken
     * elsewhere. Written again, it is the same, whatever was appended meanwhile.
     *
     * @return the copy; what is not there, is not in it
     */
    public LogCopy copy() {
        return Copies.whole(backend, id, log);
    }

    private void requireOwn(@Nullable Position position) {
        if (position != null && !position.session().equals(id)) {
            throw dev.holdfast.HoldfastException.invalid(
                    "position " + position + " is not in session " + id + "; read that session instead");
        }
    }
}
