package dev.holdfast.cli;

import dev.holdfast.importers.FileReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A line of progress that is written over, where a person watches. Calls come one at a time. */
final class Progress {
    private static final long PAUSE_NANOS = 100_000_000;

    private final PrintStream err;
    private final boolean watched;
    private final int columns;
    private final Map<Path, Long> underWay = new HashMap<>();
    private long finishedBytes;
    private long finishedFiles;
    private long shownAt;
    private boolean shown;

    Progress(Invocation invocation) {
        this.err = invocation.err();
        this.watched = invocation.terminal().errIsTerminal();
        this.columns = invocation.terminal().columns();
    }

    void show(Path file, long done, long total) {
        underWay.put(file, done);
        long now = System.nanoTime();
        if (!watched || (shown && now - shownAt < PAUSE_NANOS)) {
            return;
        }
        shownAt = now;
        shown = true;
        long bytes = finishedBytes
                + underWay.values().stream().mapToLong(Long::longValue).sum();
        int tenths = total <= 0 ? 10 : (int) (10 * Math.min(done, total) / total);
        String text = Text.number(finishedFiles, "file") + " done, " + Text.bytes(bytes) + "  [" + "#".repeat(tenths)
                + " ".repeat(10 - tenths) + "] " + Text.line(String.valueOf(file.getFileName()));
        err.print("\r" + Text.cut(text, columns - 1) + "\u001b[K");
        err.flush();
    }

    void finished(FileReport report) {
        underWay.remove(report.path());
        finishedBytes += report.bytes();
        finishedFiles++;
    }

    void clear() {
        if (shown) {
            err.print("\r\u001b[K");
            err.flush();
            shown = false;
        }
    }
}
