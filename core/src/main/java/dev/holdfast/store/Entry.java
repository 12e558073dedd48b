package dev.holdfast.store;

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
