package dev.holdfast.store;

import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import org.jspecify.annotations.Nullable;

/** What became of a session that came from elsewhere. */
public sealed interface ImportResult {
    /**
     * Returns the session that holds the records now.
     *
     * @return its id
     */
    SessionId id();

    /**
     * Returns how many records came into the store, opening records included.
     *
     * @return a count
     */
    long records();

    /**
     * It was not there, and now is, under its id.
     *
     * @param id the session
     * @param records how many records it has
     * @param ancestors how many sessions it came from are kept inside it
     */
    record Adopted(SessionId id, long records, int ancestors) implements ImportResult {}

    /**
     * All of it was there already, and perhaps more.
     *
     * @param id the session
     */
    record Unchanged(SessionId id) implements ImportResult {
        @Override
        public long records() {
            return 0;
        }
    }

    /**
     * What was there is how it began; the rest was appended as it is.
     *
     * @param id the session
     * @param records how many records were appended
     */
    record Extended(SessionId id, long records) implements ImportResult {}

    /**
     * The session that is there went another way. What came became a session of its own.
     *
     * @param id the new session
     * @param of the session that went another way; it stays as it is
     * @param at the last record both have, where the new one goes on, or null if they have none in common
     * @param records how many records the new session has of its own
     */
    record Forked(SessionId id, SessionId of, @Nullable Position at, long records) implements ImportResult {}
}
