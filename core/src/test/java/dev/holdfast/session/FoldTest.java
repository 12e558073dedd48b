package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
    private static final Instant T0 = Instant.parse("2026-11-20T21:00:00Z");

    private static SessionState created(SessionConfig config) {
        return Fold.of(
                        new SegmentOpened(
                                1,
                                "log",
                                1,
                                new Origin.Fresh(),
                                new SegmentOpened.Writer("p", "v", "h", 1),
                                null,
                                config.toJson(),
                                null),
                        T0)
                .toState();
    }

    private static SessionState after(Event... events) {
        return after(created(SessionConfig.conversation(null)), events);
    }

    private static SessionState after(SessionState state, Event... events) {
        SessionState now = state;
        int second = 0;
        for (Event event : events) {
            now = now.apply(event, T0.plusSeconds(++second));
        }
        return now;
    }

    @Test
    void aNewSessionHasWhatItWasCreatedWith() {
        SessionConfig config = SessionConfig.workflow("nightly")
                .project("p")
                .agent("a")
                .tags(List.of("x", "y"))
                .metadata(Map.of("k", Json.of(1)));
        SessionState state = created(config);

        assertThat(state.kind()).isEqualTo(SessionKind.WORKFLOW);
        assertThat(state.status()).isEqualTo(SessionStatus.CREATED);
        assertThat(state.title()).isEqualTo("nightly");
        assertThat(state.tags()).containsExactly("x", "y");
        assertThat(state.metadata()).containsExactly(Map.entry("k", Json.of(1)));
        assertThat(state.createdAt()).isEqualTo(T0);
        assertThat(state.updatedAt()).isEqualTo(T0);
        assertThat(state.startedAt()).isNull();
        assertThat(state.completedAt()).isNull();
        assertThat(state.origin()).isEqualTo(new Origin.Fresh());
        assertThat(state.configuration()).isEqualTo(config);
        assertThat(state.tokens()).isEqualTo(Tokens.NONE);
        assertThat(state.costUsd()).isNull();
        assertThat(state.records()).isZero();
        assertThat(state.isActive()).isTrue();
        assertThat(List.of(state.iteration(), state.checkpoints(), state.messages(), state.oddities()))
                .containsOnly(0L);
        assertThat(state.phase()).isNull();
        assertThat(state.preview()).isNull();
    }

    @Test
    void startPauseResumeCompleteLeaveTheirTraces() {
        SessionState paused = after(new Lifecycle.Started(), new Lifecycle.Paused("lunch"));
        assertThat(paused.status()).isEqualTo(SessionStatus.PAUSED);
        assertThat(paused.reason()).isEqualTo("lunch");
        assertThat(paused.startedAt()).isEqualTo(T0.plusSeconds(1));

        SessionState done = after(paused, new Lifecycle.Resumed(), new Lifecycle.Completed("all of it", Json.of(7)));
        assertThat(done.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(done.reason()).isNull();
        assertThat(done.summary()).isEqualTo("all of it");
        assertThat(done.result()).isEqualTo(Json.of(7));
        assertThat(done.startedAt()).isEqualTo(T0.plusSeconds(1));
        assertThat(done.completedAt()).isEqualTo(T0.plusSeconds(2));
        assertThat(done.isActive()).isFalse();
        assertThat(done.records()).isEqualTo(4);
    }

    @Test
    void failureAndCancellationSayWhy() {
        SessionState failed = after(new Lifecycle.Failed("disk full", Json.parse("{\"code\":28}")));
        assertThat(failed.status()).isEqualTo(SessionStatus.FAILED);
        assertThat(failed.error()).isEqualTo("disk full");
        assertThat(failed.result()).isEqualTo(Json.parse("{\"code\":28}"));
        assertThat(failed.completedAt()).isEqualTo(T0.plusSeconds(1));

        SessionState cancelled = after(new Lifecycle.Cancelled("changed my mind"));
        assertThat(cancelled.status()).isEqualTo(SessionStatus.CANCELLED);
        assertThat(cancelled.reason()).isEqualTo("changed my mind");
    }

    @Test
    void anIllegalTransitionChangesNothingAndIsCounted() {
        SessionState state = after(new Lifecycle.Resumed(), new Lifecycle.Completed("x", null));

        assertThat(state.status()).isEqualTo(SessionStatus.CREATED);
        assertThat(state.summary()).isNull();
        assertThat(state.oddities()).isEqualTo(2);
        assertThat(state.records()).isEqualTo(2);
    }

    @Test
    void theFirstUserMessageIsThePreview() {
        SessionState state = after(
                Message.system("be brief"),
                Message.assistant("hello"),
                Message.user("  \n "),
                Message.user("  Split\n\tthe   parser "),
                Message.user("another"));

        assertThat(state.preview()).isEqualTo("Split the parser");
        assertThat(state.messages()).isEqualTo(5);
        assertThat(after(Message.user("x".repeat(1_000))).preview()).isEqualTo("x".repeat(240) + "…");
        assertThat(after(Message.of(Role.USER, new Part.Text("a"), new Part.Reasoning("r"), new Part.Text("b")))
                        .preview())
                .isEqualTo("a b");
    }

    @Test
    void tagsAreASetInTheOrderTheyCame() {
        SessionState state = after(
                new Annotation.Tagged(List.of("b", "a", "b"), List.of()),
                new Annotation.Tagged(List.of("c", "a"), List.of("b", "none")));

        assertThat(state.tags()).containsExactly("a", "c");
        assertThat(after(new Annotation.Tagged(List.of("x"), List.of("x"))).tags())
                .containsExactly("x");
    }

    @Test
    void tagsBeyondTheLimitAreLeftOutAndCounted() {
        List<String> many =
                java.util.stream.IntStream.range(0, 70).mapToObj(k -> "t" + k).toList();
        SessionState state = after(new Annotation.Tagged(many, List.of()));

        assertThat(state.tags()).hasSize(64).startsWith("t0");
        assertThat(state.oddities()).isEqualTo(6);
    }

    @Test
    void theLastTitleCountsAndNotesAreOnlyCounted() {
        SessionState state = after(
                new Annotation.TitleSet("one"),
                new Annotation.TitleSet("two"),
                new Annotation.Noted("n", null),
                new Extension("n", Json.NULL),
                OutputAppended.of("x"));

        assertThat(state.title()).isEqualTo("two");
        assertThat(state.records()).isEqualTo(5);
        assertThat(state.messages()).isZero();
        assertThat(state.updatedAt()).isEqualTo(T0.plusSeconds(5));
    }

    @Test
    void metadataIsSetAndRemovedKeepingItsOrder() {
        SessionState state = after(
                new MetadataSet(Map.of("a", Json.of(1)), List.of()),
                new MetadataSet(Map.of("b", Json.of(2)), List.of()),
                new MetadataSet(Map.of("a", Json.of(3)), List.of("none")));
        assertThat(state.metadata()).containsExactly(Map.entry("a", Json.of(3)), Map.entry("b", Json.of(2)));

        assertThat(after(state, new MetadataSet(Map.of("c", Json.NULL), List.of("a")))
                        .metadata())
                .containsExactly(Map.entry("b", Json.of(2)), Map.entry("c", Json.NULL));
    }

    @Test
    void metadataBeyondTheLimitStaysInTheLogOnly() {
        Json large = Json.of("x".repeat(20_000));
        SessionState state = after(
                new MetadataSet(Map.of("a", large), List.of()),
                new MetadataSet(Map.of("b", large), List.of()),
                new MetadataSet(Map.of("a", Json.of("x".repeat(30_000))), List.of()),
                new MetadataSet(Map.of("c", Json.of(1)), List.of()));

        assertThat(state.metadata().keySet()).containsExactly("a", "c");
        assertThat(state.metadata()).containsEntry("a", large);
        assertThat(state.oddities()).isEqualTo(2);
    }

    @Test
    void usageIsCountedOncePerResponseWithTheLargestFigures() {
        SessionState state = after(
                usage(10, 1, "r1", null),
                usage(10, 5, "r1", "0.01"),
                usage(10, 3, "r1", "0.005"),
                usage(100, 1, "r2", null),
                usage(1_000, 1, null, "0.10"),
                usage(1_000, 1, null, null));

        assertThat(state.tokens()).isEqualTo(new Tokens(2_110, 8, 0, 0, 0));
        assertThat(state.costUsd()).isEqualByComparingTo("0.11");
        assertThat(state.recentResponses())
                .containsExactly(
                        new SessionState.CountedResponse("r1", new Tokens(10, 5, 0, 0, 0), new BigDecimal("0.01")),
                        new SessionState.CountedResponse("r2", new Tokens(100, 1, 0, 0, 0), null));
    }

    @Test
    void usageWithoutACostHasNoCost() {
        assertThat(after(usage(1, 1, "r", null)).costUsd()).isNull();
        assertThat(after(usage(1, 1, "r", "0")).costUsd()).isEqualByComparingTo("0");
    }

    @Test
    void onlyTheLastResponsesAreRememberedWhichBoundsTheState() {
        Event[] events = new Event[40];
        for (int k = 0; k < events.length; k++) {
            events[k] = usage(1, 0, "r" + k, null);
        }
        SessionState state = after(events);

        assertThat(state.recentResponses()).hasSize(SessionState.REMEMBERED_RESPONSES);
        assertThat(state.recentResponses().getLast().id()).isEqualTo("r39");
        assertThat(after(state, usage(1, 0, "r39", null)).tokens().input()).isEqualTo(40);
    }

    private static UsageRecorded usage(long input, long output, @Nullable String response, @Nullable String cost) {
        return new UsageRecorded(
                new Tokens(input, output, 0, 0, 0), "m", response, cost == null ? null : new BigDecimal(cost));
    }

    @Test
    void configurationChangesByMergePatchAndKeepsUnknownFields() {
        SessionState state = after(
                new ConfigChanged(Json.parse("{\"focus\":\"tests\",\"later\":{\"a\":1,\"b\":2.50}}")),
                new ConfigChanged(Json.parse("{\"focus\":null,\"maxIterations\":5,\"later\":{\"a\":null}}")));

        assertThat(state.configuration().focus()).isNull();
        assertThat(state.configuration().maxIterations()).isEqualTo(5);
        assertThat(state.config().text()).contains("\"later\":{\"b\":2.50}");
        assertThat(state.oddities()).isZero();
    }

    @Test
    void aConfigurationOutOfRangeIsNotTaken() {
        SessionState state = after(
                new ConfigChanged(Json.parse("{\"maxIterations\":0}")),
                new ConfigChanged(Json.parse("{\"maxIterations\":\"many\"}")),
                new ConfigChanged(Json.parse("{\"executionMode\":\"elsewhere\"}")));

        assertThat(state.configuration().maxIterations()).isNull();
        assertThat(state.configuration().executionMode()).isEqualTo("direct");
        assertThat(state.oddities()).isEqualTo(3);
    }

    /** The test cases of RFC 7396, appendix A, whose target is what it says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"}|{\"a\":\"c\"}|{\"a\":\"c\"}",
                "{\"a\":\"b\"}|{\"b\":\"c\"}|{\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"}|{\"a\":null}|{}",
                "{\"a\":\"b\",\"b\":\"c\"}|{\"a\":null}|{\"b\":\"c\"}",
                "{\"a\":[\"b\"]}|{\"a\":\"c\"}|{\"a\":\"c\"}",
                "{\"a\":\"c\"}|{\"a\":[\"b\"]}|{\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}}|{\"a\":{\"b\":\"d\",\"c\":null}}|{\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]}|{\"a\":[1]}|{\"a\":[1]}",
                "[\"a\",\"b\"]|[\"c\",\"d\"]|[\"c\",\"d\"]",
                "{\"a\":\"b\"}|[\"c\"]|[\"c\"]",
                "{\"a\":\"foo\"}|null|null",
                "{\"a\":\"foo\"}|\"bar\"|\"bar\"",
                "{\"e\":null}|{\"a\":1}|{\"e\":null,\"a\":1}",
                "[1,2]|{\"a\":\"b\",\"c\":null}|{\"a\":\"b\"}",
                "{}|{\"a\":{\"bb\":{\"ccc\":null}}}|{\"a\":{\"bb\":{}}}"
            })
    void mergePatchesWorkAsTheStandardSays(String target, String patch, String result) {
        assertThat(MergePatch.apply(Json.tree(target), Json.tree(patch))).isEqualTo(Json.tree(result));
    }

    @Test
    void recordsOfUnknownTypesAreCountedAsOddUnlessTheyMayBeIgnored() {
        Fold fold = new Fold(after());
        fold.apply(record(new Unknown("later", Json.EMPTY_OBJECT), false));
        fold.apply(record(new Unknown("later", Json.EMPTY_OBJECT), true));

        assertThat(fold.toState().oddities()).isEqualTo(1);
        assertThat(fold.toState().records()).isEqualTo(2);
    }

    @Test
    void anOpeningIsNoEventOfTheSession() {
        SegmentOpened opened = new SegmentOpened(
                1,
                "log",
                2,
                new Origin.RolledOver(),
                new SegmentOpened.Writer("", "", "", 0),
                null,
                Json.EMPTY_OBJECT,
                null);
        SessionState before = after(Message.user("x"));

        assertThat(before.apply(opened, T0.plusSeconds(99))).isEqualTo(before);
        assertThat(before.apply(record(opened, false), BlobSource.EMPTY)).isEqualTo(before);
    }

    @Test
    void longWordsAreCutWithoutSplittingACharacter() {
        String emoji = "\uD83D\uDE00".repeat(2_000);
        SessionState state = after(
                new Annotation.TitleSet("t" + emoji.substring(0, 900)),
                Message.user("x" + emoji),
                new Lifecycle.Failed("x" + emoji, null));

        assertThat(state.title()).isEqualTo("t" + emoji.substring(0, 900));
        assertThat(wellFormed(state.preview())).isTrue();
        assertThat(wellFormed(state.error())).isTrue();
    }

    private static boolean wellFormed(@Nullable String text) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(Objects.requireNonNull(text));
    }

    private static LogRecord record(Event event, boolean ignorable) {
        LineFormat format = new LineFormat(LogId.of(new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a")), 1);
        LineBuffer line = new LineBuffer(16);
        format.write(
                new Draft(T0, event.type(), null, EventCodec.encode(event).data(), null, 0, 1, ignorable), 1, 1, line);
        return Objects.requireNonNull(format.read(line.array(), 0, line.length() - 1, 0));
    }
}
