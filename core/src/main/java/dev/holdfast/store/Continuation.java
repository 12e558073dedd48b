package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends records of the same session, written elsewhere, to what of it is here: each where it stood there. Used once, by
 * whoever drives the session.
 */
final class Continuation {
    private static final int MAX_WRITE_BYTES = 1024 * 1024;

    private final SessionId id;
    private final Log log;
    private final List<Draft> waiting = new ArrayList<>();
    private Tail tail;
    private int bytes;
    private long durable;
    private long appended;
    private boolean overtaken;

    Continuation(SessionId id, Log log, Tail tail) {
        this.id = id;
        this.log = log;
        this.tail = tail;
    }

    /** Appends until the end, or until somebody else appended; returns how many records. */
    long append(RecordReader rest) {
        for (LogRecord record = rest.next(); record != null && !overtaken; record = rest.next()) {
            if (record.index() == 0) {
                flush();
                open(record, rest);
            } else {
                // As they were written together, so that they say the same of what had been forced before.
                boolean together = record.durable() == durable && bytes < MAX_WRITE_BYTES;
                if (record.batchOrdinal() == 0 && !together) {
                    flush();
                }
                durable = waiting.isEmpty() ? record.durable() : durable;
                add(record, rest);
            }
        }
        flush();
        saveState();
        return appended;
    }

    /** Keeps the state for whoever opens the session next; all of it was forced. */
    private void saveState() {
        Loaded end = Loaded.loadFromHead(id, log);
        Loaded.Place place = end.end();
        if (place != null && place.segment() == tail.segment() && place.index() == tail.index() - 1) {
            Position last = end.last();
            log.saveDerived(new SavedState(
                            id,
                            place.segment(),
                            place.index(),
                            place.offset(),
                            place.crc(),
                            last.segment(),
                            last.index(),
                            end.stamp(),
                            end.fold().toState())
                    .toBytes());
        }
    }

    private void add(LogRecord record, RecordReader rest) {
        // A payload is durable before the record that refers to it.
        log.putBlobs(Transfer.payloads(record, rest.blobs()));
        Draft draft = record.toDraft();
        waiting.add(draft);
        bytes += draft.data().length;
    }

    private void flush() {
        if (waiting.isEmpty() || overtaken) {
            return;
        }
        switch (log.append(tail, waiting, true)) {
            case AppendOutcome.Appended done -> {
                tail = done.tail();
                appended += waiting.size();
            }
            case AppendOutcome.Moved moved -> overtaken = true;
        }
        waiting.clear();
        bytes = 0;
    }

    private void open(LogRecord record, RecordReader rest) {
        if (overtaken) {
            return;
        }
        Tail opened = log.openSegment(
                tail,
                (segment, previous, unseen) -> {
                    if (segment != record.segment() || !unseen.isEmpty()) {
                        throw new HoldfastException(
                                ErrorCode.BUSY,
                                record.log() + " was appended to while it was being imported; import it again");
                    }
                    return record.toDraft();
                },
                Transfer.payloads(record, rest.blobs()));
        overtaken = opened == null;
        if (opened != null) {
            tail = opened;
            appended++;
        }
    }
}
