package dev.holdfast.importers;

import dev.holdfast.event.Tokens;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file. Every source record is accounted for: {@code imported + skipped + faultCount == records}.
 *
 * @param path the file
 * @param format what it was recognised as
 * @param bytes its length when it was opened
 * @param lines how many lines were read
 * @param records how many source records they hold; two on one line count twice
 * @param imported how many of them are new in the store
 * @param skipped how many are not, by reason; {@code already-imported} is one
 * @param faultCount how many pieces are damaged
 * @param faults the first 1,000 of them
 * @param joined how many records stood behind another one on a line and were recovered
 * @param warnings what is odd but no fault, by kind
 * @param sessions the sessions the records belong to
 * @param unchanged whether the file was passed over because it was imported before and did not change
 * @param problem why the file was not read, or not to its end; null if it was
 */
public record FileReport(
        Path path,
        Format format,
        long bytes,
        long lines,
        long records,
        long imported,
        Map<String, Long> skipped,
        long faultCount,
        List<ImportFault> faults,
        long joined,
        Map<String, Long> warnings,
        List<ImportedSession> sessions,
        boolean unchanged,
        @Nullable String problem) {
    /** Copies the collections and checks the account. */
    public FileReport {
        skipped = Collections.unmodifiableMap(new TreeMap<>(skipped));
        warnings = Collections.unmodifiableMap(new TreeMap<>(warnings));
        faults = List.copyOf(faults);
        sessions = List.copyOf(sessions);
        long sum = imported + total(skipped) + faultCount;
        if (sum != records) {
            throw new IllegalStateException(path + ": " + records + " records, but " + imported + " imported + "
                    + total(skipped) + " skipped + " + faultCount + " faults are " + sum);
        }
    }

    /**
     * Returns the tokens of the file's records, each response once.
     *
     * @return the sum over its sessions
     */
    public Tokens tokens() {
        return sessions.stream().map(ImportedSession::tokens).reduce(Tokens.NONE, Tokens::plus);
    }

    /**
     * Returns how many records were skipped for whatever reason.
     *
     * @return the sum
     */
    public long skippedCount() {
        return total(skipped);
    }

    /** This report of a second reading, with what an earlier reading in the same run had imported already. */
    FileReport after(FileReport earlier) {
        Map<String, Long> rest = new TreeMap<>(skipped);
        long moved = 0;
        for (String reason : List.of("already-imported", "unchanged-file")) {
            long there = rest.getOrDefault(reason, 0L);
            long taken = Math.min(there, earlier.imported - moved);
            moved += taken;
            if (there == taken) {
                rest.remove(reason);
            } else {
                rest.put(reason, there - taken);
            }
        }
        List<ImportedSession> all = sessions.stream()
                .map(session -> earlier.sessions.stream()
                        .filter(before -> before.id().equals(session.id()))
                        .findFirst()
                        .map(session::after)
                        .orElse(session))
                .toList();
        return new FileReport(
                path,
                format,
                bytes,
                lines,
                records,
                imported + moved,
                rest,
                faultCount,
                faults,
                joined,
                warnings,
                all,
                unchanged,
                problem);
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
