package dev.holdfast.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Measures Holdfast beside its peers, in turns and in one run, and prints a table. It never fails because something is
 * slow; it does fail if an acknowledged append is not on disk. {@code docs/benchmarks.md} says what the figures mean.
 */
public final class SideBySide {
    private static final double TARGET_BARE = 0.8;
    private static final double TARGET_SQLITE = 0.6;
    private static final double TARGET_MANY_SESSIONS = 5;
    private static final double TARGET_ONE_SESSION = 12;
    private static final double TARGET_IMPORT_MB = 50;
    private static final double TARGET_LIST_MILLIS = 1_000;
    private static final double TARGET_START = 4;
    private static final int MAX_STARTS = 7;
    private static final int MAX_IMPORTS = 3;

    private final Options options;
    private final Path work;
    private final Report report = new Report();

    private SideBySide(Options options, Path work) {
        this.options = options;
        this.work = work;
    }

    /**
     * Measures and prints.
     *
     * @param args options, see {@code --help}
     * @throws Exception if something cannot be measured
     */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(Options.HELP);
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.HELP);
            System.exit(2);
            return;
        }
        System.out.print(run(options).print(options.markdown()));
    }

    static Report run(Options options) throws Exception {
        Path kept = options.work();
        Path root = kept == null ? Path.of("target") : kept;
        Files.createDirectories(root);
        Path passing = Files.createTempDirectory(root.toAbsolutePath(), "side-by-side-");
        try {
            SideBySide run = new SideBySide(options, kept == null ? passing : root.toAbsolutePath());
            run.measure(passing);
            return run.report;
        } finally {
            Directories.delete(passing);
        }
    }

    private void measure(Path passing) throws Exception {
        report.remark(Machine.describe(work));
        if (Machine.isInMemory(work)) {
            report.remark("WARNING: " + work + " is in memory, where a force costs nothing; choose a disk with --work");
        }
        Opening opening = new Opening(options, report);
        for (Options.Part part : options.parts()) {
            progress(part);
            switch (part) {
                case ONE -> oneWriter(Files.createDirectory(passing.resolve("one")));
                case MANY -> manyWriters(Files.createDirectory(passing.resolve("many")));
                case IMPORT -> imports(Files.createDirectory(passing.resolve("import")));
                case START -> starts(Files.createDirectory(passing.resolve("start")));
                case OPEN -> opening.open(longSession(), Files.createDirectory(passing.resolve("open")));
                case READ -> opening.read(longSession());
                case FORK -> opening.fork(longSession(), Files.createDirectory(passing.resolve("fork")));
                case HOLD -> opening.hold(Files.createDirectory(passing.resolve("hold")));
            }
        }
    }

    private Path longSession() throws IOException {
        return LongSession.store(work, options.records());
    }

    private static void progress(Options.Part part) {
        System.err.println("measuring: " + part.name().toLowerCase(Locale.ROOT));
    }

    private void oneWriter(Path directory) throws Exception {
        Payload payload = new Payload();
        try (Side own = new HoldfastSide(directory.resolve("store"), 1, 1, payload);
                Side bare = new BareSide(directory.resolve("bare.jsonl"), payload);
                Side sqlite = new SqliteSide(directory.resolve("one.db"), 1, 1, payload)) {
            Interleaved measured =
                    Interleaved.measure(List.of(own, bare, sqlite), options.rounds(), options.sliceMillis());
            String what = "(a) one writer, " + Payload.LINE_BYTES + "-byte lines, durable one by one";
            report.add(Figure.rates(what, measured, 0, 1, TARGET_BARE));
            report.add(Figure.rates(what, measured, 0, 2, TARGET_SQLITE));
            checked("(a)", measured);
        }
    }

    private void manyWriters(Path directory) throws Exception {
        Payload payload = new Payload();
        int threads = options.threads();
        try (Side many = new HoldfastSide(directory.resolve("many"), threads, threads, payload);
                Side one = new HoldfastSide(directory.resolve("one"), threads, 1, payload);
                Side each = new SqliteSide(directory.resolve("each.db"), threads, threads, payload);
                Side shared = new SqliteSide(directory.resolve("shared.db"), threads, 1, payload)) {
            Interleaved measured =
                    Interleaved.measure(List.of(many, one, each, shared), options.rounds(), options.sliceMillis());
            int rival = measured.median(2) > measured.median(3) ? 2 : 3;
            report.add(Figure.rates("(b) " + measured.sides().get(0), measured, 0, rival, TARGET_MANY_SESSIONS));
            report.add(Figure.rates("(c) " + measured.sides().get(1), measured, 1, rival, TARGET_ONE_SESSION));
            report.remark(String.format(
                    Locale.ROOT,
                    "(b) and (c) are compared with the faster SQLite; %s did %s",
                    measured.sides().get(5 - rival),
                    Figure.rate(measured.median(5 - rival))));
            checked("(b), (c)", measured);
        }
    }

    private void checked(String figure, Interleaved measured) {
        report.remark(String.format(
                Locale.ROOT,
                "%s: %d rounds of %d ms a side, medians; all %,d acknowledged appends were read back",
                figure,
                options.rounds(),
                options.sliceMillis(),
                measured.checked()));
    }

    private void imports(Path directory) throws Exception {
        ImportSet sources = ImportSet.make(directory.resolve("sources"), options.importBytes(), options.corpus());
        List<String> labels = List.of(
                "(d) import of " + sources.files() + " files, 256 MB heap", "(d) import of one file, one session");
        List<Path> paths = List.of(sources.set(), sources.single());
        int imports = Math.min(MAX_IMPORTS, options.rounds());
        List<double[]> rates = List.of(new double[imports], new double[imports]);
        List<ImportProcess.Done> done = new ArrayList<>();
        for (int round = 0; round < imports; round++) {
            for (int k = 0; k < paths.size(); k++) {
                Path store = directory.resolve("store");
                Processes.Ended ended = Processes.run(
                        directory,
                        Processes.java(
                                ImportProcess.class.getName(),
                                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                                List.of(store.toString(), paths.get(k).toString())));
                ImportProcess.Done what = ImportProcess.Done.parse(ended.output());
                if (what.problems() > 0 || what.imported() == 0) {
                    throw new IllegalStateException("the import of " + paths.get(k) + " did not get through: " + what);
                }
                rates.get(k)[round] = what.bytes() / 1e3 / ended.millis();
                if (round == 0) {
                    done.add(what);
                }
                Directories.delete(store);
            }
        }
        for (int k = 0; k < paths.size(); k++) {
            double rate = Medians.of(rates.get(k));
            report.add(new Figure(
                    labels.get(k),
                    String.format(Locale.ROOT, "%.0f MB/s", rate),
                    k == 0 ? Figure.NONE : "many files",
                    k == 0 ? Figure.NONE : Figure.spread(Medians.ratios(rates.get(k), rates.get(0))),
                    String.format(Locale.ROOT, ">= %.0f MB/s", TARGET_IMPORT_MB),
                    rate >= TARGET_IMPORT_MB));
            ImportProcess.Done what = done.get(k);
            report.remark(String.format(
                    Locale.ROOT,
                    "%s: %.0f MB of %s, %,d records, %,d imported, %,d faults; whole processes, median of %d; the first one"
                            + " had %s resident at most and took %s of processor time",
                    k == 0 ? "(d) files" : "(d) one file",
                    what.bytes() / 1e6,
                    sources.source(),
                    what.records(),
                    what.imported(),
                    what.faults(),
                    imports,
                    what.peakKibibytes() < 0 ? "unknown memory" : what.peakKibibytes() / 1024 + " MiB",
                    what.cpuMillis() < 0
                            ? "unknown seconds"
                            : String.format(Locale.ROOT, "%.1f s", what.cpuMillis() / 1e3)));
        }
    }

    private void starts(Path directory) throws Exception {
        Path store = ManySessions.store(work, options.sessions());
        int found = ManySessions.count(store);
        if (found != options.sessions()) {
            throw new IllegalStateException(store + " has " + found + " sessions instead of " + options.sessions());
        }
        List<String> empty =
                List.of(Processes.executable(), "-cp", emptyProgram(directory).toString(), Nothing.class.getName());
        int starts = Math.min(MAX_STARTS, options.rounds());
        Path launcher = options.launcher();
        if (launcher == null) {
            double[] nothing = new double[starts];
            for (int k = 0; k < starts; k++) {
                nothing[k] = Processes.run(directory, empty).millis();
            }
            report.remark("(e) not measured, no launcher; an empty program took " + Figure.millis(nothing));
            return;
        }
        String script = launcher.toAbsolutePath().normalize().toString();
        List<String> list = List.of(script, "ls", "--store", store.toString());
        List<String> version = List.of(script, "--version");
        // The first ones build, make the start-up cache, and fill the page cache.
        Processes.run(directory, version);
        Processes.run(directory, version);
        long lines = Processes.run(directory, list).output().lines().count();
        List<double[]> millis = List.of(new double[starts], new double[starts], new double[starts]);
        for (int round = 0; round < starts; round++) {
            millis.get(0)[round] = Processes.run(directory, list).millis();
            millis.get(1)[round] = Processes.run(directory, version).millis();
            millis.get(2)[round] = Processes.run(directory, empty).millis();
        }
        double listed = Medians.of(millis.get(0));
        report.add(new Figure(
                String.format(Locale.ROOT, "(e) holdfast ls, %,d sessions", options.sessions()),
                Figure.millis(millis.get(0)),
                Figure.NONE,
                Figure.NONE,
                String.format(Locale.ROOT, "<= %,.0f ms", TARGET_LIST_MILLIS),
                listed <= TARGET_LIST_MILLIS));
        double[] ratios = Medians.ratios(millis.get(1), millis.get(2));
        report.add(new Figure(
                "(e) holdfast --version",
                Figure.millis(millis.get(1)),
                "an empty program: " + Figure.millis(millis.get(2)),
                Figure.spread(ratios),
                "<= " + TARGET_START,
                Medians.of(ratios) <= TARGET_START));
        report.remark("(e): whole processes from the launcher on, medians of " + starts + "; ls printed " + lines
                + " lines, nothing but the sessions' own files was there to read");
    }

    /** A class path with the empty program alone. */
    private static Path emptyProgram(Path directory) throws IOException {
        String name = Nothing.class.getName().replace('.', '/') + ".class";
        Path file = directory.resolve("empty").resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        try (@Nullable InputStream in = SideBySide.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the class " + name + " is not on the class path");
            }
            Files.copy(in, file);
        }
        return directory.resolve("empty");
    }
}
