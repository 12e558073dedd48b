package dev.holdfast.spi;

import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import java.util.List;

/**
 * The head segment of a log: the highest one with an intact first record.
 *
 * @param opening its record 0
 * @param start where record 1 goes
 * @param blocked whether a higher file exists that is no segment: then only a new segment can follow
 * @param faults what is wrong above the head
 */
public record Head(LogRecord opening, Tail start, boolean blocked, List<Fault> faults) {
    /** Copies the faults. */
    public Head {
        faults = List.copyOf(faults);
    }
}
