package dev.holdfast.importers;

import dev.holdfast.event.Tokens;
import java.util.List;

/**
 * What became of an import.
 *
 * @param files one report for each file, in the order they were found
 */
public record ImportReport(List<FileReport> files) {
    /** Copies the list. */
    public ImportReport {
        files = List.copyOf(files);
    }

    /**
     * Returns how many source records were found.
     *
     * @return the sum over the files
     */
    public long records() {
        return files.stream().mapToLong(FileReport::records).sum();
    }

    /**
     * Returns how many source records are new in the store.
     *
     * @return the sum over the files
     */
    public long imported() {
        return files.stream().mapToLong(FileReport::imported).sum();
    }

    /**
     * Returns how many source records were skipped.
     *
     * @return the sum over the files
     */
    public long skipped() {
        return files.stream().mapToLong(FileReport::skippedCount).sum();
    }

    /**
     * Returns how many damaged pieces were found.
     *
     * @return the sum over the files
     */
    public long faults() {
        return files.stream().mapToLong(FileReport::faultCount).sum();
    }

    /**
     * Returns how many bytes the files have.
     *
     * @return the sum over the files
     */
    public long bytes() {
        return files.stream().mapToLong(FileReport::bytes).sum();
    }

    /**
     * Returns the tokens of all files. Records that two files hold count in both.
     *
     * @return the sum over the files
     */
    public Tokens tokens() {
        return files.stream().map(FileReport::tokens).reduce(Tokens.NONE, Tokens::plus);
    }
}
