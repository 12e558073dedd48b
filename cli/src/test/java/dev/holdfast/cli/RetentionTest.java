package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** prune, and rm of what others need. */
class RetentionTest {
    @TempDir
    Path directory;

    Program program;

    @BeforeEach
    void makeStore() {
        program = Program.withStore(directory);
    }

    private String fork(String from) {
        return program.run("fork", from).done().out().strip();
    }

    private Map<String, String> reasons(String... options) {
        String[] args =
                Stream.concat(Stream.of("prune", "--json"), Stream.of(options)).toArray(String[]::new);
        Map<String, String> reasons = new java.util.LinkedHashMap<>();
        program.run(args)
                .done()
                .jsonLines()
                .forEach(each -> reasons.put(
                        each.path("id").asString(),
                        each.path("reason").isNull()
                                ? "goes"
                                : each.path("reason").asString()));
        return reasons;
    }

    @Test
    void pruneShowsAndOnlyWithYesMoves() throws Exception {
        String tagged = program.make("--title", "dear", "--tag", "keep");
        String done = program.make("--title", "done");
        program.run("cancel", done).done();
        Map<String, String> before = program.content();
        assertThat(program.run("prune", "--older-than", "1h").done().out())
                .isEqualTo("0 sessions would move to the trash\n");
        assertThat(program.run("prune", "--older-than", "0s").done().out())
                .contains("dear", "done", "2 sessions would move to the trash; do it with --yes");
        assertThat(reasons("--older-than", "0s", "--keep-tagged")).containsOnlyKeys(done);
        assertThat(reasons("--older-than", "0s", "--status", "created,running")).containsOnlyKeys(tagged);
        assertThat(program.content()).isEqualTo(before);

        JsonNode moved = program.run("prune", "--older-than", "0s", "--keep-tagged", "--yes", "--json")
                .done()
                .json();
        assertThat(moved.propertyNames())
                .containsExactly(
                        "id", "title", "status", "updatedAt", "records", "goes", "reason", "forks", "removed", "trash");
        assertThat(moved.path("removed").asBoolean()).isTrue();
        program.run("show", done).refused(ExitCode.NOT_FOUND);
        program.run("trash", "restore", moved.path("trash").asString()).done();
        program.show(done);
        assertThat(program.run("prune", "--older-than", "0s", "--yes").done().out())
                .contains("2 sessions moved to the trash; undo with: holdfast trash restore ID");
    }

    @Test
    void pruneSaysWhatIsWrong() {
        program.run("prune").refused(ExitCode.USAGE).saying("--older-than");
        program.run("prune", "--older-than", "old").refused(ExitCode.USAGE).saying("30m");
        program.run("prune", "--older-than", "1d", "--status", "asleep").refused(ExitCode.USAGE);
    }

    @Test
    void whatAForkNeedsStaysUnlessTheForkGoesToo() {
        String parent = program.make("--title", "parent");
        String fork = fork(parent);
        String leaf = fork(fork);
        program.run("cancel", parent).done();
        assertThat(reasons("--older-than", "0s", "--status", "cancelled")).isEqualTo(Map.of(parent, "referenced"));
        Program.Outcome kept = program.run("prune", "--older-than", "0s", "--status", "cancelled", "--yes")
                .done();
        assertThat(kept.out())
                .contains(
                        "stays: needed by 1 fork, the first is " + fork,
                        "0 sessions moved to the trash, 1 session stays");
        assertThat(reasons("--older-than", "0s")).isEqualTo(Map.of(parent, "goes", fork, "goes", leaf, "goes"));
        program.run("prune", "--older-than", "0s", "--yes").done();
        assertThat(program.run("ls", "--json").done().lines()).isEmpty();
    }

    @Test
    void whatIsDrivenStays() throws Exception {
        String id = program.make("--start");
        Process driver = program.start("append", id);
        try (var out = driver.inputReader();
                var in = driver.outputWriter()) {
            in.write(Program.event("noted", Map.of("text", "mine")) + "\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo(id + "/1/2");
            assertThat(reasons("--older-than", "0s", "--yes")).isEqualTo(Map.of(id, "driven"));
            assertThat(program.run("prune", "--older-than", "0s").done().out())
                    .contains("stays: driven by process " + driver.pid());
        }
        assertThat(driver.waitFor()).isZero();
        program.show(id);
    }

    @Test
    void aSessionThatCannotBeReadIsLeftAlone() throws Exception {
        String bad = program.make();
        String good = program.make();
        Path segment = program.files(bad).resolve("000001.jsonl");
        Files.writeString(segment, Files.readString(segment).replaceFirst("segment.opened", "segment.0pened"));
        Files.delete(program.files(bad).resolve("state.json"));
        Program.Outcome outcome = program.run("prune", "--older-than", "0s", "--yes");
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.err()).contains("left alone, cannot list " + bad);
        assertThat(program.files(bad)).exists();
        assertThat(program.files(good)).doesNotExist();
    }

    @Test
    void removingAParentNamesAllForksAndTheWayOut() {
        String parent = program.make("--title", "parent", "--start");
        program.say(parent, "precious");
        List<String> forks = List.of(fork(parent), fork(parent));
        Program.Outcome refused =
                program.run("rm", parent).refused(ExitCode.CONFLICT).saying("2 forks", "--materialize");
        assertThat(refused.out()).contains(forks.get(0) + ", needs it", forks.get(1) + ", needs it");
        Program.Outcome json = program.run("rm", parent, "--json");
        json.refusedAsJson(ExitCode.CONFLICT, "CONFLICT");
        assertThat(json.json().path("forks").values().stream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(forks);
        assertThat(json.json().path("removed").asBoolean()).isFalse();

        assertThat(program.run("rm", parent, "-n", "--materialize").done().out())
                .contains("is made whole first");
        program.show(parent);
        program.run("rm", parent, "--materialize").done();
        program.run("show", parent).refused(ExitCode.NOT_FOUND);
        for (String fork : forks) {
            assertThat(program.run("log", fork, "--history", "--json").done().out())
                    .contains("precious");
        }
        program.run("trash", "restore", parent).done();
        // The forks need it no more.
        program.run("rm", parent).done();
        program.assertSound();
    }
}
