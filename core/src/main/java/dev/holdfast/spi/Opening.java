package dev.holdfast.spi;

import dev.holdfast.log.Draft;
import dev.holdfast.log.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes record 0 of a new segment once it is certain what the segment before holds. */
@FunctionalInterface
public interface Opening {
    /**
     * Makes the record. Called at most once, while nobody else can append.
     *
     * @param segment the new segment's number
     * @param previous where the segment before ends, or null for a first segment
     * @param unseen its records that the caller did not know yet, in order
     * @return record 0
     */
    Draft recordZero(int segment, @Nullable Tail previous, List<LogRecord> unseen);
}
