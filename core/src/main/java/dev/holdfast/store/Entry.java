package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event to append, with what an importer knows about it.
 *
 * @param event the event
 * @param at when it happened, or null for now
 * @param source a small JSON object that says where it comes from, kept in the record's envelope, or null
 */
public record Entry(
        Event event, @Nullable Instant at, @Nullable Json source) {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** Checks the time's range and that the source is an object. */
    public Entry {
        if (at != null && (at.isBefore(FIRST) || at.isAfter(LAST))) {
            throw HoldfastException.invalid("time " + at + " is outside the years 1 to 9999");
        }
        if (source != null && !source.text().startsWith("{")) {
            throw HoldfastException.invalid("the source of an entry is a JSON object");
        }
    }

    /**
     * An event that happens now.
     *
     * @param event the event
     * @return the entry
     */
    public static Entry of(Event event) {
        return new Entry(event, null, null);
    }
}
