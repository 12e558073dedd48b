package dev.holdfast.importers;

import java.nio.file.Path;

/** Is told how an import goes. Calls come from several threads, but one at a time. */
public interface ImportListener {
    /** Listens to nothing. */
    ImportListener NONE = new ImportListener() {};

    /**
     * More of a file was read. Called about once a mebibyte, and once at a file's end.
     *
     * @param file the file
     * @param done how many bytes were read
     * @param total how many bytes the file had when it was opened
     */
    default void progress(Path file, long done, long total) {}

    /**
     * A file was read to its end, or passed over.
     *
     * @param report what became of it
     */
    default void finished(FileReport report) {}
}
