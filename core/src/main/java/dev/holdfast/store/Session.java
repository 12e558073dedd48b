package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Lease;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session that this process drives: the handle that appends. One per session in the world, until it is closed or the
 * process ends.
 *
 * <p>Thread-safe: threads that append at the same time share a force. What a method appended is durable when the method
 * returns, unless it says otherwise. After an {@link dev.holdfast.spi.OutcomeUnknownException} the handle accepts nothing
 * more: close it and drive the session again.
 */
public final class Session implements AutoCloseable {
    private final SessionStore store;
    private final Drivers drivers;
    private final SessionLog log;
    private final Lease lease;
    private final Turns turns;
    private final SessionItems items;
    private final SessionWork work;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Session(SessionStore store, Drivers drivers, SessionLog log, Lease lease) {
        this.store = store;
        this.drivers = drivers;
        this.log = log;
        this.lease = lease;
        this.turns = new Turns(store, log);
        this.items = new SessionItems(store, log);
        this.work = new SessionWork(this, log, turns);
    }

    /**
     * Returns which session this is.
     *
     * @return the id
     */
    public SessionId id() {
        return log.id();
    }

    /**
     * Returns the state as it is now, with what others annotated.
     *
     * @return the state
     */
    public SessionState state() {
        requireOpen();
        return log.state();
    }

    /**
     * Returns the last record's position as it is now.
     *
     * @return the position; of the opening record if there is no other
     */
    public Position last() {
        requireOpen();
        return log.last();
    }

    /**
     * Reads the session.
     *
     * @return what a reader sees, usable after this handle is closed
     */
    public SessionView read() {
        return store.read(id());
    }

    /**
     * Appends events, all or none.
     *
     * @param events 1 to 1,024 events
     * @return the last event's position
     * @throws dev.holdfast.session.IllegalTransitionException if the status does not admit one; nothing was written
     * @throws HoldfastException TOO_LARGE, BUSY, DAMAGED, STORAGE: nothing was written. OUTCOME_UNKNOWN: see there
     */
    public Position append(Event... events) {
        return switch (append(Append.of(events))) {
            case AppendResult.Appended appended -> appended.last();
            case AppendResult.Duplicate duplicate -> duplicate.first();
            case AppendResult.Conflict conflict ->
                throw new IllegalStateException("an append without a condition cannot conflict: " + conflict);
        };
    }

    /**
     * Appends under conditions.
     *
     * @param append what and how
     * @return what became of it
     * @throws HoldfastException as for {@link #append(Event...)}
     */
    public AppendResult append(Append append) {
        requireOpen();
        return SessionItems.concerns(append) ? items.append(append) : log.append(append);
    }

    /**
     * Appends without waiting. The future completes when the append is durable (or, if relaxed, written), or
     * exceptionally with what {@link #append(Append)} would throw.
     *
     * @param append what and how
     * @return the outcome to come
     */
    public CompletableFuture<AppendResult> appendAsync(Append append) {
        requireOpen();
        if (!SessionItems.concerns(append)) {
            return log.appendAsync(append);
        }
        // Where items stand is judged before and noted behind the append, so such an append is waited for.
        try {
            return CompletableFuture.completedFuture(items.append(append));
        } catch (HoldfastException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Makes everything appended so far durable, relaxed appends included. */
    public void force() {
        requireOpen();
        log.force();
    }

    /**
     * Records the session's work: iterations, steps, runs, phases, milestones, what was noted down.
     *
     * @return the work, usable while this handle is open
     */
    public SessionWork work() {
        return work;
    }

    /**
     * Hands out the session's items and records what becomes of them.
     *
     * @return the items, usable while this handle is open
     */
    public SessionItems items() {
        requireOpen();
        return items;
    }

    /**
     * Does an iteration, see {@link SessionWork#iteration}.
     *
     * @param number its number: the one under way, or the next
     * @param doing what to do
     * @return the position of its completion
     */
    public Position iteration(long number, Consumer<IterationWork> doing) {
        return work.iteration(number, doing);
    }

    /**
     * Starts the session.
     *
     * @return the event's position
     */
    public Position start() {
        return append(new Lifecycle.Started());
    }

    /**
     * Pauses the session.
     *
     * @param reason why, may be empty
     * @return the event's position
     */
    public Position pause(String reason) {
        return append(new Lifecycle.Paused(reason));
    }

    /**
     * Resumes the session after a pause.
     *
     * @return the event's position
     */
    public Position resume() {
        return append(new Lifecycle.Resumed());
    }

    /**
     * Completes the session.
     *
     * @param summary what came of it, may be empty
     * @return the event's position
     */
    public Position complete(String summary) {
        return complete(summary, null);
    }

    /**
     * Completes the session with a result.
     *
     * @param summary what came of it, may be empty
     * @param result what came of it as data, or null
     * @return the event's position
     */
    public Position complete(String summary, @Nullable Json result) {
        return append(new Lifecycle.Completed(summary, result));
    }

    /**
     * Records that the session failed.
     *
     * @param error what went wrong
     * @return the event's position
     */
    public Position fail(String error) {
        return append(new Lifecycle.Failed(error, null));
    }

    /**
     * Calls the session off.
     *
     * @param reason why, may be empty
     * @return the event's position
     */
    public Position cancel(String reason) {
        return append(new Lifecycle.Cancelled(reason));
    }

    /**
     * Sets the title.
     *
     * @param title the title, at most 1,000 characters
     * @return the event's position
     */
    public Position title(String title) {
        return append(new Annotation.TitleSet(title));
    }

    /**
     * Adds tags.
     *
     * @param tags tags of at most 100 characters each
     * @return the event's position
     */
    public Position tag(String... tags) {
        return append(new Annotation.Tagged(List.of(tags), List.of()));
    }

    /**
     * Leaves a note.
     *
     * @param text the note
     * @return the event's position
     */
    public Position note(String text) {
        return append(new Annotation.Noted(text, null));
    }

    /**
     * Sets metadata.
     *
     * @param entries the entries to set
     * @return the event's position
     */
    public Position metadata(Map<String, Json> entries) {
        return append(new MetadataSet(entries, List.of()));
    }

    /**
     * Changes the configuration.
     *
     * @param patch a JSON merge patch (RFC 7396), an object
     * @return the event's position
     */
    public Position configure(Json patch) {
        return append(new ConfigChanged(patch));
    }

    /**
     * Begins the model's view anew behind a summary. The whole history stays readable.
     *
     * @param summary the summary
     * @param kept positions of records that stay in view behind the summary, at most 1,000
     * @return the position of the new segment's first record
     * @throws HoldfastException NOT_FOUND if a kept record is not in the history, ILLEGAL_TRANSITION if the session is
     *     final; nothing was written
     */
    public Position compact(String summary, List<Position> kept) {
        requireOpen();
        return turns.compact(summary, kept);
    }

    /**
     * Goes on from an earlier record: what came after leaves the view, stays in the history, and stays counted. Title,
     * tags, metadata and configuration stay as they are; iteration and phase are those of that record.
     *
     * @param last the last record that stays in view, of this session or of one it came from
     * @return the position of the new segment's first record
     * @throws HoldfastException NOT_FOUND if it is not in the history, ILLEGAL_TRANSITION if the session is final; nothing
     *     was written
     */
    public Position rewind(Position last) {
        requireOpen();
        try {
            return turns.rewind(last);
        } finally {
            items.forget();
        }
    }

    /**
     * Names this place in the history, with a state that can be restored.
     *
     * @param checkpoint what to keep
     * @return the checkpoint
     * @throws HoldfastException as for {@link #append(Event...)}
     */
    public Checkpoint checkpoint(NewCheckpoint checkpoint) {
        requireOpen();
        return turns.checkpoint(checkpoint);
    }

    /**
     * Goes on from a checkpoint: what came after it leaves the view and stays in the history; the checkpoint's state stands
     * in the new segment's first record.
     *
     * @param checkpoint the checkpoint
     * @return the position of the new segment's first record
     * @throws HoldfastException DAMAGED if its state is lost, ILLEGAL_TRANSITION if the session is final; nothing was
     *     written
     */
    public Position restore(Checkpoint checkpoint) {
        requireOpen();
        try {
            return turns.restore(checkpoint);
        } finally {
            items.forget();
        }
    }

    /**
     * Takes checkpoints off the list. They stay in the history and can be restored by id.
     *
     * @param checkpoints the checkpoints
     * @return the event's position
     */
    public Position prune(List<Checkpoint> checkpoints) {
        requireOpen();
        return turns.prune(checkpoints);
    }

    /** Makes everything appended durable and gives up driving. Does nothing the second time. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            try {
                drivers.release(log);
            } finally {
                lease.close();
                drivers.forget(this);
            }
        }
    }

    void requireOpen() {
        if (!open.get()) {
            throw new HoldfastException(
                    ErrorCode.CLOSED, "this handle of " + id() + " was closed; drive the session again");
        }
    }
}
