package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LogTest {
    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make("--title", "t");
    }

    @Test
    void jsonHasOneObjectARecord() {
        program.say(id, "one", "two");
        List<JsonNode> records = program.run("log", id, "--json").done().jsonLines();
        assertThat(records)
                .hasSize(3)
                .allSatisfy(
                        record -> assertThat(record.propertyNames()).containsExactly("position", "at", "type", "data"));
        assertThat(records.get(0).path("type").asString()).isEqualTo("segment.opened");
        assertThat(records.get(2).path("position").asString()).isEqualTo(id + "/1/2");
        assertThat(records.get(2).path("data").toString()).isEqualTo("{\"text\":\"two\"}");
    }

    @Test
    void fromAndLimitChooseRecords() {
        program.say(id, "one", "two", "three");
        assertThat(program.run("log", id, "--json", "--from", "1/2", "--limit", "1")
                        .done()
                        .json()
                        .path("data")
                        .toString())
                .contains("two");
        assertThat(program.run("log", id, "--json", "--from", id + "/1/3")
                        .done()
                        .lines())
                .hasSize(1);
        assertThat(program.run("log", id, "--json", "--from", "1/99").done().lines())
                .isEmpty();
        program.run("log", id, "--from", "here").refused(ExitCode.USAGE).saying("position");
        program.run("log", id, "--limit", "0").refused(ExitCode.USAGE);
    }

    @Test
    void peopleSeeRolesAndFirstLines() {
        String text = "first\nsecond\n" + "more\n".repeat(50);
        program.run("append", id, "--text", text).done();
        String call = Json.of(Map.of(
                        "type",
                        "message.added",
                        "data",
                        Map.of(
                                "role", "assistant",
                                "model", "some-model",
                                "parts",
                                        List.of(
                                                Map.of("type", "reasoning", "content", "hmm"),
                                                Map.of(
                                                        "type",
                                                        "tool_call",
                                                        "id",
                                                        "c1",
                                                        "name",
                                                        "bash",
                                                        "arguments",
                                                        Map.of("command", "ls"))))))
                .text();
        String answer = Json.of(Map.of(
                        "type",
                        "message.added",
                        "data",
                        Map.of(
                                "role",
                                "tool",
                                "parts",
                                List.of(Map.of(
                                        "type",
                                        "tool_call_response",
                                        "id",
                                        "c1",
                                        "response",
                                        "a.txt\nb.txt",
                                        "error",
                                        true)))))
                .text();
        program.runWith(call + "\n" + answer, "append", id).done();
        String shown = program.run("log", id).done().out();
        assertThat(shown).contains("user\n    first\n    second\n", "... 46 more lines", "assistant", "some-model");
        assertThat(shown).contains("-> bash {\"command\":\"ls\"}", "<- error: a.txt b.txt", "(reasoning)");
        assertThat(program.run("log", id, "--full").done().out())
                .doesNotContain("more lines")
                .contains("    b.txt\n");
    }

    @Test
    @Timeout(60)
    void followingGoesOnUntilTheSessionIsFinal() throws Exception {
        program.run("start", id).done();
        Process process = program.start("log", id, "-f", "--until-final", "--json", "--from", "1/1");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(Json.tree(out.readLine()).path("type").asString()).isEqualTo("session.started");
            program.say(id, "while followed");
            assertThat(Json.tree(out.readLine()).path("data").path("text").asString())
                    .isEqualTo("while followed");
            program.run("complete", id).done();
            assertThat(Json.tree(out.readLine()).path("type").asString()).isEqualTo("session.completed");
            assertThat(out.readLine()).isNull();
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    @Timeout(60)
    void followingEndsQuietlyWhenItIsToldTo() throws Exception {
        Process process = program.start("log", id, "-f");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).contains("segment.opened");
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
        }
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoFault() {
        program.say(id, "x".repeat(40_000), "y".repeat(40_000));
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        int code = Main.run(
                new String[] {"log", id, "--json"},
                java.io.InputStream.nullInputStream(),
                new PrintStream(closed),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                Map.of("HOLDFAST_STORE", program.store().toString()));
        assertThat(code).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void anOutputThatCannotBeWrittenIsAFault() throws Exception {
        Process process = program.start(List.of("sh", "-c", "exec \"$0\" \"$@\" >/dev/full"), "log", id);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err).startsWith("holdfast: cannot write the output").hasLineCount(1);
    }
}
