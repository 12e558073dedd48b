package dev.holdfast.importers;

import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import dev.holdfast.store.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What imported sessions amount to, in a form to compare. */
final class Contents {
    private Contents() {}

    /**
     * One imported event.
     *
     * @param id its identity
     * @param event what it says
     * @param source where it comes from
     * @param record the record
     */
    record Imported(String id, Event event, JsonNode source, LogRecord record) {}

    /**
     * What of a session must not depend on how often and how far its source was imported.
     *
     * @param origin why it exists
     * @param status where it stands
     * @param title its title
     * @param tokens what it used
     * @param said its events in order, usage and what is kept as it is left out
     * @param compactions why its view begins anew
     */
    record Essence(
            Origin origin,
            String status,
            String title,
            Tokens tokens,
            List<String> said,
            List<Origin.Compacted> compactions) {}

    static List<Imported> imported(SessionStore store, SessionId id) {
        List<Imported> found = new ArrayList<>();
        SessionView view = store.read(id);
        try (RecordReader records = view.records()) {
            for (LogRecord record = records.next(); record != null; record = records.next()) {
                if (record.source() != null) {
                    JsonNode source = record.source().toNode();
                    String identity = source.path("id").asString() + "#"
                            + source.path("n").asInt(0);
                    found.add(new Imported(identity, record.event(view.blobs()), source, record));
                }
            }
        }
        return found;
    }

    static List<Event> events(SessionStore store, SessionId id) {
        return imported(store, id).stream().map(Imported::event).toList();
    }

    static List<Message> messages(SessionStore store, SessionId id) {
        return events(store, id).stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .toList();
    }

    static List<Extension> extensions(SessionStore store, SessionId id, String namespace) {
        return events(store, id).stream()
                .filter(Extension.class::isInstance)
                .map(Extension.class::cast)
                .filter(extension -> extension.namespace().equals(namespace))
                .toList();
    }

    /** Why the view of a session begins anew, which must be so exactly once. */
    static Origin.Compacted compaction(SessionStore store, SessionId id) {
        List<Origin.Compacted> found = compactions(store, id);
        if (found.size() != 1) {
            throw new AssertionError(id + " was compacted " + found.size() + " times");
        }
        return found.getFirst();
    }

    static List<Origin.Compacted> compactions(SessionStore store, SessionId id) {
        List<Origin.Compacted> found = new ArrayList<>();
        SessionView view = store.read(id);
        try (RecordReader records = view.records()) {
            for (LogRecord record = records.next(); record != null; record = records.next()) {
                if (record.type().equals("segment.opened")
                        && record.event(view.blobs()) instanceof SegmentOpened opened
                        && opened.origin() instanceof Origin.Compacted compacted) {
                    found.add(compacted);
                }
            }
        }
        return found;
    }

    static Map<SessionId, Essence> essence(SessionStore store) {
        Map<SessionId, Essence> all = new TreeMap<>();
        for (SessionSummary summary : store.list(SessionFilter.ALL).sessions()) {
            SessionId id = summary.id();
            var state = store.read(id).state();
            List<String> said = imported(store, id).stream()
                    .filter(each -> !(each.event() instanceof UsageRecorded) && !(each.event() instanceof Extension))
                    .filter(each -> !each.id().startsWith("config/"))
                    .map(each -> each.id() + " " + each.event())
                    .toList();
            all.put(
                    id,
                    new Essence(
                            state.origin(),
                            state.status().wireName(),
                            String.valueOf(state.title()),
                            state.tokens(),
                            said,
                            compactions(store, id).stream()
                                    .map(each -> new Origin.Compacted(each.summary(), List.of()))
                                    .toList()));
        }
        return all;
    }

    /** The identities of everything kept as it is, in all sessions, sorted. */
    static List<String> kept(SessionStore store) {
        return store.list(SessionFilter.ALL).sessions().stream()
                .flatMap(summary -> imported(store, summary.id()).stream())
                .filter(each -> each.event() instanceof Extension)
                .map(Imported::id)
                .sorted()
                .toList();
    }
}
