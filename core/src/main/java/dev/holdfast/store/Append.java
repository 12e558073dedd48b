package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.log.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to append and under which conditions. Immutable; each method returns a changed copy.
 *
 * <p>Unless told otherwise an append is all or nothing and durable when it is acknowledged.
 */
public final class Append {
    /** The most events one append may have. */
    public static final int MAX_EVENTS = 1_024;

    private final List<Entry> entries;
    private final @Nullable String id;
    private final @Nullable Position expected;
    private final boolean relaxed;
    private final boolean separate;

    private Append(
            List<Entry> entries, @Nullable String id, @Nullable Position expected, boolean relaxed, boolean separate) {
        this.entries = entries;
        this.id = id;
        this.expected = expected;
        this.relaxed = relaxed;
        this.separate = separate;
    }

    /**
     * Appends events that happen now.
     *
     * @param events 1 to 1,024 events
     * @return the append
     */
    public static Append of(Event... events) {
        List<Entry> entries = new ArrayList<>(events.length);
        for (Event event : events) {
            entries.add(Entry.of(event));
        }
        return entries(entries);
    }

    /**
     * Appends events with their times and sources.
     *
     * @param entries 1 to 1,024 events
     * @return the append
     */
    public static Append entries(List<Entry> entries) {
        if (entries.isEmpty() || entries.size() > MAX_EVENTS) {
            throw HoldfastException.invalid(
                    "an append has 1 to " + MAX_EVENTS + " events, not " + entries.size() + "; split it");
        }
        return new Append(List.copyOf(entries), null, null, false, false);
    }

    /**
     * Makes the append idempotent: the same id with the same events again is a {@link AppendResult.Duplicate}, with other
     * events a {@link AppendResult.Conflict}. Remembered for the session's last 1,024 records.
     *
     * @param value any text of at most 200 characters
     * @return a changed copy
     */
    public Append id(String value) {
        if (value.isEmpty() || value.length() > 200) {
            throw HoldfastException.invalid("an append's id has 1 to 200 characters, not " + value.length());
        }
        if (separate) {
            throw HoldfastException.invalid("an append of separate events has no id; append them one by one");
        }
        return new Append(entries, value, expected, relaxed, separate);
    }

    /**
     * Makes the append conditional: it is a {@link AppendResult.Conflict} unless this is the session's last record.
     *
     * @param last the position of the record that must be the last
     * @return a changed copy
     */
    public Append expecting(Position last) {
        return new Append(entries, id, last, relaxed, separate);
    }

    /**
     * Acknowledges before the force, which follows within 200 ms or with the next durable append. Lifecycle and usage
     * events are forced all the same.
     *
     * @return a changed copy
     */
    public Append relaxed() {
        return new Append(entries, id, expected, true, separate);
    }

    /**
     * Makes each event an append of its own: after a crash the first few may be there without the rest. For bulk work.
     *
     * @return a changed copy
     */
    public Append separate() {
        if (id != null) {
            throw HoldfastException.invalid("an append of separate events has no id; append them one by one");
        }
        return new Append(entries, null, expected, relaxed, true);
    }

    List<Entry> entries() {
        return entries;
    }

    @Nullable
    String id() {
        return id;
    }

    @Nullable
    Position expected() {
        return expected;
    }

    boolean isRelaxed() {
        return relaxed;
    }

    boolean isSeparate() {
        return separate;
    }
}
