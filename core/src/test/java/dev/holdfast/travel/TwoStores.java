package dev.holdfast.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.Entry;
import dev.holdfast.store.ImportResult;
import dev.holdfast.store.NewCheckpoint;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Records;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store here and one there, and the road between them. */
abstract class TwoStores {
    static final String LARGE = "0123456789".repeat(10_000);

    @TempDir
    Path root;

    SessionStore here;
    SessionStore there;
    private int archives;

    @BeforeEach
    void makeStores() {
        here = SessionStore.create(root.resolve("here"));
        there = SessionStore.create(root.resolve("there"));
    }

    @AfterEach
    void closeStores() {
        here.close();
        there.close();
    }

    static SessionId make(SessionStore store, Consumer<Session> work) {
        try (Session session = store.create(SessionConfig.conversation("talk"))) {
            work.accept(session);
            return session.id();
        }
    }

    static void goOn(SessionStore store, SessionId id, Consumer<Session> work) {
        try (Session session = store.drive(id)) {
            work.accept(session);
        }
    }

    Path export(SessionStore store, SessionId id) {
        Path file = root.resolve("export-" + archives++ + ".zip");
        Archive.write(store, id, "test", file, false);
        return file;
    }

    /** Takes a session along. */
    ImportResult travel(SessionStore from, SessionId id, SessionStore to) {
        return Archive.read(export(from, id), to);
    }

    /** Something of everything that a session may hold. */
    static void everything(Session session, long seed) {
        session.start();
        session.append(Message.user("one"));
        session.append(Append.of(Message.user(LARGE)).id("large"));
        RandomEvents events = new RandomEvents(new Random(seed));
        for (int k = 0; k < 20; k++) {
            Json source = Json.parse("{\"line\":" + k + "}");
            session.append(Append.entries(List.of(
                    new Entry(events.message(), null, source),
                    new Entry(events.usage(), Instant.EPOCH, null),
                    new Entry(new Unknown("later.kind", Json.parse("{ \"kept\" : 1e400, \"x\": [ ] }")), null, null),
                    new Entry(new Extension("test.any", events.json()), null, null))));
        }
        session.append(OutputAppended.of("not JSON"));
    }

    static Checkpoint checkpoint(Session session, String label) {
        return session.checkpoint(NewCheckpoint.labelled(label).state(Json.of(label + LARGE)));
    }

    static List<String> lines(Records records) {
        List<String> lines = new ArrayList<>();
        try (RecordReader reader = records.reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                lines.add(record.position() + " " + new String(record.line(), StandardCharsets.UTF_8));
            }
            assertThat(reader.faults()).isEmpty();
        }
        return lines;
    }

    static List<String> texts(Records records) {
        List<String> texts = new ArrayList<>();
        try (RecordReader reader = records.reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.event(reader.blobs()) instanceof Message message) {
                    texts.add(message.text());
                }
            }
            assertThat(reader.faults()).isEmpty();
        }
        return texts;
    }

    /** Every payload that a session reads is there. */
    static void assertWhole(SessionStore store, SessionId id) {
        // A session that ends with a new segment has a saved state from before it, which is ignored.
        assertThat(store.verify(id).faults())
                .filteredOn(fault -> fault.kind() != Fault.Kind.STALE_DERIVED_FILE)
                .isEmpty();
        try (RecordReader reader = store.read(id).history().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                assertThat(record.event(reader.blobs())).isNotNull();
            }
            assertThat(reader.faults()).isEmpty();
        }
    }

    static List<SessionId> sessions(SessionStore store) {
        return store.list(SessionFilter.ALL).sessions().stream()
                .map(SessionSummary::id)
                .toList();
    }

    /** Every file of a store that is authority. */
    Map<String, String> files(String store) {
        Map<String, String> files = new TreeMap<>();
        Path directory = root.resolve(store);
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(path).toString();
                if (!name.startsWith("runtime") && !name.endsWith("state.json")) {
                    files.put(name, Files.readString(path, StandardCharsets.ISO_8859_1));
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
