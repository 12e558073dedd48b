package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Reading from anywhere, and what is told about the end and about damage. */
abstract class ReadingContract extends BackendSuite {
    private static final int COUNT = 40;

    ReadingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private Log filled() {
        Log log = create(ID);
        Tail half = append(log, notes("a", COUNT / 2).toArray(Draft[]::new));
        // With what the first append said, so that the second one's records say that the first ones are durable.
        assertThat(log.append(half, notes("b", COUNT / 2), true)).isInstanceOf(AppendOutcome.Appended.class);
        return log;
    }

    @Test
    void aSegmentIsReadFromEveryIndex() {
        Log log = filled();
        List<LogRecord> all = records(log, 1);
        assertThat(all).hasSize(COUNT + 1);

        for (int from = 0; from < all.size(); from++) {
            try (RecordSource source = log.read(1, from, -1, 0)) {
                List<LogRecord> read = drain(source);
                assertThat(read).hasSize(all.size() - from);
                assertThat(read.getFirst().index()).isEqualTo(from);
                assertThat(read.getFirst().crc()).isEqualTo(all.get(from).crc());
            }
        }
    }

    @Test
    void aSegmentIsReadFromEveryPlaceThatARecordTold() {
        Log log = filled();
        List<LogRecord> all = records(log, 1);
        assertThat(all).hasSize(COUNT + 1);

        for (LogRecord record : all) {
            try (RecordSource source = log.read(1, record.index(), record.offset(), record.durable())) {
                List<LogRecord> read = drain(source);
                assertThat(read).hasSize(all.size() - (int) record.index());
                assertThat(read.getFirst().index()).isEqualTo(record.index());
                assertThat(read.getFirst().crc()).isEqualTo(record.crc());
            }
        }
    }

    @Test
    void atTheEndThereIsNothingUntilSomethingComes() {
        Log log = filled();
        Tail end = end(log);
        assertThat(end.index()).isEqualTo(COUNT + 1);
        for (long offset : new long[] {end.offset(), -1}) {
            try (RecordSource source = log.read(1, end.index(), offset, end.durable())) {
                assertThat(source.next()).isNull();
                assertThat(source.next()).isNull();
                assertThat(source.tail().index()).isEqualTo(end.index());
                assertThat(source.tail().offset()).isEqualTo(end.offset());
                assertThat(source.tail().blocked()).isFalse();
            }
        }
        append(log, note("late"));
        try (RecordSource source = log.read(1, end.index(), end.offset(), end.durable())) {
            assertThat(drain(source)).extracting(BackendSuite::text).containsExactly("late");
        }
    }

    @Test
    void theTailSaysHowMuchIsKnownDurable() {
        Log log = filled();
        long told = end(log).durable();
        assertThat(told).as("what later records say was forced").isBetween(1L, COUNT + 1L);
        try (RecordSource source = log.read(1, 0, 0, COUNT + 1)) {
            assertThat(drain(source)).hasSize(COUNT + 1);
            assertThat(source.tail().durable()).as("what the reader knew").isEqualTo(COUNT + 1);
        }
    }

    @Test
    void aRecordIsTheSameWhoeverReadsIt() {
        Log log = filled();
        List<LogRecord> mine = records(log, 1);
        List<LogRecord> theirs = records(rival().open(ID), 1);

        assertThat(mine).hasSize(COUNT + 1);
        assertThat(theirs).hasSameSizeAs(mine);
        for (int k = 0; k < mine.size(); k++) {
            assertThat(theirs.get(k).crc()).isEqualTo(mine.get(k).crc());
            assertThat(theirs.get(k).data()).isEqualTo(mine.get(k).data());
            assertThat(theirs.get(k).offset()).isEqualTo(mine.get(k).offset());
        }
    }

    @Test
    void aSegmentThatIsNotThereIsNotFound() {
        Log log = filled();

        refused(ErrorCode.NOT_FOUND, () -> log.read(2, 0, 0, 0).close());
        refused(ErrorCode.NOT_FOUND, () -> log.read(99, 3, -1, 0).close());
        assertThat(log.segments()).containsExactly(1);
    }

    @Test
    void damageIsToldAndTheRestIsRead() {
        filled();
        fixture.damage(ID, 1, 5);
        Backend looking = has(Trait.DURABLE) ? afterwards() : backend;
        try (RecordSource source = looking.open(ID).read(1, 0, 0, 0)) {
            List<LogRecord> read = drain(source);
            if (has(Trait.DETECTS_DAMAGE)) {
                assertThat(read).extracting(LogRecord::index).doesNotContain(5L).contains(4L, 6L, (long) COUNT);
                assertThat(source.faults()).anyMatch(Fault::damage);
            } else {
                assertThat(read).hasSize(COUNT + 1);
                assertThat(source.faults()).isEmpty();
            }
        }
    }
}
