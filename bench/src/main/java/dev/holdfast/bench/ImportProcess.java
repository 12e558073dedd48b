package dev.holdfast.bench;

import dev.holdfast.importers.FileReport;
import dev.holdfast.importers.Format;
import dev.holdfast.importers.ImportListener;
import dev.holdfast.importers.ImportOptions;
import dev.holdfast.importers.ImportReport;
import dev.holdfast.importers.Importer;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The process whose import is measured: imports into a new store and prints what it did, as numbers. */
final class ImportProcess {
    private ImportProcess() {}

    /**
     * What it did.
     *
     * @param bytes how many bytes the files have that were read
     * @param records how many source records were found
     * @param imported how many of them are in the store now
     * @param faults how many pieces were damaged
     * @param problems how many files were not read to their end
     * @param peakKibibytes the most memory it had at once, or -1
     * @param cpuMillis processor time of all its threads, -1 where the system does not say
     */
    record Done(
            long bytes, long records, long imported, long faults, long problems, long peakKibibytes, long cpuMillis) {
        static Done parse(String line) {
            List<Long> numbers =
                    Stream.of(line.strip().split(" ", -1)).map(Long::valueOf).toList();
            return new Done(
                    numbers.get(0),
                    numbers.get(1),
                    numbers.get(2),
                    numbers.get(3),
                    numbers.get(4),
                    numbers.get(5),
                    numbers.get(6));
        }

        String print() {
            return bytes + " " + records + " " + imported + " " + faults + " " + problems + " " + peakKibibytes + " "
                    + cpuMillis;
        }
    }

    /**
     * Imports.
     *
     * @param args the store's directory, then what to import
     */
    public static void main(String[] args) {
        List<Path> paths = Arrays.stream(args).skip(1).map(Path::of).toList();
        try (SessionStore store = SessionStore.create(Path.of(args[0]))) {
            ImportReport report = new Importer(store, ImportOptions.usual()).run(paths, ImportListener.NONE);
            List<FileReport> files = report.files();
            List<FileReport> failed = files.stream()
                    .filter(file -> file.problem() != null && file.format() != Format.UNRECOGNISED)
                    .toList();
            failed.forEach(file -> System.err.println(file.path() + ": " + file.problem()));
            Done done = new Done(
                    files.stream()
                            .filter(file -> file.problem() == null)
                            .mapToLong(FileReport::bytes)
                            .sum(),
                    report.records(),
                    report.imported(),
                    report.faults(),
                    failed.size(),
                    Machine.peakKibibytes(),
                    ProcessHandle.current()
                            .info()
                            .totalCpuDuration()
                            .map(Duration::toMillis)
                            .orElse(-1L));
            System.out.println(done.print());
        }
    }
}
