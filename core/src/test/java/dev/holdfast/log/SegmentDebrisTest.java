package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.Fault.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What {@link SegmentReader} makes of bytes that are no line of its segment. */
class SegmentDebrisTest extends SegmentFixture {
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
        assertThat(read().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.offset()).isEqualTo(length(single(0)));
            assertThat(fault.kind()).isEqualTo(Kind.FOREIGN_RECORD);
            assertThat(fault.detail()).contains("segment " + (SEGMENT - 1));
        });
    }

    @Test
    void anOpeningOfAnotherSessionNamesIt() {
        LogId other = LogId.of(SessionId.of(1, 2, 3));
        LineBuffer out = new LineBuffer(256);
        byte[] data =
                ("{\"format\":1,\"log\":\"" + other + "\",\"segment\":40,\"more\":0}").getBytes(StandardCharsets.UTF_8);
        new LineFormat(other, 40).write(Draft.single(Instant.EPOCH, "segment.opened", data), 0, 0, out);
        with(single(0), Arrays.copyOf(out.array(), out.length()), single(1))
                .read()
                .has(0, 1);
        assertThat(read().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.FOREIGN_RECORD);
            assertThat(fault.detail()).contains("segment 40 of " + other);
        });
    }

    @Test
    void whatIsNoRecordIsToldApart() {
        byte[] torn = Arrays.copyOf(single(1), 30);
        byte[] newline = {'\n'};
        byte[] text = "some text\n".getBytes(StandardCharsets.UTF_8);
        byte[] json = "{\"other\":\"json\"}\n".getBytes(StandardCharsets.UTF_8);
        byte[] foreign = line(LogId.of(SessionId.of(1, 2, 3)), SEGMENT, 1, 1, 0, 1, "{\"n\":1}");
        byte[] zeros = new byte[10];
        with(single(0), text, json, foreign, torn, newline, flipped(single(1), 0), flipped(single(1), 50));
        with(zeros, newline, withoutNewline(single(1)), single(2)).read().has(0, 1, 2);
        assertThat(read().faults())
                .extracting(Fault::kind)
                .containsExactly(
                        Kind.FOREIGN_LINE,
                        Kind.FOREIGN_LINE,
                        Kind.BAD_RECORD,
                        Kind.BAD_RECORD,
                        Kind.BAD_RECORD,
                        Kind.BAD_RECORD,
                        Kind.NUL_RUN,
                        Kind.JOINED_RECORDS);
        assertThat(read().faults().get(2).detail()).contains("perhaps of another session");
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
    void recordsInALineOverTheLimitAreRead() {
        String half = "{\"n\":\"" + "x".repeat(500_000) + "\"}";
        int count = 9;
        for (int k = 0; k < count; k++) {
            byte[] line = line(LOG, SEGMENT, k, k, 0, 1, half);
            with(k < count - 1 ? withoutNewline(line) : line);
        }
        with(single(count)).read().has(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).undamaged();
        file.reset();
        for (int k = 0; k < count; k++) {
            with(withoutNewline(line(LOG, SEGMENT, k, k, 0, 1, half)));
        }
        read().has().undamaged().fault(Kind.TORN_TAIL, 0, false);
    }

    @Test
    void aDamagedLineFullOfBeginningsAndTrailersIsReadInTimeAndWithoutLoss() {
        StringBuilder nested = new StringBuilder("{\"n\":[0");
        while (nested.length() < 1_000_000) {
            nested.append(",{\"i\":1,\"x\":0,\"crc\":\"00000000\"}");
        }
        byte[] line = line(LOG, SEGMENT, 1, 1, 0, 1, nested + "]}");
        byte[] bare = withoutNewline(flipped(line, 20));
        with(single(0), bare, single(1), bare, single(2), single(3)).read().has(0, 1, 2, 3);
    }

    @Test
    void joinedRecordsAreFoundAtAnyPlace() {
        java.util.Random random = new java.util.Random(20_261_120L);
        for (int round = 0; round < 300; round++) {
            file.reset();
            for (int k = 0; k < 4; k++) {
                byte[] noise = new byte[random.nextInt(40)];
                for (int n = 0; n < noise.length; n++) {
                    noise[n] = (byte) "{\"i\":1,crc}0".charAt(random.nextInt(12));
                }
                with(noise, withoutNewline(single(k)));
            }
            with(new byte[] {'\n'}).read().has(0, 1, 2, 3);
        }
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
