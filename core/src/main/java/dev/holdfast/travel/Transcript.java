package dev.holdfast.travel;

import dev.holdfast.event.BlobSource;
import dev.holdfast.log.LogRecord;
import dev.holdfast.store.SessionSummary;
import java.io.IOException;
import java.util.List;

/** One session as text, record by record. */
sealed interface Transcript permits JsonLines, Story {
    void begin(SessionSummary session, boolean view) throws IOException;

    void add(LogRecord record, BlobSource blobs) throws IOException;

    void end(SessionSummary session) throws IOException;

    /** What could not be written because its payload is lost. */
    List<String> lost();
}
