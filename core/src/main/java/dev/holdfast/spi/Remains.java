package dev.holdfast.spi;

import java.util.List;

/**
 * What of a damaged segment is no record of the history.
 *
 * @param segment the segment's number; where it has no file any more, an empty one takes its place, so that the number is
 *     not used again
 * @param pieces its bytes that do not count, in order; everything between them is records
 */
public record Remains(int segment, List<Piece> pieces) {
    /** Copies the pieces. */
    public Remains {
        pieces = List.copyOf(pieces);
    }

    /**
     * Bytes that stand together.
     *
     * @param offset the byte where they begin in the segment's file
     * @param end just past the last of them; beyond the file's end for all that follow
     * @param kind what they are, as {@link dev.holdfast.log.Fault.Kind#word} says it
     */
    public record Piece(long offset, long end, String kind) {}
}
