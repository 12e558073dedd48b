package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The program in this process, on a store and a home of its own; and as a process where it must be a real one. */
final class Program {
    private final Path directory;
    private final Map<String, String> env = new LinkedHashMap<>();

    /** What a run left behind. */
    record Outcome(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        JsonNode json() {
            return Json.tree(out);
        }

        List<JsonNode> jsonLines() {
            return out.lines().map(Json::tree).toList();
        }

        /** Done, and nothing to complain about. */
        Outcome done() {
            assertThat(err).isEmpty();
            assertThat(code).isZero();
            return this;
        }

        /** Refused with a code and one line that says so. */
        Outcome refused(ExitCode expected) {
            assertThat(code).as(err + out).isEqualTo(expected.number());
            assertThat(err).startsWith("holdfast: ").endsWith("\n").doesNotContain("\tat ", "Exception");
            assertThat(err.lines()).hasSize(1);
            return this;
        }

        /** Refused with a code and one JSON object, which is returned. */
        JsonNode refusedAsJson(ExitCode expected, String name) {
            assertThat(code).as(err + out).isEqualTo(expected.number());
            assertThat(err.lines()).hasSize(1);
            JsonNode fault = Json.tree(err);
            assertThat(fault.propertyNames()).containsExactly("error");
            assertThat(fault.path("error").propertyNames()).containsExactly("code", "message");
            assertThat(fault.path("error").path("code").asString()).isEqualTo(name);
            return fault.path("error");
        }

        /** Refused after something was printed. */
        void refusedAfterPreview(ExitCode expected, String words) {
            refused(expected).saying(words);
            assertThat(out).isNotEmpty();
        }

        /** Refused, in words that say what to do. */
        Outcome saying(String... words) {
            assertThat(err).contains(words);
            return this;
        }
    }

    private Program(Path directory) {
        this.directory = directory;
        env.put("HOME", directory.resolve("home").toString());
        env.put("HOLDFAST_STORE", directory.resolve("store").toString());
    }

    /** A program whose store does not exist yet. */
    static Program withoutStore(Path directory) {
        return new Program(directory);
    }

    static Program withStore(Path directory) {
        Program program = new Program(directory);
        program.run("init").done();
        return program;
    }

    Path store() {
        return Path.of(env.get("HOLDFAST_STORE"));
    }

    Program with(String variable, String value) {
        Program changed = new Program(directory);
        changed.env.putAll(env);
        changed.env.put(variable, value);
        return changed;
    }

    Program without(String variable) {
        Program changed = with(variable, "");
        changed.env.remove(variable);
        return changed;
    }

    Program onTerminal() {
        return with("HOLDFAST_TTY", "1,1,1,80");
    }

    Outcome run(String... args) {
        return runWith("", args);
    }

    Outcome runWith(String input, String... args) {
        return runWith(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
    }

    Outcome runWith(InputStream input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                input,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                env);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Makes a session and returns its id. */
    String make(String... options) {
        List<String> args = new ArrayList<>(List.of("new"));
        args.addAll(List.of(options));
        return run(args.toArray(new String[0])).done().out().strip();
    }

    /** Appends messages of the user and returns their positions. */
    List<String> say(String id, String... texts) {
        StringBuilder input = new StringBuilder();
        for (String text : texts) {
            input.append(event("noted", Map.of("text", text))).append('\n');
        }
        return runWith(input.toString(), "append", id).done().lines();
    }

    static String event(String type, Map<String, ?> data) {
        return Json.of(Map.of("type", type, "data", data)).text();
    }

    JsonNode show(String id) {
        return run("show", id, "--json").done().json();
    }

    /** Nothing in the store is torn, damaged or left lying about. */
    void assertSound() {
        Outcome outcome = run("verify", "--json").done();
        for (JsonNode session : outcome.jsonLines()) {
            assertThat(session.path("faults").isEmpty()).as(session.toString()).isTrue();
        }
    }

    /** Where a session's files are. */
    Path files(String id) {
        return store().resolve("sessions")
                .resolve(id.substring(id.length() - 2))
                .resolve(id);
    }

    /** Every file of the store that is authority, with its content. */
    Map<String, String> content() throws IOException {
        Map<String, String> content = new LinkedHashMap<>();
        try (Stream<Path> paths = Files.walk(store())) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                String name = store().relativize(path).toString();
                if (!name.startsWith("runtime")) {
                    content.put(name, Files.readString(path, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content;
    }

    /** Starts the program as a process of its own. */
    Process start(String... args) throws IOException {
        return start(List.of(), args);
    }

    /** Starts the program as a process of its own, behind a command that starts it. */
    Process start(List<String> before, String... args) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add("dev.holdfast.cli.Main");
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(env);
        return builder.start();
    }
}
