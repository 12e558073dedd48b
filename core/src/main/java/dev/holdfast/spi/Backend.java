package dev.holdfast.spi;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import java.util.List;

/**
 * Keeps the logs of one store. Sessions know nothing of files or tables; whoever implements this knows nothing of
 * sessions.
 *
 * <p>Implementations are thread-safe. Every method may throw {@link HoldfastException} with STORAGE when the storage
 * fails.
 */
public interface Backend extends AutoCloseable {
    /**
     * Returns which store this is.
     *
     * @return id, format and place
     */
    StoreInfo info();

    /**
     * Tells whether a log exists.
     *
     * @param id the log
     * @return true if it can be opened
     */
    boolean exists(LogId id);

    /**
     * Creates a log with its first segment. Durable when it returns.
     *
     * @param id the log
     * @param opening makes the first segment's record 0
     * @param blobs payloads that record refers to
     * @return the log, open
     * @throws HoldfastException CONFLICT if it exists
     */
    Log create(LogId id, Opening opening, List<dev.holdfast.event.EncodedEvent.Payload> blobs);

    /**
     * Creates a log with content that was made elsewhere. Durable when it returns: all of it or nothing.
     *
     * @param id the log
     * @param content its segments and payloads
     * @throws HoldfastException CONFLICT if it exists
     */
    void adopt(LogId id, LogCopy content);

    /**
     * Keeps a log where it is: until the lease is closed nobody else can pin it, and so nobody who pins it first can move
     * it to the trash. Waits up to 5 s for others.
     *
     * @param id the log
     * @return the lease
     * @throws HoldfastException NOT_FOUND if it is not there, BUSY if somebody else pins it for 5 s
     */
    Lease pin(LogId id);

    /**
     * Opens a log for reading and appending. Takes no lock.
     *
     * @param id the log
     * @return the log, open
     * @throws HoldfastException NOT_FOUND, now or when the log is first looked at
     */
    Log open(LogId id);

    /**
     * Lists all logs of a kind, in no particular order.
     *
     * @param kind the kind
     * @return their ids
     */
    List<LogId> list(LogId.Kind kind);

    /**
     * Becomes the driver of a log until the lease is closed or the process ends, however it ends.
     *
     * @param id the log
     * @return the lease
     * @throws DrivenByOtherException if somebody else drives, this process included
     */
    Lease drive(LogId id);

    /**
     * Tells who drives a log now.
     *
     * @param id the log
     * @return free, driven or abandoned
     */
    Presence presence(LogId id);

    /**
     * Moves a log to the trash. Durable when it returns.
     *
     * @param id the log
     * @return what can be restored
     * @throws HoldfastException NOT_FOUND
     */
    Trashed trash(LogId id);

    /**
     * Lists the trash, newest first.
     *
     * @return what can be restored
     */
    List<Trashed> trashed();

    /**
     * Takes a log out of the trash. Durable when it returns.
     *
     * @param trashed what to restore
     * @throws HoldfastException NOT_FOUND if it is no longer there, CONFLICT if the id is in use again
     */
    void restore(Trashed trashed);

    /**
     * Destroys something in the trash. The only thing that destroys.
     *
     * @param trashed what to destroy
     */
    void purge(Trashed trashed);

    /**
     * Looks at what lies between the logs of sessions.
     *
     * @return what belongs to no session; files are named relative to the store
     */
    List<Fault> strays();

    /** Releases what this process holds. Logs that are still open become unusable. Durable data stays as it is. */
    @Override
    void close();
}
