package dev.holdfast.log;

import dev.holdfast.HoldfastException;

/**
 * The address of one record: session, segment and index. Written {@code <session>/<segment>/<index>}.
 *
 * <p>Positions of one session are ordered by segment, then index; times never order anything.
 *
 * @param session the session
 * @param segment the segment's number, from 1
 * @param index the record's index in the segment, from 0
 */
public record Position(SessionId session, int segment, long index) implements Comparable<Position> {
    /** Checks the ranges. */
    public Position {
        if (segment < 1 || index < 0) {
            throw HoldfastException.invalid("not a position: segment " + segment + ", index " + index
                    + "; segments count from 1 and indexes from 0");
        }
    }

    /**
     * Parses {@code <session>/<segment>/<index>}.
     *
     * @param text the text form
     * @return the position
     * @throws HoldfastException INVALID_ARGUMENT if it is malformed
     */
    public static Position parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length == 3 && parts[1].matches("[0-9]{1,9}") && parts[2].matches("[0-9]{1,18}")) {
            try {
                return new Position(new SessionId(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
            } catch (NumberFormatException e) {
                // falls through to the message that shows the whole text
            }
        }
        throw HoldfastException.invalid(
                "not a position: " + SessionId.quoted(text) + "; expected <session>/<segment>/<index>");
    }

    @Override
    public int compareTo(Position other) {
        int bySession = session.compareTo(other.session);
        if (bySession != 0) {
            return bySession;
        }
        int bySegment = Integer.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(index, other.index);
    }

    @Override
    public String toString() {
        return session + "/" + segment + "/" + index;
    }
}
