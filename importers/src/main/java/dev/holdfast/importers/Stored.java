package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.importers.source.LongSet;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the store holds of a source session: which events, and whether somebody went on here. Not thread-safe. */
final class Stored {
    /** A source that compacts names messages shortly before as those that stay in view. */
    private static final int MAX_POSITIONS = 2_048;

    static final String AUTHOR = "holdfast.import";
    private static final String CONTINUED = "The source of this session went on. Its newer records are in session ";
    private static final Pattern CONTINUED_IN = Pattern.compile(Pattern.quote(CONTINUED) + "([0-9a-f-]{36})\\.");

    private final UsageLedger usages;
    private final LongSet events = new LongSet();
    private final Map<String, Position> positions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > MAX_POSITIONS;
        }
    };
    private @Nullable SessionId session;
    private @Nullable Position last;
    private @Nullable Position lastImported;
    private @Nullable SessionId continuedIn;
    private boolean ownRecords;
    private boolean compacted;

    Stored(UsageLedger usages) {
        this.usages = usages;
    }

    static Annotation.Noted continued(SessionId fork) {
        return new Annotation.Noted(CONTINUED + fork + ".", AUTHOR);
    }

    static long key(String id, int ordinal) {
        return Hashes.bits(id + "#" + ordinal);
    }

    /** Notes where the events of one append stand: an append never spans segments. */
    void appended(List<String> identities, Position first) {
        for (int k = 0; k < identities.size(); k++) {
            Position position = new Position(first.session(), first.segment(), first.index() + k);
            positions.put(identities.get(k), position);
        }
    }

    /** Returns where a record's first event stands, if that was among the last few thousand. */
    @Nullable
    Position positionOf(String identity) {
        return positions.get(identity);
    }

    /** Adds an event; false if the store has it. */
    boolean add(long key) {
        return events.add(key);
    }

    boolean has(long key) {
        return events.contains(key);
    }

    /** Reads a session, and adds what it holds to what is known of those before it. */
    void read(SessionStore store, SessionId id) {
        session = id;
        last = null;
        lastImported = null;
        continuedIn = null;
        ownRecords = false;
        compacted = false;
        SessionView view = store.read(id);
        try (RecordReader records = view.records()) {
            for (LogRecord record = records.next(); record != null; record = records.next()) {
                look(record, view.blobs());
            }
        }
    }

    private void look(LogRecord record, BlobSource blobs) {
        boolean opening = record.type().equals("segment.opened");
        if (!opening || last == null) {
            last = record.position();
        }
        dev.holdfast.event.Json source = record.source();
        if (source != null) {
            JsonNode from = source.toNode();
            String identity = from.path("id").asString("");
            events.add(key(identity, from.path("n").asInt(0)));
            usages.wasStored(identity);
            if (!from.has("n")) {
                positions.put(identity, record.position());
            }
            lastImported = record.position();
            ownRecords = false;
            compacted = false;
            return;
        }
        switch (record.type()) {
            case "segment.opened" -> compacted |= isCompaction(record);
            case "noted" -> lookForFork(record.event(blobs));
            case "extension" ->
                ownRecords |= !(record.event(BlobSource.EMPTY) instanceof Extension extension
                        && extension.namespace().startsWith("holdfast."));
            case "title.set",
                    "tagged",
                    "metadata.set",
                    "config.changed",
                    "session.started",
                    "session.paused",
                    "session.resumed",
                    "session.completed",
                    "session.failed",
                    "session.cancelled" -> {}
            default -> ownRecords = true;
        }
    }

    private static boolean isCompaction(LogRecord record) {
        return record.event(BlobSource.EMPTY) instanceof SegmentOpened opened
                && opened.origin() instanceof Origin.Compacted;
    }

    private void lookForFork(Event event) {
        if (event instanceof Annotation.Noted note && AUTHOR.equals(note.author())) {
            Matcher matcher = CONTINUED_IN.matcher(note.text());
            if (matcher.matches()) {
                continuedIn = new SessionId(matcher.group(1));
            }
        }
    }

    /** Returns the session that was read last. */
    SessionId session() {
        SessionId id = session;
        if (id == null) {
            throw HoldfastException.notFound("no session was read");
        }
        return id;
    }

    /** Returns the last record when the session was read. */
    @Nullable
    Position last() {
        return last;
    }

    /** Returns the last record that was imported, or null if none was. */
    @Nullable
    Position lastImported() {
        return lastImported;
    }

    /** Returns the fork that holds newer records, or null. */
    @Nullable
    SessionId continuedIn() {
        return continuedIn;
    }

    /** Tells whether somebody appended records of their own behind the last imported one. */
    boolean hasOwnRecords() {
        return ownRecords;
    }

    /** Tells, once, whether the view was started again behind the last imported record. */
    boolean takeCompacted() {
        boolean was = compacted;
        compacted = false;
        return was;
    }
}
