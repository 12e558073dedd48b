package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AppendTest {
    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make();
    }

    private List<JsonNode> records() {
        return program.run("log", id, "--json").done().jsonLines();
    }

    @Test
    void oneMessageIsAppendedWithoutReadingInput() {
        String position =
                program.run("append", id, "--text", "Split the parser").done().out();
        assertThat(position).isEqualTo(id + "/1/1\n");
        program.run("append", id, "--role", "assistant", "--text", "--json").done();
        assertThat(records().get(1).path("data").toString())
                .isEqualTo("{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Split the parser\"}]}");
        assertThat(records().get(2).path("data").path("role").asString()).isEqualTo("assistant");
        program.run("append", id, "--role", "judge", "--text", "x")
                .refused(ExitCode.USAGE)
                .saying("system, user");
        program.run("append", id, "--role", "user").refused(ExitCode.USAGE).saying("--text");
    }

    @Test
    void manyLinesGiveTheirPositionsInOrder() {
        StringBuilder input = new StringBuilder("\n");
        for (int k = 0; k < 3_000; k++) {
            input.append(Program.event("noted", Map.of("text", "line " + k))).append(k % 7 == 0 ? "\r\n" : "\n");
        }
        List<String> positions =
                program.runWith(input.toString(), "append", id).done().lines();
        List<JsonNode> records = records().subList(1, 3_001);
        assertThat(positions).hasSize(3_000);
        for (int k = 0; k < 3_000; k++) {
            assertThat(records.get(k).path("position").asString()).isEqualTo(positions.get(k));
            assertThat(records.get(k).path("data").path("text").asString()).isEqualTo("line " + k);
        }
        program.assertSound();
    }

    @Test
    void aPositionIsPrintedBeforeTheNextLineIsWaitedFor() throws Exception {
        Process process = program.start("append", id);
        try (OutputStream in = process.getOutputStream();
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int k = 1; k <= 3; k++) {
                in.write((Program.event("noted", Map.of("text", "n" + k)) + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
                assertThat(out.readLine()).isEqualTo(id + "/1/" + k);
                // Whoever reads the position finds the record.
                assertThat(records()).hasSize(k + 1);
            }
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void dataOfUnknownTypesKeepsItsText() {
        String line = "{\"type\":\"later.kind\",\"data\":{ \"n\": 1.500, \"n\": 2 ,\"u\":\"\\u00e9\"}}";
        program.runWith(line, "append", id).done();
        assertThat(program.run("log", id, "--json", "--from", "1/1").out())
                .contains("\"data\":{ \"n\": 1.500, \"n\": 2 ,\"u\":\"\\u00e9\"}");
    }

    @Test
    void timeAndIdAreTaken() {
        String line = "{\"at\":\"2001-02-03T04:05:06Z\",\"id\":\"k1\",\"type\":\"noted\",\"data\":{\"text\":\"x\"}}";
        String first = program.runWith(line, "append", id).done().out();
        assertThat(program.runWith(line, "append", id).done().out()).isEqualTo(first);
        JsonNode again = program.runWith(line, "append", id, "--json").done().json();
        assertThat(again.propertyNames()).containsExactly("position", "duplicate");
        assertThat(again.path("duplicate").asBoolean()).isTrue();
        assertThat(records()).hasSize(2);
        assertThat(records().get(1).path("at").asString()).isEqualTo("2001-02-03T04:05:06Z");
        assertThat(records().get(1).path("id").asString()).isEqualTo("k1");
        program.runWith(line.replace("\"x\"", "\"y\""), "append", id)
                .refused(ExitCode.CONFLICT)
                .saying("line 1", "k1");
        program.run("append", id, "--text", "m", "--id", "k2").done();
        program.run("append", id, "--text", "m", "--id", "k2").done();
        program.run("append", id, "--text", "other", "--id", "k2").refused(ExitCode.CONFLICT);
        assertThat(records()).hasSize(3);
        program.assertSound();
    }

    @Test
    void aConditionHoldsOrNothingIsWritten() {
        program.run("append", id, "--text", "a", "--expect", id + "/1/0").done();
        program.run("append", id, "--text", "b", "--expect", "1/0")
                .refused(ExitCode.CONFLICT)
                .saying("/1/1");
        program.run("append", id, "--text", "b", "--expect", "1/1").done();
        String two = Program.event("noted", Map.of("text", "x")) + "\n" + Program.event("noted", Map.of("text", "y"));
        program.runWith(two, "append", id, "--expect", "1/1").refused(ExitCode.CONFLICT);
        assertThat(program.runWith(two, "append", id, "--expect", "1/2").done().lines())
                .hasSize(2);
        program.run("append", id, "--text", "b", "--expect", "one")
                .refused(ExitCode.USAGE)
                .saying("position");
        String other = program.make();
        program.run("append", id, "--text", "b", "--expect", other + "/1/0").refused(ExitCode.USAGE);
        assertThat(records()).hasSize(5);
    }

    @Test
    void relaxedAppendsAreThereWhenTheCommandEnds() {
        String input = Program.event("output.appended", Map.of("text", "raw")) + "\n";
        program.runWith(input.repeat(10), "append", id, "--relaxed").done();
        assertThat(records()).hasSize(11);
    }

    @Test
    void aBadLineStopsWithItsNumberAndKeepsWhatCameBefore() {
        String good = Program.event("noted", Map.of("text", "good")) + "\n";
        String[] bad = {
            "no json",
            "[1]",
            "\"text\"",
            "{\"type\":\"noted\",\"data\":{\"text\":\"x\"}} {}",
            "{\"type\":\"noted\",\"data\":{\"text\":\"x\"}",
            "{\"data\":{}}",
            "{\"type\":7,\"data\":{}}",
            "{\"type\":\"noted\",\"data\":[]}",
            "{\"type\":\"noted\",\"data\":{}}",
            "{\"type\":\"Not A Type\",\"data\":{}}",
            "{\"type\":\"noted\",\"Data\":{\"text\":\"x\"}}",
            "{\"type\":\"segment.opened\",\"data\":{}}",
            "{\"type\":\"noted\",\"data\":{\"text\":\"x\"},\"at\":\"yesterday\"}",
            "{\"type\":\"tagged\",\"data\":{\"add\":[\"\"]}}",
            "{\"type\":\"../../etc/passwd\",\"data\":{}}",
            "[".repeat(5_000)
        };
        int expected = 1;
        for (String line : bad) {
            Program.Outcome outcome = program.runWith(good + good + line + "\n" + good, "append", id);
            outcome.refused(ExitCode.USAGE).saying("line 3, ", "what came before it is recorded");
            assertThat(outcome.lines()).as(line).hasSize(2);
            expected += 2;
        }
        assertThat(records()).hasSize(expected);
        program.assertSound();
    }

    @Test
    void bytesThatAreNoTextStopIt() {
        byte[] good = (Program.event("noted", Map.of("text", "good")) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bad = {'{', '"', (byte) 0xc3, '"', '}', '\n'};
        Program.Outcome outcome = program.runWith(
                new SequenceInputStream(new ByteArrayInputStream(good), new ByteArrayInputStream(bad)), "append", id);
        outcome.refused(ExitCode.USAGE).saying("line 2", "UTF-8");
        assertThat(outcome.lines()).hasSize(1);
    }

    @Test
    void anIllegalEventStopsAndNothingBehindItIsAppended() {
        String good = Program.event("noted", Map.of("text", "good")) + "\n";
        String cancel = Program.event("session.cancelled", Map.of("reason", "r")) + "\n";
        String message = Program.event(
                        "message.added",
                        Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "late"))))
                + "\n";
        Program.Outcome outcome = program.runWith(good + cancel + good + message + good, "append", id);
        outcome.refused(ExitCode.CONFLICT).saying("line 4", "message.added", "cancelled");
        assertThat(outcome.lines()).hasSize(3);
        assertThat(records()).hasSize(4);
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAndALargePayloadIsNot() {
        Map<String, String> many = new java.util.HashMap<>();
        for (int k = 0; k < 2_000; k++) {
            many.put("key" + k, "v".repeat(900));
        }
        String good = Program.event("noted", Map.of("text", "good")) + "\n";
        Program.Outcome outcome =
                program.runWith(good + Program.event("metadata.set", Map.of("set", many)) + "\n" + good, "append", id);
        outcome.refused(ExitCode.USAGE).saying("line 2", "1048576");
        assertThat(outcome.lines()).hasSize(1);
        String large = "ä".repeat(1_000_000);
        program.run("append", id, "--text", large).done();
        List<String> printed =
                program.run("log", id, "--json", "--from", "1/2").done().lines();
        assertThat(printed.getFirst()).contains("$blob").hasSizeLessThan(1_000);
        JsonNode joined = program.run("log", id, "--json", "--blobs", "--from", "1/2")
                .done()
                .json();
        assertThat(joined.path("data").path("parts").path(0).path("content").asString())
                .isEqualTo(large);
        program.assertSound();
    }

    @Test
    void whenNobodyReadsThePositionsItStops() throws IOException {
        String good = Program.event("noted", Map.of("text", "good")) + "\n";
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        int code = Main.run(
                new String[] {"append", id},
                new ByteArrayInputStream(good.repeat(5_000).getBytes(StandardCharsets.UTF_8)),
                new PrintStream(closed),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                Map.of("HOLDFAST_STORE", program.store().toString()));
        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("holdfast: nobody reads")
                .doesNotContain("\tat ");
        assertThat(records().size()).isBetween(2, 4_999);
    }

    @Test
    void linesAreReadWholeHoweverTheyArrive() {
        List<String> texts = new ArrayList<>(Collections.nCopies(3, "x".repeat(200_000)));
        StringBuilder input = new StringBuilder();
        texts.forEach(text -> input.append(text).append('\n'));
        byte[] bytes = (input + "last").getBytes(StandardCharsets.UTF_8);
        LineInput lines = new LineInput(
                new ByteArrayInputStream(bytes) {
                    @Override
                    public int read(byte[] target, int from, int length) {
                        return super.read(target, from, Math.min(length, 1_313));
                    }
                },
                1 << 20);
        for (String text : texts) {
            assertThat(lines.isReady()).isTrue();
            assertThat(lines.next()).isEqualTo(text);
        }
        assertThat(lines.isReady()).isFalse();
        assertThat(lines.next()).isEqualTo("last");
        assertThat(lines.next()).isNull();
        assertThat(lines.number()).isEqualTo(4);
    }
}
