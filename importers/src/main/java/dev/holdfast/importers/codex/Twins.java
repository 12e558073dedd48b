package dev.holdfast.importers.codex;

import dev.holdfast.importers.source.Hashes;
import dev.holdfast.importers.source.SourceRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pairs the events that repeat a response item with that item, whichever comes first. Looks {@value #DISTANCE} records
 * back and ahead. Not thread-safe.
 */
final class Twins {
    static final int DISTANCE = 64;

    private static final int REMEMBERED = 4 * DISTANCE;

    private final Map<Long, Integer> items = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long now;

    private record Waiting(SourceRecord record, long key, long since) {}

    static long key(String role, String text) {
        return Hashes.bits(role + "|" + text.strip());
    }

    /** Goes on by one record; returns the events whose item did not come. */
    List<SourceRecord> step() {
        now++;
        List<SourceRecord> alone = new ArrayList<>(0);
        while (!waiting.isEmpty() && now - waiting.element().since > DISTANCE) {
            alone.add(waiting.remove().record);
        }
        return alone;
    }

    /** Returns all events that still wait. */
    List<SourceRecord> rest() {
        List<SourceRecord> alone = waiting.stream().map(Waiting::record).toList();
        waiting.clear();
        return alone;
    }

    /** Notes an item's text; returns the event that waited for it, or null. */
    @Nullable
    SourceRecord item(long key) {
        for (Waiting event : waiting) {
            if (event.key == key) {
                waiting.remove(event);
                return event.record;
            }
        }
        items.merge(key, 1, Integer::sum);
        return null;
    }

    /** Notes an event; true if its item was there before, else it waits. */
    boolean event(SourceRecord record, long key) {
        Integer count = items.get(key);
        if (count == null) {
            waiting.add(new Waiting(record, key, now));
            return false;
        }
        if (count == 1) {
            items.remove(key);
        } else {
            items.put(key, count - 1);
        }
        return true;
    }
}
