package dev.holdfast.importers;

/**
 * A damaged piece of a source file. It is kept as an extension record in the session it stands in.
 *
 * @param line the line's number, from 1
 * @param offset where the piece begins in the file
 * @param kind {@code not-json}, {@code not-an-object}, {@code nul-run} or {@code too-long}
 * @param detail what is wrong with it, in words
 */
public record ImportFault(long line, long offset, String kind, String detail) {}
