package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Opening segments behind a known end. */
abstract class SegmentsContract extends BackendSuite {
    SegmentsContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private static Tail open(Log log, Tail expected, String mark) {
        return Objects.requireNonNull(
                log.openSegment(expected, opening(mark), List.of()), "nobody else opened a segment");
    }

    @Test
    void aNewSegmentIsTheHead() {
        Log log = create(ID);
        Tail end = append(log, note("one"), note("two"));
        Tail start = open(log, end, "second");

        assertThat(start.segment()).isEqualTo(2);
        assertThat(start.index()).isEqualTo(1);
        assertThat(start.durable()).isEqualTo(1);
        assertThat(start.blocked()).isFalse();
        assertThat(log.isHead(1)).isFalse();
        assertThat(log.isHead(2)).isTrue();
        assertThat(log.segments()).containsExactly(1, 2);
        assertThat(mark(log.head().opening())).isEqualTo("second");
        assertThat(log.head().opening().segment()).isEqualTo(2);
        append(log, note("three"));
        assertThat(texts(log, 1)).containsExactly("one", "two");
        assertThat(texts(log, 2)).containsExactly("three");
    }

    @Test
    void theOpeningIsToldWhatIsBehindIt() {
        Log log = create(ID);
        Tail end = append(log, note("one"));
        List<String> calls = new ArrayList<>();
        Tail start = log.openSegment(
                end,
                (segment, previous, unseen) -> {
                    calls.add(segment + " behind " + previous);
                    assertThat(unseen).isEmpty();
                    return recordZero("told", segment, previous);
                },
                List.of());

        assertThat(start).isNotNull();
        assertThat(calls).containsExactly("2 behind " + new Tail(1, 2, end.offset(), 2, false));
    }

    @Test
    void theOpeningIsShownWhatTheCallerDidNotKnow() {
        Log mine = create(ID);
        Tail known = append(mine, note("known"));
        Log theirs = rival().open(ID);
        append(theirs, note("theirs"), note("theirs too"));
        Tail end = end(theirs);
        List<LogRecord> shown = new ArrayList<>();
        List<Tail> told = new ArrayList<>();
        Tail start = mine.openSegment(
                known,
                (segment, previous, unseen) -> {
                    shown.addAll(unseen);
                    told.add(Objects.requireNonNull(previous));
                    return recordZero("second", segment, previous);
                },
                List.of());

        assertThat(start).isNotNull();
        assertThat(shown).extracting(BackendSuite::text).containsExactly("theirs", "theirs too");
        assertThat(shown).extracting(LogRecord::index).containsExactly(2L, 3L);
        assertThat(told.getFirst().index()).isEqualTo(4);
        assertThat(told.getFirst().offset()).isEqualTo(end.offset());
    }

    @Test
    void whatWasNotForcedIsForcedBeforeTheOpening() {
        Log log = create(ID);
        AppendOutcome relaxed = log.append(end(log), List.of(note("relaxed")), false);
        assertThat(relaxed).isInstanceOf(AppendOutcome.Appended.class);
        List<Tail> told = new ArrayList<>();
        log.openSegment(
                ((AppendOutcome.Appended) relaxed).tail(),
                (segment, previous, unseen) -> {
                    told.add(Objects.requireNonNull(previous));
                    return recordZero("second", segment, previous);
                },
                List.of());

        assertThat(told.getFirst().index()).isEqualTo(2);
        assertThat(told.getFirst().durable()).isEqualTo(2);
    }

    @Test
    void whoOpensSecondOpensNothing() {
        Log mine = create(ID);
        Tail end = append(mine, note("one"));
        open(rival().open(ID), end, "theirs");
        AtomicInteger calls = new AtomicInteger();
        Opening counted = (segment, previous, unseen) -> {
            calls.incrementAndGet();
            return recordZero("mine", segment, previous);
        };

        assertThat(mine.openSegment(end, counted, List.of())).isNull();
        assertThat(calls).hasValue(0);
        assertThat(mine.segments()).containsExactly(1, 2);
        assertThat(mark(mine.head().opening())).isEqualTo("theirs");
    }

    @Test
    void ofManyWhoOpenASegmentOneDoes() {
        Tail end = append(create(ID), note("one"));
        Backend rival = rival();
        List<String> winners = Together.run(6, thread -> {
            try (Log log = (thread % 2 == 0 ? backend : rival).open(ID)) {
                return log.openSegment(end, opening("thread " + thread), List.of()) == null ? "" : "thread " + thread;
            }
        });

        assertThat(winners).filteredOn(winner -> !winner.isEmpty()).hasSize(1);
        assertThat(winners).contains(mark(backend.open(ID).head().opening()));
        assertThat(texts(backend.open(ID), 1)).containsExactly("one");
    }

    @Test
    void nobodyAppendsToASegmentThatWasLeftBehind() {
        Log mine = create(ID);
        Tail end = append(mine, note("one"));
        Tail start = open(rival().open(ID), end, "theirs");

        assertThat(mine.append(end, List.of(note("never")), true)).isInstanceOf(AppendOutcome.Moved.class);
        assertThat(mine.isHead(1)).isFalse();
        assertThat(texts(mine, 1)).containsExactly("one");
        assertThat(mine.append(start, List.of(note("in the head")), true)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(texts(mine, 2)).containsExactly("in the head");
    }

    @Test
    void blobsOfAnOpeningAreKept() {
        Log log = create(ID);
        Tail start = log.openSegment(end(log), opening("second"), List.of(payload("summary")));

        assertThat(start).isNotNull();
        assertThat(log.load(payload("summary").ref()))
                .isEqualTo(payload("summary").content());
    }

    @Test
    void manySegmentsFollowEachOtherAndLast() {
        Log log = create(ID);
        Tail tail = end(log);
        for (int segment = 1; segment <= 12; segment++) {
            tail = append(log, note("in " + segment));
            if (segment < 12) {
                assertThat(open(log, tail, "segment " + (segment + 1)).segment())
                        .isEqualTo(segment + 1);
            }
        }
        assertThat(log.segments()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Backend next = afterwards();
        assertThat(next.exists(ID)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            Log again = next.open(ID);
            assertThat(again.head().opening().segment()).isEqualTo(12);
            for (int segment = 1; segment <= 12; segment++) {
                assertThat(texts(again, segment)).containsExactly("in " + segment);
            }
        } else {
            assertThat(create(next, ID).segments()).containsExactly(1);
        }
    }
}
