package dev.holdfast.spi;

import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one segment in order. Used by one thread at a time. */
public interface RecordSource extends AutoCloseable {
    /**
     * Returns the next record.
     *
     * @return the record, or null at the end of what counts now
     */
    @Nullable
    LogRecord next();

    /**
     * Returns where the segment ends. Valid after {@link #next} returned null.
     *
     * @return the tail
     */
    Tail tail();

    /**
     * Returns what was passed over so far.
     *
     * @return the faults, in order
     */
    List<Fault> faults();

    @Override
    void close();
}
