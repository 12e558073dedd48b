package dev.holdfast.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the usual commands on a store of its own that is removed again, so that a start-up cache learns their classes. */
final class WarmUp {
    private static final String TRANSCRIPT = """
            {"type":"user","sessionId":"0d6a8a5e-5f4e-4d0c-9d3c-2c1f6a7b8c9d","uuid":"1","parentUuid":null,"isSidechain":false,\
            "cwd":"/","version":"1.0.0","timestamp":"2026-01-01T00:00:00.000Z","message":{"role":"user","content":"hello"}}
            """;

    private WarmUp() {}

    static int run() {
        try {
            Path directory = Files.createTempDirectory("holdfast-warm-up-");
            try {
                commands(directory);
            } finally {
                remove(directory);
            }
            return 0;
        } catch (IOException e) {
            return ExitCode.FAILED.number();
        }
    }

    private static void commands(Path directory) throws IOException {
        String store = directory.resolve("store").toString();
        Path transcript = Files.writeString(directory.resolve("transcript.jsonl"), TRANSCRIPT);
        String id = call(store, "", "new", "--title", "warm-up", "--tag", "t", "--start", "--metadata", "k=1");
        call(store, "{\"type\":\"noted\",\"data\":{\"text\":\"n\"}}\n", "append", id);
        call(store, "", "append", id, "--text", "hello");
        call(store, "", "set", id, "title=warm", "meta.a=1");
        call(store, "", "import", transcript.toString());
        call(store, "", "ls");
        call(store, "", "ls", "--json");
        call(store, "", "show", id);
        call(store, "", "show", id, "--json");
        call(store, "", "log", id);
        call(store, "", "log", id, "--json");
        call(store, "", "pause", id, "--reason", "r");
        call(store, "", "show", "no-such-session");
        call(store, "", "checkpoint", "create", id, "--label", "l", "--state", "{}");
        call(store, "", "checkpoint", "ls", id);
        call(store, "", "fork", id);
        call(store, "", "lineage", id);
        call(store, "", "log", id, "--view");
        call(store, "", "verify");
        call(store, "", "rm", id);
        call(store, "", "trash", "ls");
        call(store, "", "--help");
        call(store, "", "ls", "--help");
    }

    private static String call(String store, String input, String... args) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        Main.run(args, in, out, err, Map.of("HOLDFAST_STORE", store, "HOLDFAST_TTY", "0,1,1,100"));
        return output.toString(StandardCharsets.UTF_8).strip();
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
