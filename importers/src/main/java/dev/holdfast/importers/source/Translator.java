package dev.holdfast.importers.source;

import org.jspecify.annotations.Nullable;

/** Translates the records of one file, in order. Deterministic: the same records make the same events. Not thread-safe. */
public interface Translator {
    /**
     * Returns the session the file is about.
     *
     * @return the session, or null if nothing says
     */
    @Nullable
    SourceSession primary();

    /**
     * Translates a record: settles it, skips it, or holds it for later.
     *
     * @param record the record
     * @param target where to put its events
     */
    void translate(SourceRecord record, Target target);

    /**
     * Returns the session a damaged piece stands in.
     *
     * @return the session of the records round it, or null if nothing says
     */
    @Nullable
    SourceSession current();

    /**
     * Ends the file: settles what is held.
     *
     * @param target where to put the last events
     */
    void end(Target target);
}
