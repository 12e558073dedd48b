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

/** checkpoint and restore. */
class CheckpointsTest {
    private static final String[] FIELDS = {
        "id", "number", "label", "at", "iteration", "phase", "resumable", "current", "pruned", "position", "metadata"
    };

    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make("--title", "t", "--start");
    }

    private List<String> numbers(String... options) {
        String[] args = Stream.concat(Stream.of("checkpoint", "ls", id, "--json"), Stream.of(options))
                .toArray(String[]::new);
        return program.run(args).done().jsonLines().stream()
                .map(each -> each.path("number").asString())
                .toList();
    }

    private void take(String label) {
        program.run("checkpoint", "create", id, "--label", label).done();
    }

    @Test
    void oneIsTakenListedAndShown() throws Exception {
        assertThat(program.run(
                                "checkpoint",
                                "create",
                                id,
                                "--label",
                                "green",
                                "--state",
                                "{\"n\":1.50}",
                                "--meta",
                                "k=v")
                        .done()
                        .out())
                .isEqualTo("1  " + id + "/1/2\n");
        Path file = Files.writeString(directory.resolve("state.json"), "[1, 2]\n");
        JsonNode second = program.run("checkpoint", "create", id, "--state", "@" + file, "--not-resumable", "--json")
                .done()
                .json();
        assertThat(second.propertyNames()).containsExactly(FIELDS);
        assertThat(second.path("number").asInt()).isEqualTo(2);
        assertThat(second.path("resumable").asBoolean()).isFalse();
        program.runWith("\"third\"", "checkpoint", "create", id, "--state", "-").done();

        List<JsonNode> listed =
                program.run("checkpoint", "ls", id, "--json").done().jsonLines();
        assertThat(listed).hasSize(3);
        assertThat(listed.getFirst().propertyNames()).contains(FIELDS).contains("damaged");
        assertThat(listed.getFirst().path("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
        String table = program.run("checkpoint", "ls", id).done().out();
        assertThat(table.lines()).hasSize(4);
        assertThat(table).contains("NUMBER", "current, not resumable", "green");

        JsonNode shown =
                program.run("checkpoint", "show", id, "green", "--json").done().json();
        assertThat(shown.path("state").toString()).isEqualTo("{\"n\":1.50}");
        assertThat(program.run("checkpoint", "show", id, "2").done().out())
                .contains(id + "/1/3", "[1,2]", "not resumable");
        assertThat(program.run("checkpoint", "show", id, shown.path("id").asString())
                        .done()
                        .out())
                .contains("green", "meta.k");
        assertThat(program.run("show", id).done().out()).contains("checkpoint   1  ", "green");
        assertThat(program.show(id).path("checkpoints").path(1).propertyNames()).containsExactly(FIELDS);
    }

    @Test
    void aRestoreLeavesLaterOnesListed() {
        program.run("checkpoint", "create", id, "--label", "a", "--state", "{\"at\":1}")
                .done();
        program.say(id, "later");
        take("b");
        assertThat(program.run("restore", id, "a").done().out()).isEqualTo(id + "/2/0\n");
        assertThat(program.run("log", id, "--view", "--json").done().out())
                .contains("\"state\":{\"at\":1}")
                .doesNotContain("later");
        List<JsonNode> listed =
                program.run("checkpoint", "ls", id, "--json").done().jsonLines();
        assertThat(listed).extracting(each -> each.path("current").asBoolean()).containsExactly(true, false);
        assertThat(program.run("checkpoint", "ls", id).done().out()).contains("left behind");
        // One that was left behind can be gone back to as well.
        program.run("restore", id, "2").done();
        assertThat(program.run("log", id, "--view", "--json").done().out()).contains("later");
        assertThat(program.run("lineage", id).done().out())
                .contains("2/0 restored from the checkpoint at 1/2", "3/0 restored");
    }

    @Test
    void whatCannotBeRestoredIsRefused() throws Exception {
        program.run("checkpoint", "create", id, "--not-resumable").done();
        Map<String, String> before = program.content();
        program.run("restore", id, "1")
                .refused(ExitCode.CONFLICT)
                .saying("not resumable", "holdfast rewind " + id + "/1/2");
        program.run("restore", id, "nosuch").refused(ExitCode.NOT_FOUND).saying("nosuch", "known are");
        program.run("restore", id).refused(ExitCode.USAGE).saying("CHECKPOINT");
        program.run("checkpoint", "show", id, "9").refused(ExitCode.NOT_FOUND);
        program.run("checkpoint", "create", id, "--state", "{")
                .refused(ExitCode.USAGE)
                .saying("--state", "@FILE");
        program.run("checkpoint", "create", id, "--state", "@" + directory.resolve("none"))
                .refused(ExitCode.USAGE)
                .saying("none");
        program.runWith("\u00ff{}", "checkpoint", "create", id, "--state", "-").refused(ExitCode.USAGE);
        program.run("checkpoint", "create", id, "--label", "x".repeat(201))
                .refused(ExitCode.USAGE)
                .saying("200");
        program.run("checkpoint", "create", id, "--meta", "novalue").refused(ExitCode.USAGE);
        program.run("checkpoint").refused(ExitCode.USAGE).saying("create, ls, show or prune");
        assertThat(program.content()).isEqualTo(before);
        program.run("complete", id).done();
        program.run("checkpoint", "create", id).refused(ExitCode.CONFLICT).saying("final");
        program.run("restore", id, "1").refused(ExitCode.CONFLICT);
    }

    @Test
    void aDamagedOneIsListedAndTheNextOlderOffered() throws Exception {
        take("old");
        String big = "\"" + "x".repeat(100_000) + "\"";
        program.runWith(big, "checkpoint", "create", id, "--label", "big", "--state", "-")
                .done();
        try (Stream<Path> blobs = Files.list(program.files(id).resolve("blobs"))) {
            Files.writeString(blobs.findFirst().orElseThrow(), "something else");
        }
        Program.Outcome table = program.run("checkpoint", "ls", id);
        assertThat(table.code()).isEqualTo(5);
        assertThat(table.out()).contains("damaged, current");
        assertThat(table.err()).contains("checkpoint 2 (big)", "checkpoint 1 (old): holdfast restore " + id + " 1");
        List<JsonNode> listed = program.run("checkpoint", "ls", id, "--json").jsonLines();
        assertThat(listed).extracting(each -> each.path("damaged").asBoolean()).containsExactly(false, true);
        program.run("restore", id, "big")
                .refused(ExitCode.DAMAGED)
                .saying("checkpoint 2 (big)", "holdfast restore " + id + " 1");
        Program.Outcome shown = program.run("checkpoint", "show", id, "2");
        assertThat(shown.code()).isEqualTo(5);
        assertThat(shown.out()).contains("lost or damaged");
        assertThat(program.run("checkpoint", "show", id, "2", "--json")
                        .json()
                        .path("damaged")
                        .asBoolean())
                .isTrue();
        program.run("restore", id, "1").done();
    }

    @Test
    void pruningIsPreviewedAndDestroysNothing() throws Exception {
        take("kept");
        take("");
        take("");
        take("last");
        Map<String, String> before = program.content();
        program.run("checkpoint", "prune", id).refused(ExitCode.USAGE).saying("--keep-last");
        program.run("checkpoint", "prune", id, "--keep-last", "-1").refused(ExitCode.USAGE);
        assertThat(program.run("checkpoint", "prune", id, "--keep-last", "1")
                        .done()
                        .out())
                .contains("3 checkpoints would go off the list: 1 (kept), 2, 3", "nothing is destroyed", "--yes");
        JsonNode preview = program.run("checkpoint", "prune", id, "--keep-last", "2", "--keep-labelled", "--json")
                .done()
                .json();
        assertThat(preview.propertyNames()).containsExactly("id", "checkpoints", "pruned", "position");
        assertThat(preview.path("pruned").asBoolean()).isFalse();
        assertThat(preview.path("checkpoints").size()).isEqualTo(1);
        assertThat(program.content()).isEqualTo(before);

        program.run("complete", id).done();
        assertThat(program.run("checkpoint", "prune", id, "--keep-labelled", "--yes")
                        .done()
                        .out())
                .contains("2 checkpoints went off the list: 2, 3");
        assertThat(numbers()).containsExactly("1", "4");
        assertThat(numbers("--all")).containsExactly("1", "2", "3", "4");
        assertThat(program.run("checkpoint", "ls", id, "--all").done().out()).contains("pruned");
        assertThat(program.run("checkpoint", "prune", id, "--keep-labelled", "--yes")
                        .done()
                        .out())
                .isEqualTo("nothing to prune\n");
        program.assertSound();
    }

    @Test
    void aForkListsThoseBeforeIt() {
        take("before");
        String fork = program.run("fork", id).done().out().strip();
        program.run("checkpoint", "create", fork, "--label", "after").done();
        assertThat(program.run("checkpoint", "ls", fork).done().out())
                .contains(id.substring(0, 18) + "/1/2", "before", "after");
        assertThat(program.run("restore", fork, "before").done().out()).isEqualTo(fork + "/2/0\n");
    }

    @Test
    void completionKnowsTheSubcommands() {
        String script = program.run("completion").done().out();
        assertThat(script).contains("--keep-labelled", "--not-resumable", "--materialize", "--keep-tagged");
        for (String word : List.of("create", "ls", "show", "prune")) {
            String page = program.run("checkpoint", word, "--help").done().out();
            assertThat(page).contains("Usage: holdfast checkpoint " + word, "Example", "holdfast checkpoint " + word);
        }
    }
}
