package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Trashed;
import java.util.List;

/** Sessions that were removed and can be taken back. Thread-safe. */
public final class Trash {
    private final Backend backend;

    Trash(Backend backend) {
        this.backend = backend;
    }

    /**
     * Lists what was removed, newest first.
     *
     * @return what can be restored
     */
    public List<Trashed> list() {
        return backend.trashed().stream()
                .filter(trashed -> trashed.id().kind() == LogId.Kind.SESSION)
                .toList();
    }

    /**
     * Takes something out of the trash. Durable when it returns.
     *
     * @param trashed what to restore
     * @throws HoldfastException NOT_FOUND, CONFLICT if the id is in use again
     */
    public void restore(Trashed trashed) {
        backend.restore(trashed);
    }

    /**
     * Destroys something in the trash for good.
     *
     * @param trashed what to destroy
     * @throws HoldfastException NOT_FOUND
     */
    public void purge(Trashed trashed) {
        backend.purge(trashed);
    }
}
