package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Finds records in long segments, by halving. */
class PositionSearchTest {
    private final DamagedStore damaged = new DamagedStore();

    @Test
    void recordsAreFoundByPositionThoughTheIndexInTheMiddleIsDamaged() {
        SimulatedProcess process = damaged.start();
        List<Position> positions = new ArrayList<>();
        SessionId id;
        try (Session session = process.store().create(SessionConfig.conversation("long"))) {
            id = session.id();
            for (int k = 0; k < 134; k++) {
                positions.add(session.append(OutputAppended.of(k + " " + "p".repeat(62_000))));
            }
        }
        assertThat(positions.getLast().segment()).isEqualTo(1);
        Path file = DamagedStore.directory(id).resolve(Layout.segment(1));
        byte[] bytes = damaged.bytes(file);
        int middle = bytes.length / 2;
        while (bytes[middle] != '\n') {
            middle++;
        }
        int digit = middle + 1 + "{\"i\":".length();
        long hit = Long.parseLong(new String(bytes, digit, 2));
        // The search meets this line first, and takes it for one near the start.
        bytes[digit] = '1';
        damaged.replace(file, bytes);
        for (Position position : positions) {
            if (position.index() != hit) {
                try (RecordReader reader = process.store().read(id).records(position)) {
                    LogRecord first = reader.next();
                    assertThat(first).as("%s", position).isNotNull();
                    assertThat(first.position()).isEqualTo(position);
                }
            }
        }
        process.close();
    }

    @Test
    void recordsOfALargeAppendAreFoundByPosition() {
        SimulatedProcess process = damaged.start();
        try (Session session = process.store().create(SessionConfig.conversation("large append"))) {
            OutputAppended[] events = new OutputAppended[60];
            for (int k = 0; k < events.length; k++) {
                events[k] = OutputAppended.of(k + " " + "q".repeat(60_000));
            }
            Position last = session.append(events);
            try (RecordReader reader = session.read().records(last)) {
                LogRecord first = reader.next();
                assertThat(first).as("%s", last).isNotNull();
                assertThat(first.position()).isEqualTo(last);
            }
        }
        process.close();
    }
}
