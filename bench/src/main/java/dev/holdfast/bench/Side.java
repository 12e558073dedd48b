package dev.holdfast.bench;

/** One of those that are compared: records the same events as durably as the others. */
interface Side extends AutoCloseable {
    /** Returns what it is called in the report. */
    String name();

    /**
     * Appends for a while.
     *
     * @param nanos how long
     * @return what was done
     * @throws Exception if an append fails
     */
    Turn run(long nanos) throws Exception;

    /**
     * Lets go of everything, then opens it anew and counts what is there.
     *
     * @return how many records were read
     * @throws Exception if that fails
     */
    long recount() throws Exception;

    @Override
    void close();

    /**
     * One turn.
     *
     * @param appends how many appends were acknowledged
     * @param nanos how long it took until the last one was
     */
    record Turn(long appends, long nanos) {
        double perSecond() {
            return appends * 1e9 / nanos;
        }
    }
}
