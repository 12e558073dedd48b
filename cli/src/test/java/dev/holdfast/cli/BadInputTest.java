package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from outside and is wrong: a clear fault with its code, and a store that is as it was. */
class BadInputTest {
    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make();
        program.say(id, "one");
    }

    static List<String> namesThatAreNoIds() {
        return List.of(
                "../",
                "../../etc/passwd",
                "/etc/passwd",
                ".",
                "",
                " ",
                "a\0b",
                "0196f5a2\0",
                "0".repeat(37),
                "a".repeat(10_000),
                "0196F5A2",
                "0196f5a2/../..",
                "\u001b[31mred",
                "ä");
    }

    @ParameterizedTest
    @MethodSource("namesThatAreNoIds")
    void aNameThatIsNoIdIsRefusedEverywhere(String name) throws Exception {
        Map<String, String> before = program.content();
        for (String[] command : new String[][] {
            {"show", name},
            {"log", name},
            {"append", name, "--text", "x"},
            {"start", name},
            {"set", name, "title=x"},
            {"set", name, "meta.a=1"},
            {"verify", name},
            {"repair", name},
            {"rm", name, "--yes"},
            {"trash", "restore", name}
        }) {
            Program.Outcome outcome = program.run(command).refused(ExitCode.USAGE);
            assertThat(outcome.err()).hasSizeLessThan(300).doesNotContain("\u001b", "\0");
            assertThat(outcome.out()).isEmpty();
        }
        assertThat(program.content()).isEqualTo(before);
        program.assertSound();
    }

    @Test
    void anIdThatIsNotThereIsNotFound() {
        String unknown = "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a";
        for (String name : List.of(unknown, "ffff")) {
            program.run("show", name)
                    .refused(ExitCode.NOT_FOUND)
                    .saying(program.store().toString());
            program.run("log", name).refused(ExitCode.NOT_FOUND);
            program.run("append", name, "--text", "x").refused(ExitCode.NOT_FOUND);
            program.run("pause", name).refused(ExitCode.NOT_FOUND);
            program.run("set", name, "title=x").refused(ExitCode.NOT_FOUND);
            program.run("verify", name).refused(ExitCode.NOT_FOUND);
            program.run("repair", name).refused(ExitCode.NOT_FOUND);
            program.run("rm", name).refused(ExitCode.NOT_FOUND);
            program.run("trash", "restore", name).refused(ExitCode.NOT_FOUND);
        }
        assertThat(program.run("ls", "--json").done().lines()).hasSize(1);
        program.assertSound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc", "a/b", "..", ".hidden", "a..b", "dot.", "", "nul\0", "a b"})
    void anAgentsNameThatIsAPathIsRefused(String agent) throws Exception {
        Map<String, String> before = program.content();
        program.run("new", "--agent", agent).refused(ExitCode.USAGE).saying("agent id");
        assertThat(program.content()).isEqualTo(before);
    }

    @Test
    void aStorePathThatCannotBeIsRefused() {
        program.run("ls", "--store", "a\0b").refused(ExitCode.USAGE).saying("not a path");
        program.run("ls", "--store", "").refused(ExitCode.USAGE);
        program.run("init", "x\0").refused(ExitCode.USAGE).saying("not a path");
        program.run("init", directory.resolve("n".repeat(300)).toString())
                .refused(ExitCode.FAILED)
                .saying("too long");
        program.run("import", "a\0b").refused(ExitCode.USAGE);
    }

    /** In the C locale Java turns what is not ASCII into replacement characters; those must not be recorded. */
    @Test
    void anArgumentThatTheLocaleSpoiltIsRefused() {
        program.run("new", "--title", "Gr\ufffd\ufffde").refused(ExitCode.USAGE).saying("LC_ALL=C.UTF-8");
        assertThat(program.run("ls", "--json").done().lines()).hasSize(1);
    }

    @Test
    void aStoreOfANewerFormatIsLeftAlone() throws Exception {
        Path marker = program.store().resolve("holdfast.json");
        Files.writeString(marker, Files.readString(marker).replace("\"format\":1", "\"format\":2"));
        Map<String, String> before = program.content();
        for (String[] command :
                new String[][] {{"ls"}, {"new"}, {"append", id, "--text", "x"}, {"verify"}, {"rm", id}}) {
            program.run(command).refused(ExitCode.FAILED).saying("format 2", "newer Holdfast");
        }
        program.run("ls", "--json").refusedAsJson(ExitCode.FAILED, "UNSUPPORTED");
        program.run("init").refused(ExitCode.CONFLICT);
        assertThat(program.content()).isEqualTo(before);
    }

    @Test
    void aStoreWhoseMarkerIsBrokenIsSaidToBe() throws Exception {
        Files.writeString(program.store().resolve("holdfast.json"), "{");
        program.run("ls").refused(ExitCode.DAMAGED).saying("holdfast.json");
    }

    /** Permissions do not stop root, and tests may run as root; a file where a directory must be stops everybody. */
    @Test
    void aDirectoryThatCannotBeWrittenIsAClearFault() throws Exception {
        Path blocked = Files.createDirectories(directory.resolve("blocked"));
        program.run("init", blocked.toString()).done();
        Program other = program.with("HOLDFAST_STORE", blocked.toString());
        Files.writeString(blocked.resolve("sessions"), "not a directory");
        other.run("new").refused(ExitCode.FAILED).saying(blocked.toString(), "nothing was recorded");
        Files.delete(blocked.resolve("sessions"));
        String session = other.make();
        Path trash = Files.writeString(blocked.resolve("trash"), "not a directory");
        other.run("rm", session).refusedAfterPreview(ExitCode.FAILED, "stays where it is");
        Files.delete(trash);
        other.run("rm", session).done();
        program.run("init", blocked.resolve("holdfast.json/x").toString()).refused(ExitCode.FAILED);
    }

    /**
     * A limit on the size of files stands for a full disk: the kernel cuts a write short and refuses the next one. The
     * session stays sound, keeps what was printed, and goes on once there is room.
     */
    @Test
    void aFullDiskLosesNothingThatWasPrinted() throws Exception {
        Process process = program.start(List.of("sh", "-c", "ulimit -f 64; exec \"$0\" \"$@\""), "append", id);
        List<String> printed = new ArrayList<>();
        try (OutputStream in = process.getOutputStream();
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String position = ""; position != null; position = out.readLine()) {
                String text = printed.size() + " " + "x".repeat(500);
                in.write((Program.event("noted", Map.of("text", text)) + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
                printed.add(position);
            }
        }
        printed.removeFirst();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(err).isEqualTo(1);
        assertThat(err).startsWith("holdfast: line").hasLineCount(1);

        List<String> found = program.run("log", id, "--json").done().jsonLines().stream()
                .map(record -> record.path("position").asString())
                .toList();
        assertThat(printed).isNotEmpty();
        assertThat(found).containsAll(printed);
        program.run("verify").done();
        program.run("append", id, "--text", "there is room again").done();
        assertThat(program.run("log", id, "--json").done().out()).contains("there is room again");
    }
}
