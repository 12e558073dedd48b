package dev.holdfast.store;

import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session in the tree of those that came from each other.
 *
 * @param session the session
 * @param relation how it came from its parent: {@code fork}, {@code retry}, {@code subagent} or another word of its
 *     source; empty at the root
 * @param from the record of the parent it goes on from, or null at the root and for sessions that only belong to it
 * @param turns what changed its view since: compactions, rewinds, restores and recoveries, oldest first
 * @param missingParent the id of a parent that is not in the store, or null
 * @param children sessions that came from it, oldest first
 */
public record LineageNode(
        SessionSummary session,
        String relation,
        @Nullable Position from,
        List<Turn> turns,
        @Nullable String missingParent,
        List<LineageNode> children) {
    /** Copies the lists. */
    public LineageNode {
        turns = List.copyOf(turns);
        children = List.copyOf(children);
    }

    /**
     * A segment that was opened for more than want of room.
     *
     * @param at its first record
     * @param origin why it was opened
     */
    public record Turn(Position at, Origin origin) {}
}
