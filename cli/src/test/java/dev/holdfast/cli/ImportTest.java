package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ImportTest {
    private static final String LINE = """
            {"type":"user","sessionId":"0d6a8a5e-5f4e-4d0c-9d3c-2c1f6a7b8c9d","uuid":"u%d","parentUuid":null,"isSidechain":false,\
            "cwd":"/src","version":"2.0.0","timestamp":"2026-01-01T00:00:0%d.000Z","message":{"role":"user","content":"say %d"}}
            """;

    @TempDir
    Path directory;

    private Path transcript(int lines) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int k = 1; k <= lines; k++) {
            text.append(LINE.formatted(k, k, k));
        }
        Files.createDirectories(directory.resolve("source"));
        return Files.writeString(directory.resolve("source/transcript.jsonl"), text);
    }

    @Test
    void aTranscriptBecomesASessionOnce() throws Exception {
        Program program = Program.withStore(directory);
        Path source = transcript(3);
        JsonNode report =
                program.run("import", source.toString(), "--json").done().json();
        assertThat(report.propertyNames())
                .contains(
                        "path",
                        "format",
                        "bytes",
                        "lines",
                        "records",
                        "imported",
                        "skipped",
                        "faults",
                        "sessions",
                        "tokens");
        assertThat(report.path("format").asString()).isEqualTo("claude-code");
        assertThat(report.path("records").asLong()).isEqualTo(3);
        assertThat(report.path("imported").asLong()).isEqualTo(3);
        String id = report.path("sessions").path(0).path("id").asString();
        assertThat(program.run("log", id).done().out()).contains("say 1", "say 3");
        assertThat(program.run("log", id, "--json").done().jsonLines()).anyMatch(record -> record.has("source"));

        JsonNode again =
                program.run("import", source.toString(), "--json").done().json();
        assertThat(again.path("imported").asLong()).isZero();
        transcript(5);
        assertThat(program.run("import", source.getParent().toString(), "--json")
                        .done()
                        .json()
                        .path("imported")
                        .asLong())
                .isEqualTo(2);
        assertThat(program.run("ls", "--json").done().lines()).hasSize(1);
        program.assertSound();
    }

    @Test
    void faultsAreSaidAndAreNoFailure() throws Exception {
        Program program = Program.withStore(directory);
        Path source = transcript(2);
        Files.writeString(source, Files.readString(source) + "{\"type\":\"user\", broken\n" + LINE.formatted(9, 9, 9));
        Program.Outcome outcome = program.run("import", source.toString());
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("line 3", "1 fault", "1 file");
        JsonNode report = Program.withStore(directory.resolve("other"))
                .run("import", source.toString(), "--json")
                .json();
        assertThat(report.path("faults").path(0).propertyNames()).containsExactly("line", "offset", "kind", "detail");
        long accounted =
                report.path("imported").asLong() + report.path("faultCount").asLong();
        for (JsonNode count : report.path("skipped").values()) {
            accounted += count.asLong();
        }
        assertThat(accounted).isEqualTo(report.path("records").asLong());
    }

    @Test
    void aFileOfAnotherKindIsAFaultOnlyWhenItIsNamed() throws Exception {
        Program program = Program.withStore(directory);
        Path source = transcript(1);
        Path other = Files.writeString(source.resolveSibling("notes.jsonl"), "{\"a\":1}\n");
        assertThat(program.run("import", source.getParent().toString()).code()).isZero();
        assertThat(program.run("import", other.toString()).code()).isEqualTo(1);
        program.run("import", directory.resolve("nothing").toString()).refused(ExitCode.NOT_FOUND);
    }

    @Test
    void theStoreIsMadeAndProgressShowsOnATerminalOnly() throws Exception {
        Program program = Program.withoutStore(directory);
        Path source = transcript(3);
        Program.Outcome outcome = program.onTerminal().run("import", source.toString());
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("made a new store in ");
        Program.Outcome plain = program.run("import", source.toString()).done();
        assertThat(plain.out()).doesNotContain("\r", "\u001b");
    }
}
