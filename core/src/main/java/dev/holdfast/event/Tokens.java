package dev.holdfast.event;

/**
 * Token counts of one response or a sum of them. The five counts do not overlap, except that {@code reasoning} is part
 * of {@code output}, as providers report it.
 *
 * @param input tokens read that came from no cache
 * @param output tokens written, reasoning included
 * @param cacheRead tokens read from a cache
 * @param cacheWrite tokens written to a cache
 * @param reasoning the part of {@code output} that was reasoning, 0 if the provider does not say
 */
public record Tokens(long input, long output, long cacheRead, long cacheWrite, long reasoning) {
    /** No tokens. */
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

    /**
     * Adds two counts.
     *
     * @param other what to add
     * @return the sum
     */
    public Tokens plus(Tokens other) {
        return new Tokens(
                input + other.input,
                output + other.output,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                reasoning + other.reasoning);
    }

    /**
     * Takes the larger of each count: what repeated reports of one response amount to.
     *
     * @param other another report of the same response
     * @return the larger counts
     */
    public Tokens max(Tokens other) {
        return new Tokens(
                Math.max(input, other.input),
                Math.max(output, other.output),
                Math.max(cacheRead, other.cacheRead),
                Math.max(cacheWrite, other.cacheWrite),
                Math.max(reasoning, other.reasoning));
    }

    /**
     * Subtracts a count.
     *
     * @param other what to subtract
     * @return the difference, which may be negative
     */
    public Tokens minus(Tokens other) {
        return new Tokens(
                input - other.input,
                output - other.output,
                cacheRead - other.cacheRead,
                cacheWrite - other.cacheWrite,
                reasoning - other.reasoning);
    }
}
