package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real process that notes texts in a session and prints each position after it was acknowledged. */
final class WriterProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Map<String, Position> acknowledged = new LinkedHashMap<>();

    /** What the process does beside writing. */
    enum Habit {
        NONE,
        /** Opens and closes every lock file now and then, which drops the locks of the process. */
        STRAY_CLOSE
    }

    private WriterProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a process that writes {@code count} notes, or until its input ends if that is sooner. */
    static WriterProcess start(Path store, SessionId id, String name, int count, Habit habit) {
        String classPath = Stream.of(
                        WriterProcess.class,
                        SessionStore.class,
                        tools.jackson.databind.JsonNode.class,
                        tools.jackson.core.JsonParser.class,
                        com.fasterxml.jackson.annotation.JsonProperty.class,
                        org.jspecify.annotations.Nullable.class)
                .map(type -> Path.of(java.net.URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx64m",
                            "-cp",
                            classPath,
                            WriterProcess.class.getName(),
                            store.toString(),
                            id.value(),
                            name,
                            String.valueOf(count),
                            habit.name())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new WriterProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself. */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        SessionId id = new SessionId(args[1]);
        int count = Integer.parseInt(args[3]);
        boolean stray = Habit.valueOf(args[4]) == Habit.STRAY_CLOSE;
        try (SessionStore store = SessionStore.open(directory)) {
            for (int k = 0; k < count; k++) {
                String text = args[2] + "-" + k;
                try {
                    Position position = store.annotate(id, new Annotation.Noted(text, null));
                    System.out.println("ok " + text + " " + position);
                } catch (HoldfastException e) {
                    // Unknown: may be there. Anything else: certainly not.
                    System.out.println((e.code() == ErrorCode.OUTCOME_UNKNOWN ? "unknown " : "refused ") + text + " "
                            + e.getMessage());
                }
                if (stray && k % 3 == 0) {
                    strayClose(directory);
                }
            }
        }
        System.out.println("end");
    }

    private static void strayClose(Path directory) {
        File[] files = directory.resolve("runtime/locks").toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            try (RandomAccessFile opened = new RandomAccessFile(file, "r")) {
                opened.length();
            } catch (IOException e) {
                // Somebody deleted it.
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /** Reads on until this many notes are acknowledged in all, or the process ends. */
    WriterProcess awaitAcknowledged(int count) {
        while (acknowledged.size() < count && readLine()) {
            // reading does it
        }
        return this;
    }

    /** Reads on until the process ended by itself. */
    void awaitEnd() {
        awaitAcknowledged(Integer.MAX_VALUE);
    }

    private boolean readLine() {
        try {
            String line = output.readLine();
            if (line == null) {
                return false;
            }
            String[] words = line.split(" ", 3);
            if (words[0].equals("ok")) {
                acknowledged.put(words[1], Position.parse(words[2]));
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Position> acknowledged() {
        return acknowledged;
    }

    void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
