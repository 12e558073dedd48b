package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import dev.holdfast.importers.claude.ClaudeProbe;
import dev.holdfast.importers.codex.CodexProbe;
import dev.holdfast.importers.source.Heads;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Imports the session files of other systems into a store.
 *
 * <p>Idempotent and resumable: a source session gets the same id in every run, each source record is recognised, and
 * only what the store does not hold yet is appended. Sources are only read. {@code docs/importers.md} says what is
 * translated into what. Thread-safe as far as the store is; one importer may run several times.
 */
public final class Importer {
    private final SessionStore store;
    private final ImportOptions options;

    /**
     * Creates an importer.
     *
     * @param store where to put the sessions; stays open
     * @param options how to import
     */
    public Importer(SessionStore store, ImportOptions options) {
        this.store = store;
        this.options = options;
    }

    /**
     * Imports files, and all files below directories. What was imported is durable when this returns.
     *
     * @param paths files and directories
     * @param listener is told how it goes
     * @return what became of each file; a file that cannot be read or is driven by somebody else is reported there
     * @throws HoldfastException NOT_FOUND if a path does not exist; STORAGE, OUTCOME_UNKNOWN or CLOSED if the store
     *     fails: run the import again later, it goes on where it stopped
     */
    public ImportReport run(List<Path> paths, ImportListener listener) {
        return new Run(store, options, new Claims(), listener, new ReentrantLock()).run(paths);
    }

    /**
     * One run and what its files share.
     *
     * @param store the store
     * @param options the options
     * @param claims which file writes which session
     * @param listener is told how it goes
     * @param telling held while the listener is told something
     */
    record Run(
            SessionStore store, ImportOptions options, Claims claims, ImportListener listener, ReentrantLock telling) {
        ImportReport run(List<Path> paths) {
            List<Future<List<FileImport.Outcome>>> units = new ArrayList<>();
            Semaphore places = new Semaphore(options.parallel());
            // An import is all file operations, and in each of them a virtual thread would wake another one of the
            // system's.
            try (ExecutorService threads = Executors.newFixedThreadPool(
                    options.parallel(),
                    Thread.ofPlatform().daemon().name("holdfast-import-", 1).factory())) {
                SourceFiles.walk(paths, unit -> {
                    places.acquireUninterruptibly();
                    units.add(threads.submit(() -> {
                        try {
                            return unit.stream().map(this::read).toList();
                        } finally {
                            places.release();
                        }
                    }));
                });
                List<FileReport> reports = new ArrayList<>();
                for (Future<List<FileImport.Outcome>> unit : units) {
                    outcome(unit).forEach(first -> reports.add(settled(first)));
                }
                return new ImportReport(reports);
            }
        }

        private static <T> T outcome(Future<T> future) {
            try {
                return future.get();
            } catch (java.util.concurrent.ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException(
                        "the import was interrupted; run it again, it goes on where it stopped");
            }
        }

        private FileImport.Outcome read(Path file) {
            FileImport.Outcome outcome;
            try {
                outcome = recognised(file);
            } catch (IOException | UncheckedIOException e) {
                outcome = new FileImport.Outcome(passedOver(file, "cannot be read: " + e.getMessage()), false);
            }
            if (!outcome.again()) {
                finished(outcome.report());
            }
            return outcome;
        }

        private FileImport.Outcome recognised(Path file) throws IOException {
            if (SourceFiles.isSidecar(file)) {
                return new FileImport.Outcome(passedOver(file, "read together with its transcript"), false);
            }
            Probe probe = Heads.probe(file, List.of(new CodexProbe(), new ClaudeProbe()));
            return switch (probe) {
                case CodexProbe codex -> new FileImport(this, file, Format.CODEX, codex).read();
                case ClaudeProbe claude -> new FileImport(this, file, Format.CLAUDE_CODE, claude).read();
                case null, default ->
                    new FileImport.Outcome(
                            passedOver(file, "not a file of a known system: no record of one at its start"), false);
            };
        }

        /** Reads a file again that another one was in the way of, when all others are done. */
        private FileReport settled(FileImport.Outcome first) {
            FileImport.Outcome outcome = first;
            while (outcome.again()) {
                FileReport before = outcome.report();
                FileImport.Outcome next = read(before.path());
                outcome = new FileImport.Outcome(next.report().after(before), next.again());
            }
            return outcome.report();
        }

        private static FileReport passedOver(Path file, String why) {
            long bytes = file.toFile().length();
            return new FileReport(
                    file,
                    Format.UNRECOGNISED,
                    bytes,
                    0,
                    0,
                    0,
                    Map.of(),
                    0,
                    List.of(),
                    0,
                    Map.of(),
                    List.of(),
                    false,
                    why);
        }

        void progress(Path file, long done, long total) {
            tell(() -> listener.progress(file, done, total));
        }

        private void finished(FileReport report) {
            tell(() -> listener.finished(report));
        }

        private void tell(Runnable what) {
            telling.lock();
            try {
                what.run();
            } finally {
                telling.unlock();
            }
        }
    }
}
