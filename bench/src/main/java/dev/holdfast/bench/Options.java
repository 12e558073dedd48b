package dev.holdfast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to measure and how much of it.
 *
 * @param parts which figures
 * @param work where the data goes, or null for a new directory below {@code target/} that is removed at the end
 * @param corpus a directory with {@code claude-code/} and {@code codex/} below, or null for made-up transcripts
 * @param launcher the {@code holdfast} script, or null if there is none
 * @param rounds how many times each side has its turn
 * @param sliceMillis how long one turn takes
 * @param threads how many writers the figures with many writers have
 * @param importBytes how large the imported set is
 * @param sessions how many sessions are listed, and how many are held open
 * @param records how many records the long session has
 * @param markdown whether to print the report as Markdown
 */
record Options(
        Set<Part> parts,
        @Nullable Path work,
        @Nullable Path corpus,
        @Nullable Path launcher,
        int rounds,
        int sliceMillis,
        int threads,
        long importBytes,
        int sessions,
        int records,
        boolean markdown) {
    static final String HELP = """
            Usage: java --enable-native-access=ALL-UNNAMED -cp bench/target/benchmarks.jar dev.holdfast.bench.SideBySide
                   [OPTION...]
              --only PARTS      some of one,many,import,start,open,read,fork,hold (default: all)
              --work DIR        keeps generated data here for the next run (default: a new directory below target/)
              --corpus DIR      transcripts to repeat, in claude-code/ and codex/ (default: ../shared/corpus if it is
                                there, else made-up ones)
              --launcher FILE   the holdfast script (default: the nearest one upwards)
              --rounds N        turns of each side (default 25)
              --slice-ms N      length of a turn (default 400)
              --import-mb N     size of the imported set (default 200)
              --sessions N      sessions that are listed, or held open (default 10000)
              --records N       records of the long session (default 1000000)
              --markdown        prints the report as Markdown
              --quick           tiny sizes: shows that everything runs, its figures mean nothing
            """;

    /** A figure, or some that are measured together. */
    enum Part {
        ONE,
        MANY,
        IMPORT,
        START,
        OPEN,
        READ,
        FORK,
        HOLD
    }

    static Options full() {
        Path corpus = Path.of("..", "shared", "corpus");
        return new Options(
                EnumSet.allOf(Part.class),
                null,
                Files.isDirectory(corpus) ? corpus : null,
                nearestLauncher(),
                25,
                400,
                64,
                200L * 1024 * 1024,
                10_000,
                1_000_000,
                false);
    }

    /** Tiny sizes, and nothing from outside: no corpus and no launcher, which would build. */
    static Options quick(@Nullable Path work) {
        return new Options(EnumSet.allOf(Part.class), work, null, null, 1, 50, 4, 1024 * 1024, 30, 1, false);
    }

    static Options parse(String... args) {
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        Options options = rest.remove("--quick") ? quick(null) : full();
        while (!rest.isEmpty()) {
            String name = rest.pop();
            options = name.equals("--markdown") ? options.markdown(true) : options.with(name, value(name, rest));
        }
        return options;
    }

    private static String value(String name, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value, or there is no such option");
        }
        return rest.pop();
    }

    private Options with(String name, String value) {
        Set<Part> some = parts;
        Path workDir = work;
        Path corpusDir = corpus;
        Path script = launcher;
        int turns = rounds;
        int millis = sliceMillis;
        long bytes = importBytes;
        int count = sessions;
        int length = records;
        switch (name) {
            case "--only" -> {
                some = EnumSet.noneOf(Part.class);
                for (String part : List.of(value.split(",", -1))) {
                    some.add(Part.valueOf(part.toUpperCase(Locale.ROOT)));
                }
            }
            case "--work" -> workDir = Path.of(value);
            case "--corpus" -> corpusDir = Path.of(value);
            case "--launcher" -> script = Path.of(value);
            case "--rounds" -> turns = positive(name, value);
            case "--slice-ms" -> millis = positive(name, value);
            case "--import-mb" -> bytes = positive(name, value) * 1024L * 1024;
            case "--sessions" -> count = positive(name, value);
            case "--records" -> length = positive(name, value);
            default -> throw new IllegalArgumentException("there is no option " + name);
        }
        return new Options(some, workDir, corpusDir, script, turns, millis, threads, bytes, count, length, markdown);
    }

    private Options markdown(boolean value) {
        return new Options(
                parts, work, corpus, launcher, rounds, sliceMillis, threads, importBytes, sessions, records, value);
    }

    private static int positive(String name, String value) {
        int number = Integer.parseInt(value);
        if (number < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; at least 1");
        }
        return number;
    }

    private static @Nullable Path nearestLauncher() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("holdfast")) && Files.isExecutable(at.resolve("mvnw"))) {
                return at.resolve("holdfast");
            }
        }
        return null;
    }
}
