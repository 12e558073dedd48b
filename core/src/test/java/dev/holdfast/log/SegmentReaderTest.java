package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.Fault.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SegmentReaderTest extends SegmentFixture {
    // ---- whole segments ----

    @Test
    void anEmptyFileHasNoRecords() {
        read().has().clean();
    }

    @Test
    void wholeLinesAreRecords() {
        Read read = with(single(0), single(1), single(2)).read().has(0, 1, 2).clean();
        assertThat(read.reader().intactEnd()).isEqualTo(file.size());
        assertThat(read.reader().nextIndex()).isEqualTo(3);
        assertThat(read.reader().durable())
                .as("the last record's own force nobody has told")
                .isEqualTo(2);
    }

    @Test
    void whoeverKnowsMoreThanTheLinesSaysHowMuchIsDurable() {
        assertThat(with(single(0), single(1)).read(0, 0, 2).has(0, 1).reader().durable())
                .isEqualTo(2);
        assertThat(read(0, 0, 99).reader().durable())
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
        assertThat(read.reader().intactEnd()).isEqualTo(length(single(0)));
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
                .fault(Kind.FOREIGN_LINE, length(single(0)), false);
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
                        .reader()
                        .durable())
                .isEqualTo(1);
    }

    @Test
    void aMissingFirstRecordIsDamageOnceAnotherFollowed() {
        with(flipped(single(0), 40), single(1)).read().has(1).fault(Kind.HOLE, 0, true);
    }
}
