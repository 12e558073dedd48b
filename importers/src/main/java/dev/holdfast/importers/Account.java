package dev.holdfast.importers;

import dev.holdfast.importers.source.BadPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of a file's records. Not thread-safe. */
final class Account {
    private static final int MAX_FAULTS = 1_000;

    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<String, Long> warnings = new TreeMap<>();
    private final List<ImportFault> faults = new ArrayList<>();
    private long lines;
    private long records;
    private long imported;
    private long faultCount;
    private long joined;

    void line() {
        lines++;
    }

    void record(boolean isJoined) {
        records++;
        joined += isJoined ? 1 : 0;
    }

    void countImported() {
        imported++;
    }

    void skipped(String reason, long count) {
        skipped.merge(reason, count, Long::sum);
    }

    void unchanged(long count) {
        records = count;
        skipped("unchanged-file", count);
    }

    void warning(String kind, long count) {
        warnings.merge(kind, count, Long::sum);
    }

    void fault(BadPiece piece) {
        records++;
        faultCount++;
        if (faults.size() < MAX_FAULTS) {
            faults.add(new ImportFault(piece.line(), piece.offset(), piece.kind(), piece.detail()));
        }
    }

    /** Takes back what was counted as imported and never written. */
    void notWritten(long count) {
        long taken = Math.min(count, imported);
        if (taken > 0) {
            imported -= taken;
            skipped("not-written", taken);
        }
    }

    long records() {
        return records;
    }

    Map<String, Long> skipped() {
        return skipped;
    }

    Map<String, Long> warnings() {
        return warnings;
    }

    List<ImportFault> faults() {
        return faults;
    }

    long lines() {
        return lines;
    }

    long imported() {
        return imported;
    }

    long faultCount() {
        return faultCount;
    }

    long joined() {
        return joined;
    }

    /** Returns how many records were read and neither settled nor skipped yet. */
    long held() {
        long accounted = skipped.values().stream().mapToLong(Long::longValue).sum() + imported + faultCount;
        return records - accounted;
    }
}
