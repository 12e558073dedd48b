package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.Draft;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.AppendOutcome.Appended;
import dev.holdfast.spi.AppendOutcome.Moved;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Appending at an expected end. */
abstract class AppendingContract extends BackendSuite {
    AppendingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private static Appended appended(AppendOutcome outcome) {
        assertThat(outcome).isInstanceOf(Appended.class);
        return (Appended) outcome;
    }

    private static AppendOutcome attempt(Log log, Tail expected, String text) {
        return log.append(expected, List.of(note(text)), true);
    }

    @Test
    void recordsGetTheNextIndexes() {
        Log log = create(ID);
        Tail start = end(log);
        Appended first = appended(log.append(start, List.of(note("one"), note("two")), true));
        Appended second = appended(log.append(first.tail(), List.of(note("three")), true));

        assertThat(first.tail().segment()).isEqualTo(1);
        assertThat(first.tail().index()).isEqualTo(3);
        assertThat(second.tail().index()).isEqualTo(4);
        assertThat(second.tail().blocked()).isFalse();
        List<LogRecord> records = records(log, 1);
        assertThat(records).extracting(LogRecord::index).containsExactly(0L, 1L, 2L, 3L);
        assertThat(texts(log, 1)).containsExactly("one", "two", "three");
        assertThat(first.lastCrc()).isEqualTo(records.get(2).crc());
        assertThat(second.lastCrc()).isEqualTo(records.get(3).crc());
    }

    @Test
    void offsetsSayWhereRecordsStand() {
        Log log = create(ID);
        Appended last = appended(log.append(end(log), notes("n", 3), true));
        List<LogRecord> records = records(log, 1);
        assertThat(records).hasSize(4);

        assertThat(last.lastOffset()).isEqualTo(records.getLast().offset());
        assertThat(end(log).offset()).isEqualTo(last.tail().offset());
        if (has(Trait.OFFSETS)) {
            assertThat(records).extracting(LogRecord::offset).isSorted().doesNotHaveDuplicates();
            assertThat(last.tail().offset()).isEqualTo(records.getLast().end());
            assertThat(log.head().start().offset()).isEqualTo(records.get(1).offset());
        } else {
            assertThat(records).extracting(LogRecord::offset).containsOnly(0L);
            assertThat(last.tail().offset()).isZero();
        }
    }

    @Test
    void whatIsForcedIsThereForTheNextProcess() {
        append(create(ID), note("one"), note("two"));
        Backend next = afterwards();

        assertThat(next.exists(ID)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            assertThat(texts(next.open(ID), 1)).containsExactly("one", "two");
            append(next.open(ID), note("three"));
            assertThat(texts(next.open(ID), 1)).containsExactly("one", "two", "three");
        } else {
            append(create(next, ID), note("anew"));
            assertThat(texts(next.open(ID), 1)).containsExactly("anew");
        }
    }

    @Test
    void whoeverIsBehindIsToldAndWritesNothing() {
        Log mine = create(ID);
        Log theirs = rival().open(ID);
        Tail before = end(mine);
        Tail after = append(theirs, note("theirs"));

        assertThat(attempt(mine, before, "mine")).isInstanceOf(Moved.class);
        assertThat(attempt(mine, before, "mine again")).isInstanceOf(Moved.class);
        assertThat(texts(mine, 1)).containsExactly("theirs");
        appended(attempt(mine, after, "behind theirs"));
        assertThat(texts(theirs, 1)).containsExactly("theirs", "behind theirs");
    }

    @Test
    void nobodyWritesBehindAnEndThatIsNotThere() {
        Log log = create(ID);
        Tail end = append(log, note("one"));
        Tail beyond = new Tail(1, end.index() + 1, end.offset() == 0 ? 0 : end.offset() + 1, end.durable(), false);

        assertThat(attempt(log, beyond, "never")).isInstanceOf(Moved.class);
        assertThat(texts(log, 1)).containsExactly("one");
    }

    @Test
    void ofManyWhoAppendAtOneEndOneDoes() {
        create(ID);
        Backend rival = rival();
        int threads = 6;
        int each = 15;
        List<Integer> missed = Together.run(threads, thread -> {
            int misses = 0;
            try (Log log = (thread % 2 == 0 ? backend : rival).open(ID)) {
                for (int k = 0; k < each; ) {
                    switch (attempt(log, end(log), thread + "/" + k)) {
                        case Appended appended -> k++;
                        case Moved moved ->
                            assertThat(++misses).as("others always came first").isLessThan(10_000);
                    }
                }
            }
            return misses;
        });

        List<String> texts = texts(backend.open(ID), 1);
        assertThat(texts).as("%s missed", missed).hasSize(threads * each).doesNotHaveDuplicates();
        for (int thread = 0; thread < threads; thread++) {
            String prefix = thread + "/";
            List<String> expected = new ArrayList<>();
            for (int k = 0; k < each; k++) {
                expected.add(prefix + k);
            }
            assertThat(texts).filteredOn(text -> text.startsWith(prefix)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotForcedIsVisibleAndForcedLater() {
        Log log = create(ID);
        Tail start = append(log, note("durable"));
        Tail relaxed = appended(log.append(start, List.of(note("relaxed"), note("too")), false))
                .tail();
        assertThat(relaxed.index()).isEqualTo(4);
        assertThat(relaxed.durable()).isBetween(2L, 4L);
        assertThat(texts(rival().open(ID), 1)).containsExactly("durable", "relaxed", "too");

        Tail forced = log.force(relaxed);
        assertThat(forced.index()).isEqualTo(4);
        assertThat(forced.durable()).isEqualTo(4);
        assertThat(forced.offset()).isEqualTo(relaxed.offset());
        assertThat(log.force(forced)).isEqualTo(forced);
        Backend next = afterwards();
        assertThat(next.exists(ID) && texts(next.open(ID), 1).contains("too")).isEqualTo(has(Trait.DURABLE));
    }

    @Test
    void aForcedAppendCoversWhatWasNotForced() {
        Log log = create(ID);
        Tail relaxed =
                appended(log.append(end(log), List.of(note("relaxed")), false)).tail();
        Tail forced =
                appended(log.append(relaxed, List.of(note("durable")), true)).tail();

        assertThat(forced.durable()).isEqualTo(forced.index()).isEqualTo(3);
        assertThat(texts(log, 1)).containsExactly("relaxed", "durable");
    }

    @Test
    void severalRecordsOfOneAppendStayTogether() {
        Log log = create(ID);
        List<Draft> batch = new ArrayList<>();
        for (int k = 0; k < 50; k++) {
            byte[] data = ("{\"text\":\"b" + k + "\"}").getBytes(StandardCharsets.UTF_8);
            batch.add(new Draft(AT, "noted", k == 0 ? "batch" : null, data, null, k, 50, false));
        }
        appended(log.append(end(log), batch, true));

        List<LogRecord> records = records(log, 1);
        assertThat(records).hasSize(51);
        for (int k = 0; k < 50; k++) {
            LogRecord record = records.get(k + 1);
            assertThat(record.batchOrdinal()).isEqualTo(k);
            assertThat(record.batchSize()).isEqualTo(50);
            assertThat(record.id()).isEqualTo(k == 0 ? "batch" : null);
            assertThat(text(record)).isEqualTo("b" + k);
        }
    }

    @Test
    void everyByteIsKept() {
        String data = "{ \"text\" : \"\\u00e9 é 😀 \\/ \\\" \\\\ \",\"later\":[1.50, 1e400,-0.0 ,{\"$blob\":null}],"
                + "\"i\":7,\"crc\":\"00000000\",\"text2\":\"\\n\"}";
        String source = "{\"from\" : \"elsewhere\", \"line\":12}";
        Draft foreign = new Draft(
                AT,
                "vendor.thing-of-2031",
                "id \" with é",
                data.getBytes(StandardCharsets.UTF_8),
                source.getBytes(StandardCharsets.UTF_8),
                0,
                1,
                true);
        append(create(ID), foreign, note("behind"));

        LogRecord record = records(rival().open(ID), 1).get(1);
        assertThat(new String(record.data(), StandardCharsets.UTF_8)).isEqualTo(data);
        assertThat(record.type()).isEqualTo("vendor.thing-of-2031");
        assertThat(record.id()).isEqualTo("id \" with é");
        assertThat(Objects.requireNonNull(record.source()).text()).isEqualTo(source);
        assertThat(record.ignorable()).isTrue();
        assertThat(record.at()).isEqualTo(AT);
        assertThat(record.segment()).isEqualTo(1);
    }

    @Test
    void largeRecordsAreKept() {
        Log log = create(ID);
        String large = "x".repeat(1_000_000);
        append(log, note("before"), note(large), note("between"), note(large + "y"));

        List<String> texts = texts(log, 1);
        assertThat(texts).hasSize(4);
        assertThat(texts.get(1).length()).isEqualTo(1_000_000);
        assertThat(texts.get(3)).endsWith("xy");
    }

    @Test
    void readersSeeAGrowingPrefixWhileOthersAppend() {
        Log log = create(ID);
        int count = 150;
        AtomicBoolean written = new AtomicBoolean();
        List<Integer> seen = Together.run(4, thread -> {
            if (thread == 0) {
                Tail tail = end(log);
                try {
                    for (int k = 0; k < count; k++) {
                        tail = appended(log.append(tail, List.of(note("r" + k)), k % 10 == 0))
                                .tail();
                    }
                    log.force(tail);
                } finally {
                    written.set(true);
                }
                return count;
            }
            int most = 0;
            // The same handle for all: reading is thread-safe.
            for (boolean last = false; !last; ) {
                last = written.get();
                try (RecordSource source = log.read(1, 1, -1, 0)) {
                    List<String> texts =
                            drain(source).stream().map(BackendSuite::text).toList();
                    for (int k = 0; k < texts.size(); k++) {
                        assertThat(texts.get(k)).isEqualTo("r" + k);
                    }
                    assertThat(texts.size()).as("a reader goes back").isGreaterThanOrEqualTo(most);
                    assertThat(source.tail().index()).isEqualTo(texts.size() + 1L);
                    most = texts.size();
                }
                log.head();
                log.isHead(1);
            }
            return most;
        });
        assertThat(seen).containsOnly(count);
    }

    @Test
    void aHandleThatIsClosedTakesNothingWithIt() {
        Log log = create(ID);
        Log other = backend.open(ID);
        append(log, note("one"));
        log.close();
        log.close();

        append(other, note("two"));
        assertThat(texts(other, 1)).containsExactly("one", "two");
        assertThat(texts(backend.open(ID), 1)).containsExactly("one", "two");
        other.close();
        backend.close();
        assertThat(afterwards().exists(ID)).isEqualTo(has(Trait.DURABLE));
    }
}
