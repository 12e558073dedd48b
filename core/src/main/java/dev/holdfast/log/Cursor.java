package dev.holdfast.log;

import dev.holdfast.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * A place in a stream of records to go on from. Opaque to callers: keep the token, give it back.
 *
 * @param token the text form
 */
public record Cursor(String token) {
    /** Checks the form. */
    public Cursor {
        String place = token.startsWith("start:") ? token.substring(6) + "/1/0" : token.replaceFirst("^after:", "");
        if (!token.startsWith("start:") && !token.startsWith("after:")) {
            throw HoldfastException.invalid("not a cursor: " + SessionId.quoted(token));
        }
        Position.parse(place);
    }

    /**
     * The place before a session's first record.
     *
     * @param id the session
     * @return the cursor
     */
    public static Cursor startOf(SessionId id) {
        return new Cursor("start:" + id);
    }

    /**
     * The place behind a record.
     *
     * @param position the record
     * @return the cursor
     */
    public static Cursor after(Position position) {
        return new Cursor("after:" + position);
    }

    /**
     * Returns the session it points into.
     *
     * @return the session's id
     */
    public SessionId session() {
        return new SessionId(token.substring(6, 6 + 36));
    }

    /**
     * Returns the record it stands behind.
     *
     * @return the position, or null at the session's start
     */
    public @Nullable Position position() {
        return token.startsWith("start:") ? null : Position.parse(token.substring(6));
    }
}
