package dev.holdfast.store;

import dev.holdfast.event.BlobSource;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Log;
import org.jspecify.annotations.Nullable;

/**
 * A session as a reader sees it: no lock, no claim, always what is there now. Thread-safe.
 */
public final class SessionView {
    private final SessionId id;
    private final Log log;

    SessionView(SessionId id, Log log) {
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
     * Reads the whole history from its first record.
     *
     * @return a reader, to be closed
     */
    public RecordReader records() {
        return new RecordReader(log, new Chain(id, log), null);
    }

    /**
     * Reads the history from a position on, that record included.
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

    private void requireOwn(@Nullable Position position) {
        if (position != null && !position.session().equals(id)) {
            throw dev.holdfast.HoldfastException.invalid(
                    "position " + position + " is not in session " + id + "; read that session instead");
        }
    }
}
