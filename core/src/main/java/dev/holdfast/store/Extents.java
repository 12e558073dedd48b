package dev.holdfast.store;

import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.Tail;
import java.util.ArrayDeque;

/** Counts the records of one segment, those known to be durable apart from the others. Used once. */
final class Extents {
    private VerifyReport.Extent safe = VerifyReport.Extent.NONE;
    private VerifyReport.Extent unsure = VerifyReport.Extent.NONE;
    /** The unsure ones; what shows that one was forced is mostly the next one. */
    private final ArrayDeque<Line> waiting = new ArrayDeque<>();

    private record Line(long index, VerifyReport.Extent extent) {}

    void add(LogRecord record, long durable) {
        Line line = new Line(record.index(), new VerifyReport.Extent(1, record.end() - record.offset()));
        waiting.add(line);
        unsure = unsure.plus(line.extent());
        settle(Math.max(durable, record.durable()));
    }

    /** Takes note that the records below this index were forced. */
    void settle(long durable) {
        while (!waiting.isEmpty() && waiting.getFirst().index() < durable) {
            VerifyReport.Extent extent = waiting.remove().extent();
            safe = safe.plus(extent);
            unsure = unsure.plus(new VerifyReport.Extent(-extent.records(), -extent.bytes()));
        }
    }

    void end(Tail tail) {
        settle(tail.durable());
    }

    VerifyReport.Extent safe() {
        return safe;
    }

    VerifyReport.Extent unsure() {
        return unsure;
    }
}
