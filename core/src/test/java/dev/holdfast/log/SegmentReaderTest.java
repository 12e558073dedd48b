package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.log.Fault.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentReaderTest {
    private static final LogId LOG = LogId.of(SessionId.of(1_800_000_000_000L, 1, 1));
    private static final int SEGMENT = 3;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    // ---- what a segment is made of ----

    private static byte[] line(LogId log, int segment, long index, long durable, int ordinal, int size, String data) {
        LineBuffer out = new LineBuffer(256);
        Draft draft = new Draft(
                Instant.EPOCH, "noted", null, data.getBytes(StandardCharsets.UTF_8), null, ordinal, size, false);
        new LineFormat(log, segment).write(draft, index, durable, out);
        return Arrays.copyOf(out.array(), out.length());
    }

    private static byte[] single(long index) {
        return durable(index, index);
    }

    /** A record written when only so many had been forced. */
    private static byte[] durable(long index, long durable) {
        return line(LOG, SEGMENT, index, durable, 0, 1, "{\"n\":" + index + "}");
    }

    private static byte[] part(long index, long durable, int ordinal, int size) {
        return line(LOG, SEGMENT, index, durable, ordinal, size, "{\"n\":" + index + "}");
    }

    private SegmentReaderTest with(byte[]... lines) {
        for (byte[] each : lines) {
            file.writeBytes(each);
        }
        return this;
    }

    private static byte[] flipped(byte[] line, int at) {
        byte[] changed = line.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] withoutNewline(byte[] line) {
        return Arrays.copyOf(line, line.length - 1);
    }

    // ---- what is read ----

    private record Read(List<Long> indexes, List<Fault> faults, SegmentReader reader) {
        Read has(long... expected) {
            assertThat(indexes)
                    .containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
            return this;
        }

        Read clean() {
            assertThat(faults).isEmpty();
            assertThat(reader.endsInDebris()).isFalse();
            return this;
        }

        Read fault(Kind kind, long offset, boolean damage) {
            assertThat(faults)
                    .extracting(Fault::kind, Fault::offset, Fault::damage)
                    .contains(tuple(kind, offset, damage));
            return this;
        }

        Read undamaged() {
            assertThat(faults).noneMatch(Fault::damage);
            return this;
        }

        Read blocked(boolean expected) {
            assertThat(reader.endsInDebris()).isEqualTo(expected);
            return this;
        }
    }

    private Read read() {
        return read(0, 0, 0);
    }

    private Read read(long offset, long index, long knownDurable) {
        byte[] bytes = file.toByteArray();
        SegmentReader reader = new SegmentReader(
                (at, into, from, length) -> {
                    int count = (int) Math.min(length, bytes.length - at);
                    if (count <= 0) {
                        return -1;
                    }
                    System.arraycopy(bytes, (int) at, into, from, count);
                    return count;
                },
                LOG,
                SEGMENT,
                "file",
                offset,
                index,
                knownDurable);
        List<Long> indexes = new ArrayList<>();
        try {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                byte[] line = Arrays.copyOfRange(bytes, (int) record.offset(), (int) record.end() - 1);
                assertThat(new String(line, StandardCharsets.UTF_8)).startsWith("{\"i\":" + record.index() + ",");
                indexes.add(record.index());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Read(indexes, reader.faults(), reader);
    }

    private static long length(byte[]... lines) {
        return Arrays.stream(lines).mapToLong(each -> each.length).sum();
    }

    // ---- whole segments ----

    @Test
    void anEmptyFileHasNoRecords() {
        read().has().clean();
    }

    @Test
    void wholeLinesAreRecords() {
        Read read = with(single(0), single(1), single(2)).read().has(0, 1, 2).clean();
        assertThat(read.reader.intactEnd()).isEqualTo(file.size());
        assertThat(read.reader.nextIndex()).isEqualTo(3);
        assertThat(read.reader.durable())
                .as("the last record's own force nobody has told")
                .isEqualTo(2);
    }

    @Test
    void whoeverKnowsMoreThanTheLinesSaysHowMuchIsDurable() {
        assertThat(with(single(0), single(1)).read(0, 0, 2).has(0, 1).reader.durable())
                .isEqualTo(2);
        assertThat(read(0, 0, 99).reader.durable())
                .as("never more than there is")
                .isEqualTo(2);
    }

    @Test
    void readingBeginsAtAnyLine() {
        with(single(0), single(1), single(2))
                .read(length(single(0)), 1, 0)
                .has(1, 2)
                .clean();
    }

    @Test
    void aWholeBatchCounts() {
        with(single(0), part(1, 1, 0, 3), part(2, 1, 1, 3), part(3, 1, 2, 3), single(4))
                .read()
                .has(0, 1, 2, 3, 4)
                .clean();
    }

    // ---- the end ----

    @Test
    void aLineWithoutItsNewlineIsNotCommitted() {
        Read read = with(single(0), withoutNewline(single(1)))
                .read()
                .has(0)
                .blocked(true)
                .undamaged();
        read.fault(Kind.TORN_TAIL, length(single(0)), false);
        assertThat(read.reader.intactEnd()).isEqualTo(length(single(0)));
    }

    @Test
    void aLineTornAnywhereIsNotCommitted() {
        byte[] last = single(1);
        for (int cut = 1; cut < last.length; cut++) {
            file.reset();
            with(single(0), Arrays.copyOf(last, cut))
                    .read()
                    .has(0)
                    .blocked(true)
                    .fault(Kind.TORN_TAIL, length(single(0)), false);
        }
    }

    @Test
    void zerosAtTheEndAreNoDamage() {
        with(single(0), new byte[700])
                .read()
                .has(0)
                .blocked(true)
                .undamaged()
                .fault(Kind.NUL_RUN, length(single(0)), false);
    }

    @Test
    void millionsOfZerosAreNoDamage() {
        with(single(0), new byte[5_000_000]).read().has(0).blocked(true).undamaged();
    }

    @Test
    void debrisBehindTheLastRecordBlocksTheSegment() {
        with(single(0), "rubbish\n".getBytes(StandardCharsets.UTF_8))
                .read()
                .has(0)
                .blocked(true)
                .fault(Kind.BAD_RECORD, length(single(0)), false);
    }

    @Test
    void aRecordBehindDebrisThatStandsWhereItMustCounts() {
        with(single(0), "rubbish\n".getBytes(StandardCharsets.UTF_8), single(1))
                .read()
                .has(0, 1)
                .blocked(false)
                .undamaged();
    }

    // ---- batches ----

    @Test
    void aBatchCutAtAnyEventCountsAsNone() {
        for (int there = 1; there < 4; there++) {
            file.reset();
            with(single(0));
            for (int k = 0; k < there; k++) {
                with(part(1 + k, 1, k, 4));
            }
            read().has(0).blocked(true).undamaged().fault(Kind.INCOMPLETE_BATCH, length(single(0)), false);
        }
    }

    @Test
    void aBatchCutInsideALineCountsAsNone() {
        with(single(0), part(1, 1, 0, 2), Arrays.copyOf(part(2, 1, 1, 2), 30))
                .read()
                .has(0)
                .blocked(true)
                .undamaged();
    }

    @Test
    void aBatchWithoutItsFirstEventsCountsAsNone() {
        with(single(0), part(2, 1, 1, 3), part(3, 1, 2, 3))
                .read()
                .has(0)
                .blocked(true)
                .undamaged();
    }

    @Test
    void aBatchThatLostAnEventAfterItsForceKeepsTheOthers() {
        with(single(0), part(1, 1, 0, 3), part(3, 1, 2, 3), single(4))
                .read()
                .has(0, 1, 3, 4)
                .blocked(false);
        assertThat(read().faults()).anyMatch(Fault::damage);
    }

    @Test
    void aBatchThatLostItsFirstEventAfterItsForceKeepsTheOthers() {
        with(single(0), part(2, 1, 1, 3), part(3, 1, 2, 3), single(4)).read().has(0, 2, 3, 4);
        assertThat(read().faults()).anyMatch(Fault::damage);
    }

    @Test
    void aBatchThatLostItsLastEventAfterItsForceKeepsTheOthers() {
        with(single(0), part(1, 1, 0, 3), part(2, 1, 1, 3), single(4)).read().has(0, 1, 2, 4);
        assertThat(read().faults()).anyMatch(Fault::damage);
    }

    @Test
    void twoBatchesOneBehindTheOtherKeepApart() {
        with(single(0), part(1, 1, 0, 2), part(2, 1, 1, 2), part(3, 3, 0, 2), part(4, 3, 1, 2))
                .read()
                .has(0, 1, 2, 3, 4)
                .clean();
    }

    @Test
    void aLineOfTheLastBatchThatStandsTwiceCostsNothing() {
        for (int twice = 0; twice < 3; twice++) {
            file.reset();
            with(single(0));
            for (int k = 0; k < 3; k++) {
                with(part(1 + k, 1, k, 3));
                if (k == twice) {
                    with(part(1 + k, 1, k, 3));
                }
            }
            read().has(0, 1, 2, 3).undamaged();
        }
    }

    // ---- holes and what is known durable ----

    @Test
    void aHoleBelowWhatWasForcedIsDamageAndTheRestIsHistory() {
        with(single(0), flipped(single(1), 40), single(2), single(3))
                .read()
                .has(0, 2, 3)
                .blocked(false)
                .fault(Kind.BAD_RECORD, length(single(0)), false)
                .fault(Kind.HOLE, length(single(0)), true);
    }

    @Test
    void aHoleAboveWhatWasForcedEndsTheSegment() {
        with(single(0), durable(1, 1), durable(3, 1), durable(4, 1))
                .read()
                .has(0, 1)
                .blocked(true)
                .undamaged()
                .fault(Kind.HOLE, length(single(0), single(1)), false);
    }

    @Test
    void aLaterLineTellsThatAHoleHadBeenForced() {
        with(single(0), durable(1, 1), durable(3, 1), durable(4, 4))
                .read()
                .has(0, 1, 3, 4)
                .fault(Kind.HOLE, length(single(0), single(1)), true);
    }

    @Test
    void theSegmentBehindTellsThatAHoleHadBeenForced() {
        with(single(0), durable(1, 1), durable(3, 1)).read(0, 0, 4).has(0, 1, 3);
        assertThat(read(0, 0, 4).faults()).anyMatch(Fault::damage);
    }

    @Test
    void theDurableMarkNamesOnlyWhatWasForcedBefore() {
        assertThat(with(single(0), durable(1, 1), durable(2, 1), durable(3, 1))
                        .read()
                        .clean()
                        .reader
                        .durable())
                .isEqualTo(1);
    }

    @Test
    void aMissingFirstRecordIsDamageOnceAnotherFollowed() {
        with(flipped(single(0), 40), single(1)).read().has(1).fault(Kind.HOLE, 0, true);
    }

    // ---- lines that are no records ----

    @Test
    void aFlippedBitAnywhereMakesALineNoRecord() {
        byte[] line = single(1);
        for (int at = 0; at < line.length - 1; at++) {
            file.reset();
            with(single(0), flipped(line, at), single(2)).read().has(0, 2).fault(Kind.HOLE, length(single(0)), true);
        }
    }

    @Test
    void aFlippedNewlineJoinsTwoRecordsAndBothAreRead() {
        with(single(0), flipped(single(1), single(1).length - 1), single(2))
                .read()
                .has(0, 1, 2)
                .undamaged();
    }

    @Test
    void joinedRecordsAreReadEachForItself() {
        with(withoutNewline(single(0)), withoutNewline(single(1)), single(2))
                .read()
                .has(0, 1, 2)
                .undamaged()
                .fault(Kind.JOINED_RECORDS, 0, false);
    }

    @Test
    void aRecordBehindTornBytesIsRead() {
        with(single(0), Arrays.copyOf(single(1), 25), single(1))
                .read()
                .has(0, 1)
                .undamaged();
    }

    @Test
    void aLineOfAnotherSegmentIsNoRecord() {
        byte[] foreign = line(LOG, SEGMENT - 1, 1, 1, 0, 1, "{\"n\":1}");
        with(single(0), foreign, single(1)).read().has(0, 1).undamaged().blocked(false);
        assertThat(read().faults()).extracting(Fault::offset).containsExactly(length(single(0)));
    }

    @Test
    void aLineOfAnotherSessionIsNoRecord() {
        byte[] foreign = line(LogId.of(SessionId.of(1, 2, 3)), SEGMENT, 1, 1, 0, 1, "{\"n\":1}");
        with(single(0), foreign, single(1)).read().has(0, 1).undamaged().blocked(false);
    }

    @Test
    void theFirstOfTwoRecordsWithOneIndexWins() {
        byte[] second = line(LOG, SEGMENT, 1, 1, 0, 1, "{\"n\":\"later\"}");
        with(single(0), single(1), second)
                .read()
                .has(0, 1)
                .blocked(true)
                .undamaged()
                .fault(Kind.DUPLICATE_RECORD, length(single(0), single(1)), false);
    }

    @Test
    void aSingleRecordInsideATornBatchOfAnotherWriterCounts() {
        // Two writers without locks: the batch came first and only in part, then the single one.
        with(single(0), part(1, 1, 0, 2), durable(1, 1)).read().has(0, 1).undamaged();
    }

    @Test
    void zerosBetweenRecordsCostOnlyWhatTheyCover() {
        with(single(0), new byte[100], single(1), single(2)).read().has(0, 1, 2).undamaged();
        file.reset();
        with(single(0), new byte[single(1).length], single(2))
                .read()
                .has(0, 2)
                .fault(Kind.HOLE, length(single(0)), true);
    }

    // ---- long lines ----

    @Test
    void theLongestRecordIsRead() {
        byte[] longest = line(LOG, SEGMENT, 1, 1, 0, 1, "{\"n\":\"" + "x".repeat(1024 * 1024 - 8) + "\"}");
        with(single(0), longest, single(2)).read().has(0, 1, 2).clean();
    }

    @Test
    void aLineOverTheLimitIsPassedOver() {
        byte[] rubbish = "y".repeat(LineFormat.MAX_LINE_BYTES * 3).getBytes(StandardCharsets.UTF_8);
        with(single(0), rubbish, "\n".getBytes(StandardCharsets.UTF_8), single(1))
                .read()
                .has(0, 1)
                .undamaged();
        assertThat(read().faults()).isNotEmpty();
    }

    @Test
    void aRecordAtTheEndOfALineOverTheLimitIsRead() {
        byte[] rubbish = "y".repeat(LineFormat.MAX_LINE_BYTES * 3).getBytes(StandardCharsets.UTF_8);
        with(single(0), rubbish, single(1), single(2)).read().has(0, 1, 2).undamaged();
    }

    @Test
    void faultsAreBoundedHoweverMuchIsWrong() {
        with(single(0));
        for (int k = 0; k < 5_000; k++) {
            with("rubbish\n".getBytes(StandardCharsets.UTF_8));
        }
        with(single(1));
        assertThat(read().has(0, 1).faults()).hasSizeBetween(1, 1_000);
    }

    @Test
    void recordsAsDataInADamagedRecordAreNotTakenForRecords() {
        String inner = new String(withoutNewline(single(0)), StandardCharsets.UTF_8);
        byte[] quoting = line(LOG, SEGMENT, 1, 1, 0, 1, "{\"n\":" + inner + "}");
        with(single(0), flipped(quoting, 20), single(2)).read().has(0, 2);
    }
}
