package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A fresh backend for each test, and the words in which the tests of the seam are written. */
@Timeout(120)
abstract class BackendSuite {
    static final LogId ID = LogId.of(SessionId.of(1_800_000_000_000L, 1, 1));
    static final LogId OTHER = LogId.of(SessionId.of(1_800_000_000_000L, 2, 2));
    static final LogId AGENT = new LogId(LogId.Kind.AGENT, "reviewer");
    static final Instant AT = Instant.parse("2026-11-20T21:03:11.123456Z");

    private final Supplier<BackendFixture> fixtures;
    private final List<Backend> open = new ArrayList<>();
    BackendFixture fixture;
    Backend backend;

    @SuppressWarnings("NullAway.Init") // JUnit calls setUp
    BackendSuite(Supplier<BackendFixture> fixtures) {
        this.fixtures = fixtures;
    }

    @BeforeEach
    final void openBackend() {
        fixture = fixtures.get();
        backend = keep(fixture.create());
    }

    @AfterEach
    final void closeBackends() {
        open.forEach(Backend::close);
        fixture.close();
    }

    final boolean has(Trait trait) {
        return fixture.traits().contains(trait);
    }

    /** Another process that has the store open too. */
    final Backend another() {
        return keep(fixture.open());
    }

    private Backend keep(Backend opened) {
        open.add(opened);
        return opened;
    }

    /** Another process beside this one where there can be one, else this one once more. */
    final Backend rival() {
        return has(Trait.SHARED) ? another() : backend;
    }

    /** The process that comes after all others have ended. */
    final Backend afterwards() {
        open.forEach(Backend::close);
        return keep(fixture.reopen());
    }

    // ---- making ----

    static Opening opening(String mark) {
        return (segment, previous, unseen) -> recordZero(mark, segment, previous);
    }

    static Draft recordZero(String mark, int segment, @org.jspecify.annotations.Nullable Tail previous) {
        Origin origin = segment == 1 ? new Origin.Fresh() : new Origin.Compacted(mark, List.of());
        SegmentOpened.Previous before = previous == null
                ? null
                : new SegmentOpened.Previous(
                        previous.segment(), previous.index(), previous.offset(), previous.durable());
        EncodedEvent event = EventCodec.encode(new SegmentOpened(
                1,
                ID.name(),
                segment,
                origin,
                new SegmentOpened.Writer(mark, "1", "host", 1),
                before,
                Json.parse("{\"kind\":\"conversation\"}"),
                null));
        return Draft.single(AT, event.type(), event.data());
    }

    static Draft note(String text) {
        return draft("noted", "{\"text\":\"" + text + "\"}");
    }

    static Draft draft(String type, String data) {
        return Draft.single(AT, type, data.getBytes(StandardCharsets.UTF_8));
    }

    static List<Draft> notes(String prefix, int count) {
        List<Draft> notes = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            notes.add(note(prefix + k));
        }
        return notes;
    }

    static EncodedEvent.Payload payload(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try {
            String name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new EncodedEvent.Payload(new BlobRef(name, bytes.length), bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    final Log create(LogId id) {
        return create(backend, id);
    }

    static Log create(Backend in, LogId id) {
        return in.create(id, opening("first"), List.of());
    }

    /** Appends at the end as it is now, forced. */
    static Tail append(Log log, Draft... drafts) {
        AppendOutcome outcome = log.append(end(log), List.of(drafts), true);
        assertThat(outcome).as("an append at the end").isInstanceOf(AppendOutcome.Appended.class);
        return ((AppendOutcome.Appended) outcome).tail();
    }

    // ---- looking ----

    /** Where the next record goes, found by reading the head. */
    static Tail end(Log log) {
        Tail start = log.head().start();
        try (RecordSource source =
                log.read(start.segment(), start.index(), start.offset(), Math.max(1, start.durable()))) {
            drain(source);
            return source.tail();
        }
    }

    static List<LogRecord> drain(RecordSource source) {
        List<LogRecord> records = new ArrayList<>();
        for (LogRecord record = source.next(); record != null; record = source.next()) {
            records.add(record);
        }
        return records;
    }

    static List<LogRecord> records(Log log, int segment) {
        try (RecordSource source = log.read(segment, 0, 0, 0)) {
            List<LogRecord> records = drain(source);
            assertThat(source.faults()).as("faults in segment %d", segment).isEmpty();
            return records;
        }
    }

    /** The texts of a segment's notes, in order; its record 0 must be an opening. */
    static List<String> texts(Log log, int segment) {
        List<LogRecord> records = records(log, segment);
        assertThat(records).as("records of segment %d", segment).isNotEmpty();
        assertThat(records.getFirst().type()).isEqualTo("segment.opened");
        return records.stream().skip(1).map(BackendSuite::text).toList();
    }

    static String text(LogRecord record) {
        return Json.tree(new String(record.data(), StandardCharsets.UTF_8))
                .path("text")
                .asString("");
    }

    /** Who wrote a segment's record 0. */
    static String mark(LogRecord recordZero) {
        return Json.tree(new String(recordZero.data(), StandardCharsets.UTF_8))
                .path("writer")
                .path("program")
                .asString("");
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
