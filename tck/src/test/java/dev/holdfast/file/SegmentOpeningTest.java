package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentOpeningTest {
    @Test
    void everyOpeningSaysWhatOfTheSegmentBeforeIsHistory() {
        for (int segment = 2; segment <= DamagedStore.SEGMENTS; segment++) {
            LogRecord opening = DamagedStore.records(segment).getFirst();
            List<LogRecord> before = DamagedStore.records(segment - 1);
            assertThat(opening.event(dev.holdfast.event.BlobSource.EMPTY))
                    .isInstanceOfSatisfying(SegmentOpened.class, opened -> {
                        assertThat(opened.previous().records()).isEqualTo(before.size());
                        assertThat(opened.previous().durable()).isEqualTo(before.size());
                        assertThat(opened.previous().bytes())
                                .isEqualTo(before.getLast().end());
                    });
        }
    }
}
