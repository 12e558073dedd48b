package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Part;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.Role;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is recorded comes back, and what may not be recorded is refused. */
class RecordEventTest extends EveryStore {
    @Test
    void everyEventIsReadBackAsItWasAppended() {
        long seed = RandomEvents.seed();
        RandomEvents random = new RandomEvents(new Random(seed));
        // Several sessions, because the metadata of one are bounded.
        for (int n = 0; n < 10; n++) {
            List<Event> appended = new ArrayList<>();
            try (Session session = store.create(CONVERSATION)) {
                session.start();
                for (int k = 0; k < 30; k++) {
                    Event event = random.next();
                    if (!(event instanceof Lifecycle) && !(event instanceof Annotation)) {
                        try {
                            session.append(event);
                            appended.add(event);
                        } catch (HoldfastException e) {
                            // What no state could take in is refused; other tests look at the limits.
                            assertThat(event).isInstanceOfAny(MetadataSet.class, ConfigChanged.class);
                            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                        }
                    }
                }
                assertThat(events(another(), session.id()).stream().skip(1))
                        .as("seed %d", seed)
                        .isEqualTo(appended);
            }
        }
    }

    @Test
    void rawOutputIsReadBackByteForByte() {
        List<byte[]> lines = List.of(
                "{\"type\":\"assistant\"}".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                new byte[] {0, 1, (byte) 0xff, (byte) 0xfe, 13},
                "no json \uD83D\uDE00".getBytes(StandardCharsets.UTF_8),
                LARGE.getBytes(StandardCharsets.UTF_8),
                new byte[200_000]);
        try (Session session = store.create(CONVERSATION)) {
            lines.forEach(line -> session.append(new OutputAppended(line)));
            List<Event> read = events(another(), session.id());
            assertThat(read).hasSameSizeAs(lines);
            for (int k = 0; k < lines.size(); k++) {
                assertThat(((OutputAppended) read.get(k)).line()).isEqualTo(lines.get(k));
            }
        }
    }

    @Test
    void largePayloadsAreKeptBesideTheLog() {
        Event event = Message.of(
                Role.ASSISTANT,
                new Part.Text(LARGE),
                new Part.Blob("image/png", LARGE.getBytes(StandardCharsets.UTF_8)),
                new Part.ToolCall("c", "n", Json.of(Map.of("k", LARGE))));
        try (Session session = store.create(CONVERSATION)) {
            session.append(event);
            try (RecordReader reader = another().read(session.id()).records()) {
                reader.next();
                LogRecord record = Objects.requireNonNull(reader.next());
                assertThat(record.data()).hasSizeLessThan(2_000);
                assertThat(record.event(reader.blobs())).isEqualTo(event);
            }
            assertThat(store.verify(session.id()).faults()).isEmpty();
        }
    }

    @Test
    void anEventThatIsTooLargeIsRefusedAndNothingIsWritten() {
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < 30_000; k++) {
            parts.add(new Part.Text("forty bytes of text that stay inline " + k));
        }
        try (Session session = store.create(CONVERSATION)) {
            refused(ErrorCode.TOO_LARGE, () -> session.append(new Message(Role.USER, parts, null, null)));
            refused(
                    ErrorCode.TOO_LARGE,
                    () -> session.append(
                            Append.entries(List.of(new Entry(Message.user("x"), null, Json.of(Map.of("k", LARGE)))))));
            assertThat(session.last().index()).isZero();
            session.append(Message.user("goes on"));
        }
    }

    @Test
    void anAppendOfSeveralEventsIsMarkedAndCountsAsOne() {
        try (Session session = store.create(CONVERSATION)) {
            Position last = session.append(Message.user("a"), Message.assistant("b"), new Annotation.Noted("c", null));
            assertThat(last.index()).isEqualTo(3);
            assertThat(records(store, session.id()))
                    .extracting(LogRecord::batchOrdinal, LogRecord::batchSize)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(0, 3),
                            org.assertj.core.groups.Tuple.tuple(1, 3),
                            org.assertj.core.groups.Tuple.tuple(2, 3));
        }
    }

    @Test
    void separateEventsAreAppendsOfTheirOwn() {
        try (Session session = store.create(CONVERSATION)) {
            AppendResult result = session.append(
                    Append.of(Message.user("a"), Message.assistant("b")).separate());
            assertThat(result)
                    .isEqualTo(new AppendResult.Appended(
                            new Position(session.id(), 1, 1), new Position(session.id(), 1, 2)));
            assertThat(records(store, session.id()))
                    .extracting(LogRecord::batchSize)
                    .containsExactly(1, 1);
        }
    }

    @Test
    void anAppendHasOneToATousandAndTwentyFourEvents() {
        refused(ErrorCode.INVALID_ARGUMENT, Append::of);
        Event[] most = new Event[Append.MAX_EVENTS];
        java.util.Arrays.fill(most, new Annotation.Noted("n", null));
        try (Session session = store.create(CONVERSATION)) {
            assertThat(session.append(most).index()).isEqualTo(Append.MAX_EVENTS);
        }
        Event[] more = new Event[Append.MAX_EVENTS + 1];
        java.util.Arrays.fill(more, new Annotation.Noted("n", null));
        refused(ErrorCode.INVALID_ARGUMENT, () -> Append.of(more));
    }

    @Test
    void importedEventsKeepTheirTimeAndSource() {
        Instant at = Instant.parse("2024-02-29T01:02:03.123456789Z");
        Json source = Json.parse("{\"system\":\"codex\",\"line\":7}");
        try (Session session = store.create(CONVERSATION)) {
            session.append(Append.entries(List.of(new Entry(Message.user("old"), at, source))));
            LogRecord record = records(store, session.id()).getFirst();
            assertThat(record.at()).isEqualTo(Instant.parse("2024-02-29T01:02:03.123456Z"));
            assertThat(record.source()).isEqualTo(source);
        }
        refused(ErrorCode.INVALID_ARGUMENT, () -> new Entry(Message.user("x"), Instant.MAX, null));
        refused(ErrorCode.INVALID_ARGUMENT, () -> new Entry(Message.user("x"), null, Json.of("text")));
    }

    @Test
    void unknownEventsAreKeptAndMayBeIgnored() {
        Unknown event = new Unknown("later.kind", Json.parse("{ \"n\" : 1e400 }"));
        try (Session session = store.create(CONVERSATION)) {
            session.append(event);
            assertThat(events(store, session.id())).containsExactly(event);
            assertThat(records(store, session.id()).getFirst().ignorable()).isTrue();
            assertThat(store.read(session.id()).state().oddities()).isZero();
        }
    }
}
