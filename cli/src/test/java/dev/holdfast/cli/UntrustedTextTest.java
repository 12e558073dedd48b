package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents and their tools wrote cannot drive the terminal it is shown on. */
class UntrustedTextTest {
    private static final String EVIL = "a\u001b[31mred\u001b]0;title\u0007\u001b[2J\u0000\u0008\u007f\u009b5n\u202eback"
            + "\u2066\rover\u0085\u001bc\u001bP1;2|x\u001b\\end";

    @TempDir
    Path directory;

    private static void assertHarmless(String text) {
        // Our own colours are the only sequences there may be.
        String rest = text.replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(rest.chars().filter(c -> c != '\n' && c != '\t'))
                .noneMatch(c -> Character.isISOControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069);
    }

    @Test
    void noCommandLetsControlCharactersThrough() {
        Program program = Program.withStore(directory);
        String id = evilSession(program);
        Program plain = program.onTerminal().with("NO_COLOR", "1");
        for (Program each : List.of(program, program.onTerminal(), plain)) {
            Stream.concat(shows(id), refusals(id)).forEach(command -> {
                Program.Outcome outcome = each.run(command.toArray(new String[0]));
                assertHarmless(outcome.out());
                assertHarmless(outcome.err());
            });
        }
        assertHarmless(
                program.runWith("{\"type\":\"" + EVIL + "\"}", "append", id).err());
        assertThat(plain.run("log", id).out()).doesNotContain("\u001b");
        assertThat(program.run("log", id).out()).doesNotContain("\u001b").contains("red", "line\tb");
        assertThat(program.onTerminal().run("ls").out()).contains("\u001b[");
        assertThat(program.run("show", id, "--json").json().path("title").asString())
                .isEqualTo(EVIL);
    }

    /** A session with such text wherever text can be. */
    private static String evilSession(Program program) {
        String id = program.make(
                "--title",
                EVIL,
                "--project",
                EVIL,
                "--metadata",
                EVIL.replace("=", "") + "=" + EVIL,
                "--focus",
                EVIL,
                "--option",
                "k=" + EVIL,
                "--start");
        List<String> events = List.of(
                message("assistant", Map.of("type", "text", "content", EVIL + "\nline\tb" + EVIL)),
                message("assistant", Map.of("type", "reasoning", "content", EVIL)),
                message(
                        "assistant",
                        Map.of("type", "tool_call", "id", "1", "name", EVIL, "arguments", Map.of(EVIL, EVIL))),
                message("tool", Map.of("type", "tool_call_response", "id", "1", "response", EVIL)),
                message("tool", Map.of("type", "blob", "mime_type", EVIL, "content", "AAAA")),
                Program.event("extension", Map.of("namespace", "x", "data", Map.of(EVIL, EVIL))),
                Program.event("output.appended", Map.of("text", EVIL)),
                Program.event("noted", Map.of("text", EVIL, "author", EVIL)));
        program.runWith(String.join("\n", events), "append", id).done();
        program.run("append", id, "--text", EVIL).done();
        program.run("checkpoint", "create", id, "--state", Json.of(EVIL).text(), "--meta", "k=" + EVIL)
                .done();
        program.run("compact", id, "--summary", EVIL).done();
        program.run("fork", id, "--title", EVIL).done();
        program.run("pause", id, "--reason", EVIL).done();
        program.run("fail", id, "--error", EVIL).done();
        return id;
    }

    private static Stream<List<String>> shows(String id) {
        return Stream.of(
                List.of("ls"),
                List.of("ls", "--json"),
                List.of("show", id),
                List.of("show", id, "--json"),
                List.of("log", id),
                List.of("log", id, "--full"),
                List.of("log", id, "--json"),
                List.of("log", id, "--json", "--blobs"),
                List.of("log", id, "--view"),
                List.of("log", id, "--history", "--reverse"),
                List.of("lineage", id),
                List.of("lineage", id, "--json"),
                List.of("checkpoint", "ls", id),
                List.of("checkpoint", "show", id, "1"),
                List.of("checkpoint", "show", id, "1", "--json"),
                List.of("checkpoint", "prune", id, "--keep-last", "0"),
                List.of("prune", "--older-than", "0s"),
                List.of("prune", "--older-than", "0s", "--json"),
                List.of("export", id, "--format", "jsonl"),
                List.of("export", id, "--format", "markdown", "--redact"),
                List.of("export", id, "--format", "html"),
                List.of("verify"),
                List.of("rm", id, "-n"));
    }

    private static Stream<List<String>> refusals(String id) {
        String path = "/no" + EVIL.replace("\0", "");
        return Stream.of(
                List.of("show", EVIL),
                List.of("ls", "--status", EVIL),
                List.of("ls", "--since", EVIL),
                List.of(EVIL),
                List.of("ls", EVIL),
                List.of("ls", "--" + EVIL),
                List.of("set", id, EVIL),
                List.of("append", id, "--role", EVIL, "--text", "x"),
                List.of("ls", "--store", path),
                List.of("import", path),
                List.of("fork", EVIL + "/1/2"),
                List.of("rewind", EVIL),
                List.of("restore", id, EVIL),
                List.of("log", id, "--before", EVIL),
                List.of("checkpoint", "create", id, "--state", "@" + path),
                List.of("checkpoint", "create", id, "--label", EVIL),
                List.of("prune", "--older-than", EVIL),
                List.of("export", id, "-o", path),
                List.of("export", id, "--format", EVIL),
                List.of("export", id, "--format", "html", "--redact-pattern", "(" + EVIL),
                List.of("show", EVIL, "--json"),
                List.of("trash", "restore", EVIL));
    }

    private static String message(String role, Map<String, ?> part) {
        return Json.of(Map.of("type", "message.added", "data", Map.of("role", role, "parts", List.of(part))))
                .text();
    }

    @Test
    void sequencesVanishAndTheRestIsEscaped() {
        assertThat(Text.line("a\u001b[1;31mb\u001b[0m")).isEqualTo("ab");
        assertThat(Text.line("a\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\")).isEqualTo("alink");
        assertThat(Text.line("a\u001b")).isEqualTo("a\\u001b");
        assertThat(Text.line("a\n\n\tb  c")).isEqualTo("a b  c");
        assertThat(Text.block("a\r\n\tb\rc")).isEqualTo("a\n\tb\\u000dc");
        assertThat(Text.line("\u202eabc")).isEqualTo("\\u202eabc");
        assertThat(Text.line("naïve 漢字 🙂")).isEqualTo("naïve 漢字 🙂");
    }

    @Test
    void widthsCountColumns() {
        assertThat(Text.width("漢字")).isEqualTo(4);
        assertThat(Text.cut("漢字漢字", 5)).isEqualTo("漢字…");
        assertThat(Text.cut("abc", 3)).isEqualTo("abc");
        assertThat(Text.cut("abcd", 3)).isEqualTo("ab…");
        assertThat(Text.cutStart("/a/b/c.txt", 6)).isEqualTo("…c.txt");
        assertThat(Text.cutStart("漢字漢字", 4)).isEqualTo("…字");
        assertThat(Text.cutStart("abc", 3)).isEqualTo("abc");
        assertThat(Text.padLeft("é", 3)).isEqualTo("  é");
        assertThat(Text.padRight("漢", 3)).isEqualTo("漢 ");
    }

    @Test
    void countsAreShort() {
        assertThat(Text.count(999)).isEqualTo("999");
        assertThat(Text.count(1_000)).isEqualTo("1.0k");
        assertThat(Text.count(9_949)).isEqualTo("9.9k");
        assertThat(Text.count(9_999)).isEqualTo("10k");
        assertThat(Text.count(999_999)).isEqualTo("1.0M");
        assertThat(Text.count(Long.MAX_VALUE)).isEqualTo("9.2E");
        assertThat(Text.count(-1_500)).isEqualTo("-1.5k");
    }
}
