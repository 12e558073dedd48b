package dev.holdfast.store;

import dev.holdfast.log.Fault;
import dev.holdfast.log.SessionId;
import java.util.List;

/**
 * What a session's files hold.
 *
 * @param id the session
 * @param segments how many segments are its history
 * @param bytes how many bytes of segments were read
 * @param safe the records that are intact and known to be durable
 * @param unsure the records that are intact, and of which the files do not say whether they were forced: whoever
 *     appended the last one knows
 * @param faults what is wrong, segments in order, then blobs and derived files
 */
public record VerifyReport(SessionId id, int segments, long bytes, Extent safe, Extent unsure, List<Fault> faults) {
    /**
     * How much something is.
     *
     * @param records how many records, opening records included
     * @param bytes how long their lines are together
     */
    public record Extent(long records, long bytes) {
        static final Extent NONE = new Extent(0, 0);

        Extent plus(Extent other) {
            return new Extent(records + other.records, bytes + other.bytes);
        }
    }

    /** Copies the faults. */
    public VerifyReport {
        faults = List.copyOf(faults);
    }

    /**
     * Returns how many intact records are the session's history, opening records included.
     *
     * @return the safe ones and the unsure ones
     */
    public long records() {
        return safe.records() + unsure.records();
    }

    /**
     * Tells whether something acknowledged may be lost.
     *
     * @return true if a fault is damage
     */
    public boolean isDamaged() {
        return faults.stream().anyMatch(Fault::damage);
    }
}
