package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import java.util.Set;

/**
 * Makes the backends that the suites look at, and declares what is different about them. The suites ask for a new fixture
 * for each test and close what they opened, then the fixture.
 */
public interface BackendFixture extends AutoCloseable {
    /**
     * Tells what the backend has.
     *
     * @return its traits; for any other the suites expect the other answer
     */
    Set<Trait> traits();

    /**
     * Makes an empty store and opens it. Called first, and once.
     *
     * @return the backend
     */
    Backend create();

    /**
     * Opens the same store as another process would, beside those that have it open.
     *
     * @return a backend that shares nothing on the heap with those before
     */
    Backend open();

    /**
     * Opens the same store after all processes have ended. Where the fixture can, as after a power cut: only what was
     * acknowledged as durable need be there.
     *
     * @return a backend that shares nothing on the heap with those before
     */
    Backend reopen();

    /**
     * Lets another process drive a log and die without giving it back. Does nothing where processes share no store.
     *
     * @param id a log that nobody drives
     */
    void driveAndDie(LogId id);

    /**
     * Changes a byte of a record in the store, behind all backends' backs. Does nothing where that is not possible.
     *
     * @param id the log
     * @param segment the record's segment
     * @param index the record's index, at least 1
     */
    void damage(LogId id, int segment, long index);

    /** Takes the store away. */
    @Override
    void close();
}
