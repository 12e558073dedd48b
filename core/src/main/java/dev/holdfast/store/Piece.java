package dev.holdfast.store;

import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Log;

/**
 * A run of records that stand one behind the other in one segment.
 *
 * @param log the log they stand in
 * @param session the session it is the log of
 * @param segment the segment
 * @param from index of the first
 * @param to index behind the last; {@link Long#MAX_VALUE} for whatever comes
 * @param durable how many records of the segment are known to have been forced
 */
record Piece(Log log, SessionId session, int segment, long from, long to, long durable) {
    boolean holds(Position position) {
        return position.segment() == segment
                && position.index() >= from
                && position.index() < to
                && position.session().equals(session);
    }

    Piece from(long index) {
        return new Piece(log, session, segment, index, to, durable);
    }

    Piece to(long index) {
        return new Piece(log, session, segment, from, index, durable);
    }

    boolean isOpen() {
        return to == Long.MAX_VALUE;
    }
}
