package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Changes;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Item;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Measurement;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Phase;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Step;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkspaceSet;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The state as a whole: its stored form, its bound, and that only the events decide it. */
class StateTest {
    private static final Instant T0 = Instant.parse("2026-11-20T21:00:00Z");
    private static final int MAX_STATE_BYTES = 64 * 1024;

    private static Fold start(SessionKind kind) {
        return Fold.of(
                new SegmentOpened(
                        1,
                        "log",
                        1,
                        new Origin.Imported("codex", "x", "", ""),
                        new SegmentOpened.Writer("p", "v", "h", 1),
                        null,
                        SessionConfig.of(kind).title("t").toJson(),
                        null),
                T0);
    }

    private static SessionState stored(SessionState state) {
        return StateJson.read(Json.tree(StateJson.write(state).text()), state.config());
    }

    @Test
    void everyFieldIsReadBackFromTheStoredForm() {
        SessionState state = new SessionState(
                SessionKind.MAPREDUCE,
                SessionStatus.PAUSED,
                "reason",
                "error",
                "summary",
                Json.parse("{\"n\":1.50}"),
                T0,
                T0.plusNanos(1_000),
                T0.plusSeconds(2),
                T0.plusSeconds(3),
                "title",
                List.of("b", "a"),
                Map.of("k", Json.parse("[1,null]")),
                Json.parse("{\"kind\":\"mapreduce\",\"later\":1}"),
                new Origin.Forked("p/1/2", "0123abcd", ""),
                "map",
                3,
                4,
                "p/1/3",
                5,
                6,
                "preview",
                new Tokens(1, 2, 3, 4, 5),
                new BigDecimal("0.1200"),
                7,
                List.of(
                        new SessionState.CountedResponse("r1", new Tokens(1, 0, 0, 0, 0), new BigDecimal("0.10")),
                        new SessionState.CountedResponse("r2", Tokens.NONE, null)),
                everyWork());

        assertThat(stored(state)).isEqualTo(state);
    }

    private static WorkState everyWork() {
        return new WorkState(
                true,
                new WorkState.Finished(1, 2, 3),
                new WorkState.Milestones(5, 4),
                new WorkState.Steps("s", 6, 7),
                new WorkState.Items(1, 2, 3, 4, 5, 6),
                new WorkState.Open(
                        Fingerprints.NONE.with("s"),
                        Fingerprints.NONE.with("a").with("b"),
                        Fingerprints.NONE.with("t"),
                        Fingerprints.NONE.with("q")),
                new WorkState.Changed(Fingerprints.NONE.with("f"), true, 8, 9, "9fceb02"),
                new WorkState.Commands(10, 11),
                Map.of("build", new WorkState.Timing(12, 13)),
                Map.of("size", new WorkState.Metric(new BigDecimal("1.50"), new BigDecimal("2.50"), 14)),
                new WorkspaceSet("branch", "worktree", "base"),
                new WorkState.Active(15, T0));
    }

    @Test
    void absentFieldsAreReadBackAsAbsent() {
        SessionState state = start(SessionKind.CONVERSATION).toState();

        assertThat(stored(state)).isEqualTo(state);
        assertThat(StateJson.write(state).text()).doesNotContain("\"reason\"", "costUsd", "preview", "work");
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() {
        SessionState state = start(SessionKind.CONVERSATION).toState();
        String text = StateJson.write(state).text().replaceFirst("\\{", "{\"later\":{\"x\":1},");

        assertThat(StateJson.read(Json.tree(text), state.config())).isEqualTo(state);
    }

    @Test
    void foldingRecordsEqualsFoldingEvents() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        LineFormat format = new LineFormat(LogId.of(new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a")), 1);
        for (int run = 0; run < 40; run++) {
            RandomEvents events = new RandomEvents(random);
            SessionKind kind = SessionKind.values()[random.nextInt(3)];
            Fold byEvents = start(kind);
            Fold byRecords = start(kind);
            for (int k = 1; k <= 100; k++) {
                Event event = events.any();
                Instant at = T0.plusSeconds(k);
                EncodedEvent encoded = EventCodec.encode(event);
                Map<String, byte[]> blobs = new HashMap<>();
                encoded.blobs().forEach(payload -> blobs.put(payload.ref().sha256(), payload.content()));
                byte[] data = encoded.data();
                LineBuffer line = new LineBuffer(16);
                format.write(new Draft(at, event.type(), null, data, null, 0, 1, event instanceof Unknown), k, k, line);
                LogRecord record = Objects.requireNonNull(format.read(line.array(), 0, line.length() - 1, 0));
                byEvents.apply(event, at);
                byRecords.apply(record, ref -> Objects.requireNonNull(blobs.get(ref.sha256())));
                assertThat(byRecords.toState())
                        .as("seed %d, run %d, event %d: %s", seed, run, k, event.type())
                        .isEqualTo(byEvents.toState());
            }
        }
    }

    @Test
    void aRecordWhosePayloadIsMissingStillCounts() {
        Event event = new Lifecycle.Failed("x".repeat(100_000), null);
        LineFormat format = new LineFormat(LogId.of(new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a")), 1);
        LineBuffer line = new LineBuffer(16);
        format.write(Draft.single(T0, event.type(), EventCodec.encode(event).data()), 1, 1, line);
        LogRecord record = Objects.requireNonNull(format.read(line.array(), 0, line.length() - 1, 0));
        SessionState state = start(SessionKind.CONVERSATION).toState().apply(record, ref -> {
            throw HoldfastException.notFound("no blob " + ref.sha256());
        });

        assertThat(state.status()).isEqualTo(SessionStatus.FAILED);
        assertThat(state.error()).isEmpty();
    }

    @Test
    void goingOnFromAStoredStateEqualsNeverHavingStopped() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        for (int run = 0; run < 20; run++) {
            RandomEvents events = new RandomEvents(random);
            Fold straight = start(SessionKind.CONVERSATION);
            Fold stopping = start(SessionKind.CONVERSATION);
            for (int k = 1; k <= 100; k++) {
                Event event = events.any();
                straight.apply(event, T0.plusSeconds(k));
                stopping.apply(event, T0.plusSeconds(k));
                if (random.nextInt(5) == 0) {
                    stopping = new Fold(stored(stopping.toState()));
                }
            }
            assertThat(stored(stopping.toState())).as("seed %d", seed).isEqualTo(stored(straight.toState()));
        }
    }

    @Test
    void theStateStaysSmallWhateverHappens() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        RandomEvents events = new RandomEvents(random);
        Fold fold = start(SessionKind.CONVERSATION);
        for (int k = 0; k < 3_000; k++) {
            Event event = events.any();
            if (!(event instanceof Lifecycle.Completed
                    || event instanceof Lifecycle.Failed
                    || event instanceof Lifecycle.Cancelled)) {
                fold.apply(event, T0.plusSeconds(k));
            }
        }
        assertThat(bytes(fold.toState())).as("seed %d", seed).isLessThanOrEqualTo(MAX_STATE_BYTES);
    }

    @Test
    void theLargestStateStaysSmall() {
        String wide = "漢".repeat(5_000);
        String escaped = "\u0001".repeat(5_000);
        for (String text : List.of(wide, escaped, "\"".repeat(5_000), "x".repeat(5_000))) {
            Fold fold = start(SessionKind.CONVERSATION);
            fold.apply(new Annotation.TitleSet(text), T0);
            for (int k = 0; k < 100; k++) {
                int n = k;
                fold.apply(
                        new Annotation.Tagged(
                                IntStream.range(0, 100)
                                        .mapToObj(t -> t + text.substring(0, 90) + n)
                                        .toList(),
                                List.of()),
                        T0);
                fold.apply(new MetadataSet(Map.of(k + text.substring(0, 300), Json.of(text)), List.of()), T0);
                fold.apply(
                        new UsageRecorded(
                                new Tokens(Long.MAX_VALUE / 200, 1, 1, 1, 1), text, text + k, new BigDecimal("0.123")),
                        T0);
            }
            fold.apply(new UsageRecorded(Tokens.NONE, null, null, new BigDecimal("1e400")), T0);
            fold.apply(Message.user(text), T0);
            fold.apply(new Lifecycle.Started(), T0);
            work(fold, text);
            fold.apply(new Lifecycle.Paused(text), T0);
            fold.apply(new Lifecycle.Completed(text, Json.of(text)), T0);

            assertThat(bytes(fold.toState()))
                    .as("with %s", text.substring(0, 1))
                    .isLessThanOrEqualTo(MAX_STATE_BYTES);
            assertThat(stored(fold.toState())).isEqualTo(fold.toState());
        }
    }

    /** All that work can put in a state, as long as it may be. */
    private static void work(Fold fold, String text) {
        String visible = text.charAt(0) == '\u0001' ? "\\".repeat(5_000) : text;
        String name = visible.substring(0, 190);
        fold.apply(new ConfigChanged(Json.parse("{\"phasePlan\":\"free\"}")), T0);
        fold.apply(new Phase.Moved(null, "p".repeat(40), null), T0);
        fold.apply(new WorkspaceSet(name, name, name), T0);
        fold.apply(new Iteration.Started(1), T0);
        for (int k = 0; k < 1_500; k++) {
            fold.apply(new Journal.DocumentUpdated(name + k, "", null), T0);
            fold.apply(new Step.Started(name + k, 0, ""), T0);
            fold.apply(new Measurement.Timing(name + k, Long.MAX_VALUE / 2_000), T0);
            fold.apply(new Measurement.Timing("t" + k, Long.MAX_VALUE / 2_000), T0);
            fold.apply(new Measurement.Metric("m" + k, new BigDecimal("-1.2345678901234567e-1000"), null), T0);
        }
        fold.apply(new Item.Added(List.of(new Item.Task("i", Json.NULL))), T0);
        fold.apply(new Journal.CommitRecorded(new Changes.Commit(name, "", null), null), T0);
    }

    private static int bytes(SessionState state) {
        return StateJson.write(state).text().getBytes(StandardCharsets.UTF_8).length;
    }
}
