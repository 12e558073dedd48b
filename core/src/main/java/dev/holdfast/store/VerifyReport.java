package dev.holdfast.store;

import dev.holdfast.log.Fault;
import dev.holdfast.log.SessionId;
import java.util.List;

/**
 * What a session's files hold.
 *
 * @param id the session
 * @param segments how many segments are its history
 * @param records how many intact records are its history, opening records included
 * @param bytes how many bytes of segments were read
 * @param faults what is wrong, segments in order, then blobs and derived files
 */
public record VerifyReport(SessionId id, int segments, long records, long bytes, List<Fault> faults) {
    /** Copies the faults. */
    public VerifyReport {
        faults = List.copyOf(faults);
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
