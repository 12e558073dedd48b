package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds a saved state against the log. One that lags behind is as it should be: it is written now and then. */
final class DerivedState {
    private static final String FILE = "state.json";

    private DerivedState() {}

    /**
     * Checks the saved state.
     *
     * @param id the session
     * @param log the log
     * @param ends how many records each segment of the history has
     * @param faults where what is wrong is told
     */
    static void verify(SessionId id, Log log, Map<Integer, Long> ends, List<Fault> faults) {
        byte[] derived = log.derived();
        if (derived == null) {
            return;
        }
        SavedState saved = SavedState.of(id, derived);
        if (saved == null) {
            faults.add(new Fault(
                    FILE,
                    0,
                    Fault.Kind.CORRUPT_DERIVED_FILE,
                    false,
                    "its form or checksum is wrong, or it is of another session; it is ignored and made anew"));
            return;
        }
        LogRecord record = standing(log, saved);
        if (record != null && record.crc() == saved.crc()) {
            return;
        }
        String where = "it is true at record " + saved.index() + " of " + Chain.file(saved.segment());
        boolean ahead = record == null && saved.index() >= ends.getOrDefault(saved.segment(), 0L);
        faults.add(
                ahead
                        ? new Fault(
                                FILE,
                                0,
                                Fault.Kind.DERIVED_FILE_AHEAD,
                                false,
                                where + ", which the log does not have; it is ignored and made anew")
                        : new Fault(
                                FILE,
                                0,
                                Fault.Kind.STALE_DERIVED_FILE,
                                false,
                                where + " with another checksum or place; it is ignored and made anew"));
    }

    /** The record that stands at the saved place, whatever its checksum. */
    private static @Nullable LogRecord standing(Log log, SavedState saved) {
        if (saved.segment() < 1 || saved.index() < 0 || saved.offset() < 0) {
            return null;
        }
        try (RecordSource source = log.read(saved.segment(), saved.index(), saved.offset(), saved.index() + 1)) {
            LogRecord record = source.next();
            return record != null && record.index() == saved.index() ? record : null;
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
