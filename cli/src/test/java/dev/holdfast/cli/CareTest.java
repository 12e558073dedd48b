package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** verify, repair, rm and trash. */
class CareTest {
    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make("--title", "precious");
        // Each with an id, so that each is an append of its own: a later one proves that those before it were forced.
        StringBuilder input = new StringBuilder();
        for (String text : List.of("one", "two", "three")) {
            String event = Program.event("noted", Map.of("text", text));
            input.append(event, 0, event.length() - 1).append(",\"id\":\"" + text + "\"}\n");
        }
        program.runWith(input.toString(), "append", id).done();
    }

    /** Changes one byte in the middle of the record that says "two". */
    private void damage() throws Exception {
        Path segment = program.files(id).resolve("000001.jsonl");
        String text = Files.readString(segment);
        Files.writeString(segment, text.replace("\"two\"", "\"tw0\""));
        // A state that holds saves reading what lies before it, and so would pass over the damage.
        Files.delete(program.files(id).resolve("state.json"));
    }

    @Test
    void aSoundStoreIsSaidToBe() {
        program.make();
        assertThat(program.run("verify").done().out()).matches("2 sessions, 5 records, .*: sound\n");
        JsonNode report = program.run("verify", id, "--json").done().json();
        assertThat(report.propertyNames())
                .containsExactly("id", "damaged", "segments", "records", "bytes", "safe", "unsure", "faults");
        assertThat(report.path("records").asLong()).isEqualTo(4);
    }

    @Test
    void damageIsFoundToldAndRepaired() throws Exception {
        damage();
        Program.Outcome outcome = program.run("verify");
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.out())
                .contains(id, "damage: 000001.jsonl at byte", "bad record", "1 damaged", "holdfast repair");
        JsonNode report = program.run("verify", id, "--json").json();
        assertThat(report.path("damaged").asBoolean()).isTrue();
        assertThat(report.path("faults").values())
                .allSatisfy(fault ->
                        assertThat(fault.propertyNames()).containsExactly("file", "offset", "kind", "damage", "detail"))
                .anyMatch(fault -> fault.path("kind").asString().equals("bad-record"))
                .anyMatch(fault -> fault.path("damage").asBoolean());

        program.run("append", id, "--text", "more").refused(ExitCode.DAMAGED).saying("repair");
        program.run("append", id, "--text", "more", "--json").refusedAsJson(ExitCode.DAMAGED, "DAMAGED");
        Program.Outcome log = program.run("log", id, "--json");
        assertThat(log.code()).isEqualTo(5);
        assertThat(log.err()).contains("damage: 000001.jsonl", "they had been forced");
        assertThat(log.jsonLines()).anyMatch(record -> record.toString().contains("three"));

        assertThat(program.run("repair", id).done().out()).contains("is repaired", "/2/0");
        assertThat(program.run("repair", id).done().out()).contains("needs no repair");
        program.run("append", id, "--text", "more").done();
        assertThat(program.run("log", id, "--json").out()).contains("one", "three", "more");
    }

    @Test
    void whatACrashLeavesIsNormal() throws Exception {
        Path segment = program.files(id).resolve("000001.jsonl");
        Files.writeString(segment, "{\"i\":4,\"at\":\"20", StandardOpenOption.APPEND);
        Program.Outcome outcome = program.run("verify");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("normal: 000001.jsonl", "torn tail", "sound");
        program.run("append", id, "--text", "goes on").done();
        assertThat(program.run("log", id, "--json").done().jsonLines()).hasSize(6);
    }

    @Test
    void aSessionThatCannotBeReadIsListedAsSuch() throws Exception {
        String other = program.make();
        Path segment = program.files(id).resolve("000001.jsonl");
        Files.writeString(segment, Files.readString(segment).replaceFirst("segment.opened", "segment.0pened"));
        // With it, the session would be listed as it was known before.
        Files.delete(program.files(id).resolve("state.json"));
        Program.Outcome outcome = program.run("ls", "--json");
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.json().path("id").asString()).isEqualTo(other);
        assertThat(outcome.err()).contains("cannot list " + id);
        assertThat(program.run("verify").code()).isEqualTo(5);
        assertThat(program.run("show", id).code()).isEqualTo(5);
    }

    @Test
    void aSegmentOfAnotherSessionIsToldApart() throws Exception {
        String other = program.make();
        Files.copy(
                program.files(other).resolve("000001.jsonl"), program.files(id).resolve("000002.jsonl"));
        Program.Outcome outcome = program.run("verify", id);
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.out()).contains("000002.jsonl", other);
        assertThat(program.run("append", id, "--text", "x").code())
                .isIn(ExitCode.FAILED.number(), ExitCode.DAMAGED.number());
        assertThat(program.run("log", id, "--json").out()).contains("three").doesNotContain(other);
    }

    @Test
    void removalIsPreviewedAndUndone() {
        Program.Outcome preview = program.run("rm", id.substring(0, 20), "-n").done();
        assertThat(preview.out()).contains(id, "precious", "3 records", "0 forks", "driven by nobody");
        program.show(id);

        Program.Outcome removed = program.run("rm", id).done();
        assertThat(removed.out()).contains("precious", "undo with: holdfast trash restore ");
        program.run("show", id).refused(ExitCode.NOT_FOUND);
        assertThat(program.run("trash", "ls").done().out()).contains(id);
        JsonNode trashed = program.run("trash", "ls", "--json").done().json();
        assertThat(trashed.propertyNames()).containsExactly("name", "id", "at", "bytes");

        String undo = removed.out().lines().toList().getLast().replaceFirst(".*restore ", "");
        assertThat(program.run("trash", "restore", undo).done().out()).isEqualTo(id + "\n");
        assertThat(program.run("log", id, "--json").done().lines()).hasSize(4);
        assertThat(program.run("rm", id, "--json").done().json().propertyNames())
                .containsExactly("id", "title", "records", "forks", "removed", "trash");
        program.run("trash", "restore", id).done();
        program.run("trash", "restore", id).refused(ExitCode.NOT_FOUND).saying("trash ls");
        program.assertSound();
    }

    @Test
    void onATerminalRemovalAsks() {
        Program terminal = program.onTerminal();
        assertThat(terminal.runWith("n\n", "rm", id).err()).contains("Move to the trash? [y/N]", "nothing was removed");
        assertThat(terminal.runWith("", "rm", id).err()).contains("nothing was removed");
        program.show(id);
        assertThat(terminal.runWith("y\n", "rm", id).out()).contains("moved to the trash");
        program.run("show", id).refused(ExitCode.NOT_FOUND);
    }

    @Test
    void severalAreRemovedOrNone() {
        String other = program.make();
        program.run("rm", other, "ffff").refused(ExitCode.NOT_FOUND);
        program.show(other);
        assertThat(program.run("rm", other, id, other, "--json").done().jsonLines())
                .hasSize(2);
        assertThat(program.run("ls", "--json").done().lines()).isEmpty();
    }

    @Test
    void theTrashIsEmptiedOnlyOnRequest() {
        program.run("rm", id).done();
        program.run("trash", "empty").refused(ExitCode.USAGE).saying("1 session", "--yes");
        assertThat(program.onTerminal().runWith("no\n", "trash", "empty").err()).contains("nothing was destroyed");
        assertThat(program.run("trash", "empty", "--older-than", "1h", "--yes")
                        .done()
                        .out())
                .isEmpty();
        assertThat(program.run("trash", "ls").done().lines()).hasSize(1);
        assertThat(program.run("trash", "empty", "--yes").done().out()).contains("destroyed ", id);
        assertThat(program.run("trash", "ls").done().lines()).isEmpty();
        program.run("trash", "restore", id).refused(ExitCode.NOT_FOUND);
        program.run("trash", "empty", "--older-than", "long")
                .refused(ExitCode.USAGE)
                .saying("30m");
    }

    @Test
    void aRestoreDoesNotOverwrite() throws Exception {
        program.run("rm", id).done();
        List<String> names = program.run("trash", "ls", "--json").done().jsonLines().stream()
                .map(trashed -> trashed.path("name").asString())
                .toList();
        Files.createDirectories(program.files(id));
        Map<String, String> before = program.content();
        program.run("trash", "restore", names.getFirst())
                .refused(ExitCode.CONFLICT)
                .saying("in use");
        assertThat(program.content()).isEqualTo(before);
    }
}
