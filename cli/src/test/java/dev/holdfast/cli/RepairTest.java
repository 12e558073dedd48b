package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code verify} and {@code repair} tell of a damaged session. */
class RepairTest {
    @TempDir
    Path directory;

    Program program;
    String id;
    Path session;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make();
        program.say(id, "one");
        program.say(id, "two");
        program.say(id, "three");
        session = program.store().resolve("sessions").resolve(id.substring(34)).resolve(id);
    }

    private byte[] damage() throws Exception {
        Path file = session.resolve("000001.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        String text = Files.readString(file);
        bytes[text.indexOf("two")] ^= 1;
        Files.write(file, bytes);
        return bytes;
    }

    @Test
    void aSoundSessionNeedsNoRepair() {
        JsonNode report = program.run("repair", id, "--json").done().json();
        assertThat(report.path("repaired").asBoolean()).isFalse();
        assertThat(report.path("aside").isNull()).isTrue();
        assertThat(report.path("damaged").asBoolean()).isFalse();
        assertThat(program.run("repair", id).done().out()).contains("needs no repair");
        assertThat(Files.exists(session.resolve("repairs"))).isFalse();
    }

    @Test
    void verifySaysWhatIsWrongWhereAndHowMuchIsSafe() throws Exception {
        damage();
        Program.Outcome outcome = program.run("verify", id);
        assertThat(outcome.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(outcome.out())
                .contains("damage: 000001.jsonl at byte ", "hole", "bad record", "intact and known to be durable")
                .contains("1 damaged");
        JsonNode report = program.run("verify", id, "--json").json();
        assertThat(report.path("damaged").asBoolean()).isTrue();
        assertThat(report.path("safe").path("records").asInt()).isPositive();
        assertThat(report.path("faults")
                        .valueStream()
                        .map(fault -> fault.path("kind").asString()))
                .contains("bad-record", "hole");
    }

    @Test
    void repairTellsWhereItKeptWhatWasDamaged() throws Exception {
        byte[] damaged = damage();
        assertThat(program.run("append", id, "--text", "refused").code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(program.run("repair", id).done().out()).contains("is repaired", "kept in its repairs/1");
        assertThat(Files.readAllBytes(session.resolve("repairs/1/000001.jsonl")))
                .isEqualTo(damaged);
        assertThat(Files.readString(session.resolve("repairs/1/000001.rest"))).contains("\"kind\":\"bad-record\"");
        assertThat(session.resolve("repairs/1/report.json")).exists();
        assertThat(program.run("verify", id).done().out()).contains("accepted by a later repair", "sound");
        program.say(id, "four");
    }

    @Test
    void repairOfALostOpeningSaysThatTheConfigurationIsTheDefault() throws Exception {
        Path file = session.resolve("000001.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        bytes[60] ^= 1;
        Files.write(file, bytes);
        Files.deleteIfExists(session.resolve("state.json"));
        assertThat(program.run("verify", id).code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(program.run("repair", id).done().out()).contains("default");
        program.say(id, "four");
    }

    @Test
    void verifyOfTheWholeStoreNamesWhatIsNoSession() throws Exception {
        Files.createDirectories(program.store().resolve("sessions/zz/what"));
        Files.writeString(program.store().resolve("sessions/note.txt"), "a note");
        assertThat(program.run("verify").done().out())
                .contains("beside the sessions", "sessions/note.txt", "sessions/zz");
        assertThat(program.run("verify", "--json")
                        .done()
                        .jsonLines()
                        .getLast()
                        .path("faults")
                        .size())
                .isEqualTo(2);
        assertThat(program.run("verify", id).done().out()).doesNotContain("note.txt");
    }
}
