package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.session.SessionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A store to test with: in a directory, unless a subclass is told another kind. */
abstract class StoreFixture {
    static final SessionConfig CONVERSATION = SessionConfig.conversation("talk");

    /** Larger than what stays in a record. */
    static final String LARGE = "0123456789".repeat(10_000);

    /** What keeps the logs. */
    enum Kind {
        DIRECTORY,
        MEMORY
    }

    @Parameter
    Kind kind = Kind.DIRECTORY;

    @TempDir
    Path root;

    private final MemoryBackend heap = new MemoryBackend();
    private final List<SessionStore> open = new ArrayList<>();
    private final StoreOptions options = StoreOptions.usual().clock(new TickingClock());
    SessionStore store;

    @BeforeEach
    void openStore() {
        store = another();
    }

    @AfterEach
    void closeStores() {
        open.forEach(SessionStore::close);
    }

    final SessionStore store() {
        return store;
    }

    /** Opens the same store once more. */
    final SessionStore another() {
        SessionStore again = openAgain();
        open.add(again);
        return again;
    }

    private SessionStore openAgain() {
        Path directory = root.resolve("store");
        return switch (kind) {
            case MEMORY -> SessionStore.on(heap, options);
            case DIRECTORY ->
                Files.exists(directory)
                        ? SessionStore.open(directory, options)
                        : SessionStore.create(directory, options);
        };
    }

    /** Something done to a session. */
    interface Work {
        void on(Session session);
    }

    final SessionId make(SessionConfig config, Work work) {
        try (Session session = store.create(config)) {
            work.on(session);
            return session.id();
        }
    }

    /** Appends until the head segment is full. */
    static List<Event> fill(Session session) {
        List<Event> appended = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < 15; k++) {
            parts.add(new Part.Text("x".repeat(60_000)));
        }
        for (int k = 0; k < 10; k++) {
            Message message = new Message(Role.ASSISTANT, parts, "m" + k, null);
            session.append(message);
            appended.add(message);
        }
        return appended;
    }

    static Event[] notes(int count) {
        Event[] notes = new Event[count];
        for (int k = 0; k < count; k++) {
            notes[k] = new Annotation.Noted("note " + k, null);
        }
        return notes;
    }

    static List<Event> events(SessionStore from, SessionId id) {
        try (RecordReader reader = from.read(id).records()) {
            List<Event> events = new ArrayList<>();
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                Event event = record.event(reader.blobs());
                if (!(event instanceof SegmentOpened)) {
                    events.add(event);
                }
            }
            assertThat(reader.faults()).isEmpty();
            return events;
        }
    }

    static List<LogRecord> records(SessionStore from, SessionId id) {
        try (RecordReader reader = from.read(id).records()) {
            List<LogRecord> records = new ArrayList<>();
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (!record.type().equals("segment.opened")) {
                    records.add(record);
                }
            }
            return records;
        }
    }

    static List<Position> positions(RecordReader reader) {
        try (reader) {
            List<Position> positions = new ArrayList<>();
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                positions.add(record.position());
            }
            return positions;
        }
    }

    static List<Position> drain(Follower follower) {
        List<Position> positions = new ArrayList<>();
        Set<Position> distinct = new HashSet<>();
        for (@Nullable LogRecord record = follower.next(Duration.ZERO);
                record != null;
                record = follower.next(Duration.ZERO)) {
            positions.add(record.position());
            assertThat(distinct.add(record.position())).isTrue();
        }
        return positions;
    }

    final List<SessionId> listed(SessionFilter filter) {
        return store.list(filter).sessions().stream().map(SessionSummary::id).toList();
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
