package dev.holdfast.spi;

/**
 * Where the next record of a log goes.
 *
 * @param segment the head segment
 * @param index the index the next record gets
 * @param offset the byte where its line begins, 0 where there is no file
 * @param durable how many records of the segment are known to be forced, counted from index 0
 * @param blocked whether something stands behind the last record that is no record: then only a new segment can follow
 */
public record Tail(int segment, long index, long offset, long durable, boolean blocked) {}
