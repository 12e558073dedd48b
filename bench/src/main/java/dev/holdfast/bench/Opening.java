package dev.holdfast.bench;

import dev.holdfast.event.BlobSource;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What a long history costs: opening it, reading it, forking it; and what sessions cost that are held open. */
final class Opening {
    private static final double TARGET_OPEN_MILLIS = 50;
    private static final double TARGET_OPEN_TIMES = 3;
    private static final String OPEN_HEAP = "64";
    private static final double TARGET_READ = 0.5;
    private static final double TARGET_FORK_MILLIS = 20;
    private static final long TARGET_HELD_BYTES = 8 * 1024;
    private static final int MAX_READS = 7;
    private static final JsonFactory JACKSON = JsonFactory.builder().build();

    private final Options options;
    private final Report report;

    Opening(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    void open(Path store, Path directory) throws Exception {
        Path copy = LongSession.copy(store, directory.resolve("open"));
        Processes.Ended ended = Processes.run(
                directory,
                Processes.java(
                        OpenProcess.class.getName(),
                        List.of("-Xmx" + OPEN_HEAP + "m"),
                        List.of(copy.toString(), Integer.toString(options.rounds()))));
        List<double[]> millis = OpenProcess.parse(ended.output());
        opened(millis.get(0), millis.get(1), "with state.json");
        opened(millis.get(2), millis.get(3), "without state.json");
        report.remark(String.format(
                Locale.ROOT,
                "(f): from opening the store to the first durable append, warm, in a process with a heap of %s MB, medians"
                        + " of %d; both heads are nearly full",
                OPEN_HEAP,
                options.rounds()));
    }

    private void opened(double[] millis, double[] rival, String how) {
        double[] ratios = Medians.ratios(millis, rival);
        double median = Medians.of(millis);
        report.add(new Figure(
                String.format(Locale.ROOT, "(f) opening %,d records to append, %s", options.records(), how),
                tenths(median),
                "one segment of 8 MiB: " + tenths(Medians.of(rival)),
                Figure.spread(ratios),
                String.format(Locale.ROOT, "<= %.0f ms, <= %.0f", TARGET_OPEN_MILLIS, TARGET_OPEN_TIMES),
                median <= TARGET_OPEN_MILLIS && Medians.of(ratios) <= TARGET_OPEN_TIMES));
    }

    void read(Path store) throws IOException {
        List<Path> segments = LongSession.segments(store, LongSession.LONG);
        long bytes = 0;
        for (Path segment : segments) {
            bytes += Files.size(segment);
        }
        int reads = Math.min(MAX_READS, options.rounds());
        List<double[]> rates = List.of(new double[reads], new double[reads], new double[reads]);
        long records = 0;
        try (SessionStore opened = SessionStore.open(store)) {
            for (int round = -1; round < reads; round++) {
                long start = System.nanoTime();
                parse(segments);
                long parsed = System.nanoTime();
                records = read(opened, false);
                long read = System.nanoTime();
                read(opened, true);
                long decoded = System.nanoTime();
                if (round >= 0) {
                    rates.get(0)[round] = bytes * 1e3 / (read - parsed);
                    rates.get(1)[round] = bytes * 1e3 / (decoded - read);
                    rates.get(2)[round] = bytes * 1e3 / (parsed - start);
                }
            }
        }
        String what = String.format(Locale.ROOT, "(g) reading %,d records, %,.0f MB", records, bytes / 1e6);
        for (int k = 0; k < 2; k++) {
            double[] ratios = Medians.ratios(rates.get(k), rates.get(2));
            report.add(new Figure(
                    k == 0 ? what : "(g) the same, every event decoded",
                    megabytes(rates.get(k)),
                    "Jackson's bare parser: " + megabytes(rates.get(2)),
                    Figure.spread(ratios),
                    k == 0 ? ">= " + TARGET_READ : Figure.NONE,
                    k == 0 ? Medians.of(ratios) >= TARGET_READ : null));
        }
        report.remark("(g): the files are in the page cache, medians of " + reads
                + "; checksums are checked, Jackson's parser checks none and makes no objects");
    }

    private static void parse(List<Path> segments) throws IOException {
        for (Path segment : segments) {
            try (InputStream in = Files.newInputStream(segment);
                    JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), in)) {
                boolean more = true;
                while (more) {
                    more = parser.nextToken() != null;
                }
            }
        }
    }

    private static long read(SessionStore store, boolean decode) {
        long records = 0;
        try (RecordReader reader = store.read(LongSession.LONG).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (!decode || record.event(BlobSource.EMPTY) != null) {
                    records++;
                }
            }
            if (!reader.faults().isEmpty()) {
                throw new IllegalStateException("a sound session has faults: " + reader.faults());
            }
        }
        return records;
    }

    void fork(Path store, Path directory) throws IOException {
        Path copy = LongSession.copy(store, directory.resolve("fork"));
        double[] millis = new double[options.rounds()];
        double slowest = 0;
        Random random = new Random(11);
        try (SessionStore opened = SessionStore.open(copy)) {
            int segments = LongSession.segments(copy, LongSession.LONG).size();
            long[] counts = new long[segments];
            try (RecordReader reader = opened.read(LongSession.LONG).records()) {
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    counts[record.segment() - 1] = record.index() + 1;
                }
            }
            for (int round = -options.rounds(); round < options.rounds(); round++) {
                int segment = random.nextInt(segments);
                // The end of a segment is where most of it may have to be read.
                long index = round % 3 == 0 ? counts[segment] - 1 : random.nextLong(counts[segment]);
                Position at = new Position(LongSession.LONG, segment + 1, index);
                long start = System.nanoTime();
                try (Session fork = opened.fork(at, SessionConfig.conversation("fork " + round))) {
                    double took = (System.nanoTime() - start) / 1e6;
                    if (round >= 0 && fork.state().isActive()) {
                        millis[round] = took;
                        slowest = Math.max(slowest, took);
                    }
                }
            }
        }
        double median = Medians.of(millis);
        report.add(new Figure(
                String.format(Locale.ROOT, "(h) fork anywhere in %,d records", options.records()),
                tenths(median),
                Figure.NONE,
                Figure.NONE,
                String.format(Locale.ROOT, "<= %.0f ms", TARGET_FORK_MILLIS),
                median <= TARGET_FORK_MILLIS));
        report.remark(String.format(
                Locale.ROOT,
                "(h): until the new session is durable, median of %d places, a third of them at the end of a segment; the"
                        + " slowest took %s",
                options.rounds(),
                tenths(slowest)));
    }

    void hold(Path directory) throws IOException, InterruptedException {
        Processes.Ended ended = Processes.run(
                directory,
                Processes.java(
                        HeldProcess.class.getName(),
                        List.of(),
                        List.of(directory.resolve("held").toString(), Integer.toString(options.sessions()))));
        HeldProcess.Held held = HeldProcess.Held.parse(ended.output());
        report.add(new Figure(
                String.format(Locale.ROOT, "(i) heap of an open session, %,d of them", options.sessions()),
                String.format(Locale.ROOT, "%,d bytes", held.bytes()),
                Figure.NONE,
                Figure.NONE,
                String.format(Locale.ROOT, "<= %,d bytes", TARGET_HELD_BYTES),
                held.bytes() <= TARGET_HELD_BYTES));
        report.remark("(i): each driven, with 122 records of 40 turns, after a full collection; the process had "
                + held.files() + " files open");
    }

    private static String tenths(double millis) {
        return String.format(Locale.ROOT, "%,.1f ms", millis);
    }

    private static String megabytes(double... rates) {
        return String.format(Locale.ROOT, "%,.0f MB/s", Medians.of(rates));
    }
}
