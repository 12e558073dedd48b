package dev.holdfast.importers;

import dev.holdfast.HoldfastException;

/**
 * How to import. Immutable; each with-method returns a changed copy.
 *
 * @param keepRaw whether to keep each source record's exact text beside its translation
 * @param rescan whether to read files that did not change since they were imported
 * @param parallel how many files are read at the same time, at least 1
 */
public record ImportOptions(boolean keepRaw, boolean rescan, int parallel) {
    /** Checks the numbers. */
    public ImportOptions {
        if (parallel < 1) {
            throw HoldfastException.invalid("parallel is " + parallel + "; at least 1 file at a time");
        }
    }

    /**
     * The usual options: translation only, unchanged files passed over, two files at a time.
     *
     * @return the options
     */
    public static ImportOptions usual() {
        return new ImportOptions(false, false, 2);
    }

    /**
     * Keeps each source record's exact text, or not.
     *
     * @param value whether to keep it
     * @return a changed copy
     */
    public ImportOptions keepRaw(boolean value) {
        return new ImportOptions(value, rescan, parallel);
    }

    /**
     * Reads unchanged files again, or not.
     *
     * @param value whether to read them
     * @return a changed copy
     */
    public ImportOptions rescan(boolean value) {
        return new ImportOptions(keepRaw, value, parallel);
    }

    /**
     * Changes how many files are read at the same time.
     *
     * @param value at least 1
     * @return a changed copy
     */
    public ImportOptions parallel(int value) {
        return new ImportOptions(keepRaw, rescan, value);
    }
}
