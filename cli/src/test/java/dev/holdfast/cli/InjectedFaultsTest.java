package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * System calls of the real program that fail, by strace: what it printed is there, it ends as it says it does, and the
 * next command works.
 */
@Tag("nightly")
class InjectedFaultsTest {
    private static final List<String> ERRORS = List.of("EIO", "ENOSPC", "EINTR");

    @TempDir
    Path directory;

    /** A call that fails for the n-th time that a thread makes it on one of the files. */
    private record Fault(String call, String error, int when) {}

    @Test
    @Timeout(1800)
    void nothingThatWasPrintedIsLostWhicheverCallFails() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/strace"))) {
            System.out.println("NOT TRIED: there is no strace here; install it to inject faults into system calls");
            return;
        }
        int number = 0;
        int hit = 0;
        for (Fault fault : faults()) {
            Program program = Program.withStore(Files.createDirectory(directory.resolve("n" + number++)));
            String id = program.make("--start", "--title", "before");
            program.say(id, "settled");
            hit += attempt(program, id, fault, "append", id) ? 1 : 0;
            hit += attempt(program, id, fault, "set", id, "title=after") ? 1 : 0;
            hit += attempt(program, id, fault, "new", "--title", "another") ? 1 : 0;
            hit += attempt(program, id, fault, "pause", id) ? 1 : 0;
        }
        System.out.println(hit + " of " + 4 * number + " commands met a fault");
        assertThat(hit).isGreaterThan(number);
    }

    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String error : ERRORS) {
            for (int when = 1; when <= 3; when++) {
                for (String call : List.of("write,pwrite64,writev", "fsync,fdatasync", "openat", "rename,renameat2")) {
                    faults.add(new Fault(call, error, when));
                }
            }
        }
        return faults;
    }

    /** Runs one command with a fault; tells whether the fault was met. */
    private boolean attempt(Program program, String id, Fault fault, String... args) throws Exception {
        Path trace = Files.createTempFile(directory, "trace", "");
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", trace.toString()));
        for (Path path : paths(program, id)) {
            strace.addAll(List.of("-P", path.toString()));
        }
        strace.addAll(List.of(
                "-e",
                "trace=" + fault.call(),
                "-e",
                "inject=" + fault.call() + ":error=" + fault.error() + ":when=" + fault.when()));
        Process process = program.start(strace, args);
        List<String> texts = new ArrayList<>();
        try (var in = process.getOutputStream()) {
            if (args[0].equals("append")) {
                for (int k = 0; k < 4; k++) {
                    texts.add(fault.call() + fault.error() + fault.when() + "-" + k);
                    in.write((Program.event("noted", Map.of("text", texts.getLast())) + "\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Broken pipe");
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        String what = fault + ", " + List.of(args) + ": " + code + "\n" + out + err;
        assertThat(code).as(what).isBetween(0, 5);
        assertThat(err).as(what).doesNotContain("\tat ", "Exception", "Error:");
        if (code != 0) {
            assertThat(err).as(what).startsWith("holdfast: ").endsWith("\n");
        }
        assertIsThere(program, id, args[0], out.substring(0, out.lastIndexOf('\n') + 1), texts, what);
        return Files.readString(trace).contains("(INJECTED)");
    }

    /** What the program uses of the store; the runtime's own files are none of them. */
    private static Set<Path> paths(Program program, String id) throws IOException {
        Path files = program.files(id);
        Set<Path> paths = new LinkedHashSet<>();
        try (Stream<Path> all = Files.walk(program.store())) {
            all.forEach(paths::add);
        }
        for (int segment = 1; segment < 16; segment++) {
            paths.add(files.resolve("%06d.jsonl".formatted(segment)));
        }
        paths.add(files.resolve("state.json"));
        return paths;
    }

    private static void assertIsThere(
            Program program, String id, String command, String out, List<String> texts, String what) {
        assertThat(program.run("verify").code()).as(what).isZero();
        if (command.equals("append")) {
            Map<String, String> found = program.run("log", id, "--json").done().jsonLines().stream()
                    .collect(Collectors.toMap(
                            each -> each.path("position").asString(),
                            each -> each.path("data").path("text").asString("")));
            List<String> printed = out.lines().toList();
            for (int k = 0; k < printed.size(); k++) {
                assertThat(found.get(printed.get(k))).as(what).isEqualTo(texts.get(k));
            }
        } else if (command.equals("new") && !out.isBlank()) {
            JsonNode made = program.show(out.strip());
            assertThat(made.path("title").asString()).as(what).isEqualTo("another");
        }
        assertThat(program.run("append", id, "--text", "the next command works").code())
                .as(what)
                .isZero();
    }
}
