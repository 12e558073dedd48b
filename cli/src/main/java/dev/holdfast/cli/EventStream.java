package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.log.Position;
import dev.holdfast.session.Admission;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends event after event and prints each position once the event is durable. Lines that are at hand share a force;
 * nothing behind a line that is refused is ever appended. Used by one thread.
 */
final class EventStream {
    private static final int MAX_BATCH_EVENTS = Append.MAX_EVENTS;
    private static final int MAX_BATCH_BYTES = 512 * 1024;

    private final Session session;
    private final Invocation invocation;
    private final boolean relaxed;
    private final SessionKind kind;
    private SessionStatus status;
    private @Nullable Position expected;

    private final List<Entry> batch = new ArrayList<>();
    private long batchBytes;
    private long batchFrom;
    private long batchTo;

    EventStream(Session session, Invocation invocation, boolean relaxed, @Nullable Position expected) {
        this.session = session;
        this.invocation = invocation;
        this.relaxed = relaxed;
        this.expected = expected;
        SessionState state = session.state();
        this.kind = state.kind();
        this.status = state.status();
    }

    /** Appends until the input ends. A line that is refused ends it; what came before stays and is printed. */
    void appendAll(LineInput lines) {
        while (true) {
            if (!batch.isEmpty() && !lines.isReady()) {
                appendBatch();
            }
            String line;
            try {
                line = lines.next();
            } catch (RuntimeException e) {
                appendBatch();
                throw e;
            }
            if (line == null) {
                return;
            }
            if (!line.isBlank()) {
                accept(line, lines.number());
            }
        }
    }

    private void accept(String line, long number) {
        EventLine parsed;
        try {
            parsed = EventLine.parse(line);
            status = Admission.admit(kind, status, parsed.event());
        } catch (HoldfastException e) {
            appendBatch();
            throw refused("line " + number, e);
        }
        Entry entry = new Entry(parsed.event(), parsed.at(), null);
        boolean alone = parsed.id() != null || expected != null || line.length() > MAX_BATCH_BYTES / 2;
        if (alone || batchBytes + line.length() > MAX_BATCH_BYTES || batch.size() == MAX_BATCH_EVENTS) {
            appendBatch();
        }
        if (alone) {
            try {
                append(entry, parsed.id());
            } catch (HoldfastException e) {
                throw refused("line " + number, e);
            }
        } else {
            batchFrom = batch.isEmpty() ? number : batchFrom;
            batchTo = number;
            batch.add(entry);
            batchBytes += line.length();
        }
    }

    private static HoldfastException refused(String where, HoldfastException e) {
        return new HoldfastException(e.code(), where + ", " + e.getMessage() + "; what came before it is recorded", e);
    }

    /** Appends one event on its own. */
    void append(Event event, @Nullable String id) {
        append(new Entry(event, null, null), id);
    }

    private void append(Entry entry, @Nullable String id) {
        Append append = Append.entries(List.of(entry));
        if (id != null) {
            append = append.id(id);
        }
        if (expected != null) {
            append = append.expecting(expected);
            expected = null;
        }
        print(session.append(relaxed ? append.relaxed() : append), 1);
    }

    private void appendBatch() {
        if (batch.isEmpty()) {
            return;
        }
        Append append = Append.entries(batch).separate();
        int events = batch.size();
        batch.clear();
        batchBytes = 0;
        AppendResult result;
        try {
            result = session.append(relaxed ? append.relaxed() : append);
        } catch (HoldfastException e) {
            throw refused(batchFrom == batchTo ? "line " + batchTo : "lines " + batchFrom + " to " + batchTo, e);
        }
        print(result, events);
    }

    private void print(AppendResult result, int events) {
        switch (result) {
            case AppendResult.Appended appended -> {
                Position first = appended.first();
                for (int k = 0; k < events; k++) {
                    print(new Position(first.session(), first.segment(), first.index() + k), false);
                }
            }
            case AppendResult.Duplicate duplicate -> print(duplicate.first(), true);
            case AppendResult.Conflict conflict ->
                throw new HoldfastException(
                        ErrorCode.CONFLICT, conflict.reason() + "; look at the log, then decide again");
        }
        invocation.out().flush();
    }

    private void print(Position position, boolean duplicate) {
        if (invocation.json()) {
            invocation
                    .out()
                    .json(Json.mapper()
                            .createObjectNode()
                            .put("position", position.toString())
                            .put("duplicate", duplicate));
        } else {
            invocation.out().line(position.toString());
        }
    }
}
