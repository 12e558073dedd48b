package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ExportTest {
    @TempDir
    Path directory;

    private Program program() {
        return Program.withStore(directory);
    }

    private Program elsewhere() throws IOException {
        return Program.withStore(Files.createDirectories(directory.resolve("elsewhere")));
    }

    private static String session(Program program) {
        String id = program.make("--title", "Split the parser", "--start");
        program.run("append", id, "--text", "the key is AKIAIOSFODNN7EXAMPLE").done();
        program.run("append", id, "--text", "x".repeat(100_000)).done();
        return id;
    }

    @Test
    void aSessionTravels() throws IOException {
        Program program = program();
        Program other = elsewhere();
        String id = session(program);
        Path file = directory.resolve("a.zip");
        Program.Outcome exported =
                program.run("export", id, "-o", file.toString()).done();
        assertThat(exported.out()).contains(file.toString(), "2 files");

        assertThat(other.run("import", file.toString()).done().out()).contains(id, "new, 4 records");
        assertThat(other.run("log", id, "--json").done().out())
                .isEqualTo(program.run("log", id, "--json").out());
        assertThat(other.run("import", file.toString()).done().out()).contains("nothing to do");

        program.say(id, "more");
        JsonNode report = program.run("export", id, "-o", file.toString(), "--force", "--json")
                .done()
                .json();
        assertThat(report.propertyNames())
                .containsExactly("id", "format", "path", "bytes", "files", "ancestors", "lost");
        JsonNode extended =
                other.run("import", file.toString(), "--json").done().json();
        assertThat(extended.propertyNames()).containsExactly("path", "format", "id", "records", "result");
        assertThat(extended.path("result").asString()).isEqualTo("extended");
        assertThat(extended.path("records").asLong()).isEqualTo(1);

        other.say(id, "there");
        program.say(id, "here");
        program.run("export", id, "-o", file.toString(), "--force").done();
        JsonNode forked = other.run("import", file.toString(), "--json").done().json();
        assertThat(forked.path("result").asString()).isEqualTo("forked");
        assertThat(forked.path("of").asString()).isEqualTo(id);
        assertThat(forked.path("at").asString()).isEqualTo(id + "/1/4");
        assertThat(other.run("ls", "--json").done().lines()).hasSize(2);
        other.assertSound();
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Program program = program();
        String id = session(program);
        Path file = Files.writeString(directory.resolve("mine"), "mine");
        for (String format : new String[] {"holdfast", "jsonl", "markdown", "html"}) {
            program.run("export", id, "--format", format, "-o", file.toString())
                    .refused(ExitCode.CONFLICT)
                    .saying("exists already");
            assertThat(file).hasContent("mine");
        }
        program.run("export", id, "--format", "html", "-o", file.toString(), "--force")
                .done();
        assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>");
        program.run("export", id, "-o", directory.toString(), "--force").refused(ExitCode.CONFLICT);
        program.run("export", id, "-o", directory.resolve("no/where").toString())
                .refused(ExitCode.NOT_FOUND);
        program.run("export", "0196f5a2").refused(ExitCode.NOT_FOUND);
    }

    @Test
    void textGoesToStandardOutput() {
        Program program = program();
        String id = session(program);
        assertThat(program.run("export", id, "--format", "jsonl").done().jsonLines())
                .hasSize(4);
        assertThat(program.run("export", id, "--format", "jsonl", "--view")
                        .done()
                        .jsonLines())
                .hasSize(4);
        assertThat(program.run("export", id, "--format", "markdown").done().out())
                .startsWith("# Split the parser\n");
        assertThat(program.onTerminal()
                        .run("export", id, "--format", "html")
                        .done()
                        .out())
                .contains("</html>");
        Program.Outcome asJson = program.run("export", id, "--format", "html", "--json");
        assertThat(asJson.code()).isZero();
        assertThat(asJson.out()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(Json.tree(asJson.err()).path("records").asLong()).isEqualTo(4);
    }

    @Test
    void anArchiveIsNoTextForATerminal() throws IOException {
        Program program = program();
        String id = session(program);
        program.onTerminal()
                .run("export", id, "-o", "-")
                .refused(ExitCode.USAGE)
                .saying("-o FILE");
        Path file = directory.resolve("piped.zip");
        try {
            Process process = program.start("export", id, "-o", "-");
            Files.write(file, process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(elsewhere().run("import", file.toString()).done().out()).contains(id);
    }

    @Test
    void secretsAreTakenOutOnRequestAndCounted() {
        Program program = program();
        String id = session(program);
        assertThat(program.run("export", id, "--format", "markdown").done().out())
                .contains("AKIAIOSFODNN7EXAMPLE");
        Program.Outcome redacted =
                program.run("export", id, "--format", "markdown", "--redact", "--redact-pattern", "x{100}");
        assertThat(redacted.code()).isZero();
        assertThat(redacted.out()).doesNotContain("AKIAIOSFODNN7EXAMPLE", "xxxx");
        assertThat(redacted.err()).isEqualTo("holdfast: redacted 1001: aws-key 1, pattern 1 1000\n");
        String file = directory.resolve("a.jsonl").toString();
        JsonNode report = program.run("export", id, "--format", "jsonl", "--redact", "-o", file, "--json")
                .done()
                .json();
        assertThat(report.path("redactions").path("aws-key").asLong()).isEqualTo(1);
        program.run("export", id, "--redact").refused(ExitCode.USAGE).saying("checksums", "--format jsonl");
        program.run("export", id, "--redact-pattern", "x").refused(ExitCode.USAGE);
        program.run("export", id, "--view").refused(ExitCode.USAGE);
        program.run("export", id, "--format", "markdown", "--redact-pattern", "(")
                .refused(ExitCode.USAGE);
        program.run("export", id, "--format", "pdf").refused(ExitCode.USAGE).saying("markdown");
    }

    @Test
    void aDamagedExportIsRefused() throws IOException {
        Program program = program();
        Program other = elsewhere();
        String id = session(program);
        Path file = directory.resolve("a.zip");
        program.run("export", id, "-o", file.toString()).done();
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
        var before = other.content();
        other.run("import", file.toString()).refused(ExitCode.DAMAGED).saying(file.toString(), "nothing was imported");
        assertThat(other.run("import", file.toString(), "--json").refusedAsJson(ExitCode.DAMAGED, "DAMAGED"))
                .isNotNull();
        assertThat(other.content()).isEqualTo(before);
    }

    @Test
    void whatWasLostBeforeIsSaid() throws IOException {
        Program program = program();
        String id = session(program);
        try (var blobs = Files.list(program.files(id).resolve("blobs"))) {
            Files.delete(blobs.findFirst().orElseThrow());
        }
        Path file = directory.resolve("a.zip");
        Program.Outcome outcome = program.run("export", id, "-o", file.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(outcome.err()).contains("lost before the export");
        assertThat(elsewhere().run("import", file.toString()).done().out()).contains("new, 4 records");
        Program.Outcome text = program.run("export", id, "--format", "markdown");
        assertThat(text.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(text.out()).contains("the key is").contains("payload is lost");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .startsWith("PK");
    }
}
