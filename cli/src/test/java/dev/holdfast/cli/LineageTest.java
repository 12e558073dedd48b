package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** fork, retry, compact, rewind, lineage, and the log along them. */
class LineageTest {
    private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make("--title", "parent", "--start");
        program.say(id, "one", "two", "three");
    }

    private List<String> texts(String session, String... options) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("log", session, "--json"), java.util.Arrays.stream(options))
                .toArray(String[]::new);
        return program.run(args).done().jsonLines().stream()
                .filter(record -> record.path("type").asString().equals("noted"))
                .map(record -> record.path("data").path("text").asString())
                .toList();
    }

    private String fork(String from, String... options) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("fork", from), java.util.Arrays.stream(options))
                .toArray(String[]::new);
        return program.run(args).done().out().strip();
    }

    @Test
    void aForkGoesOnFromARecordOrFromTheEnd() {
        String end = fork(id);
        String early = fork(id.substring(0, 18) + "/1/2", "--title", "early");
        program.say(early, "other");
        assertThat(end).matches("[0-9a-f-]{36}");
        assertThat(texts(end, "--history")).containsExactly("one", "two", "three");
        assertThat(texts(early, "--history")).containsExactly("one", "other");
        assertThat(texts(early)).containsExactly("other");
        assertThat(program.show(early).path("title").asString()).isEqualTo("early");
        assertThat(program.show(end).path("title").asString()).isEqualTo("parent");
        JsonNode made = program.run("fork", id + "/1/1", "--json").done().json();
        assertThat(made.propertyNames()).containsExactly("id", "status", "position", "from");
        assertThat(made.path("from").asString()).isEqualTo(id + "/1/1");
        assertThat(program.run("show", early).done().out()).contains("forked from " + id + "/1/2");
        program.assertSound();
    }

    @Test
    void aForkHasTheTitleOfThatTime() {
        program.run("set", id, "title=renamed").done();
        assertThat(program.show(fork(id)).path("title").asString()).isEqualTo("renamed");
        assertThat(program.show(fork(id + "/1/2")).path("title").asString()).isEqualTo("parent");
    }

    @Test
    void aForkOfARewoundSessionIsRewoundToo() {
        program.run("rewind", id + "/1/2").done();
        String fork = fork(id);
        assertThat(texts(fork, "--view")).containsExactly("one");
        assertThat(texts(fork, "--history")).containsExactly("one", "two", "three");
    }

    @Test
    void whatIsNotThereCannotBeForked() throws Exception {
        Map<String, String> before = program.content();
        program.run("fork", id + "/1/99").refused(ExitCode.NOT_FOUND).saying("/1/99", "log");
        program.run("fork", id + "/7/0").refused(ExitCode.NOT_FOUND);
        program.run("fork", NOBODY).refused(ExitCode.NOT_FOUND);
        program.run("fork", NOBODY + "/1/0").refused(ExitCode.NOT_FOUND);
        program.run("fork", "ffff/1/0").refused(ExitCode.NOT_FOUND).saying("no session begins with ffff");
        program.run("fork", id + "/1").refused(ExitCode.USAGE).saying("<session>/<segment>/<index>");
        program.run("fork", "here").refused(ExitCode.USAGE);
        program.run("fork", id + "/0/1").refused(ExitCode.USAGE);
        program.run("fork", id, "--title", "x".repeat(1001))
                .refused(ExitCode.USAGE)
                .saying("1000");
        assertThat(program.content()).isEqualTo(before);
    }

    @Test
    void aRetryNeedsAnEndAndSaysFromWhere() {
        program.run("retry", id).refused(ExitCode.CONFLICT).saying("running, not finished");
        program.run("checkpoint", "create", id, "--label", "green").done();
        program.say(id, "four");
        program.run("fail", id, "--error", "red").done();
        Program.Outcome outcome = program.run("retry", id);
        assertThat(outcome.code()).isZero();
        String attempt = outcome.out().strip();
        assertThat(attempt).matches("[0-9a-f-]{36}");
        assertThat(outcome.err()).contains("checkpoint 1 (green), " + id + "/1/5", "holdfast start " + attempt);
        assertThat(texts(attempt, "--history")).containsExactly("one", "two", "three");
        assertThat(program.run("show", attempt).done().out()).contains("retry of " + id + "/1/5");
        JsonNode again = program.run("retry", id, "--json").done().json();
        assertThat(again.propertyNames()).containsExactly("id", "status", "position", "from", "checkpoint");
        assertThat(again.path("checkpoint").asInt()).isEqualTo(1);
        program.run("cancel", attempt).done();
        JsonNode third = program.run("retry", attempt, "--json").done().json();
        assertThat(third.path("checkpoint").isNull()).isTrue();
        assertThat(third.path("from").asString()).isEqualTo(attempt + "/1/0");
    }

    @Test
    void aRewindLeavesTheViewAndNotTheHistory() {
        String shortId = id.substring(0, 20);
        assertThat(program.run("rewind", shortId + "/1/2").done().out()).isEqualTo(id + "/2/0\n");
        program.say(id, "instead");
        assertThat(texts(id, "--view")).containsExactly("one", "instead");
        assertThat(texts(id)).containsExactly("one", "two", "three", "instead");
        assertThat(program.run("log", id).done().out()).contains("rewound to 1/2");
        JsonNode turned = program.run("rewind", id + "/1/3", "--json").done().json();
        assertThat(turned.propertyNames()).containsExactly("id", "status", "position");
        assertThat(texts(id, "--view")).containsExactly("one", "two");
    }

    @Test
    void aForkIsRewoundIntoItsParentByName() {
        String fork = fork(id);
        program.say(fork, "four");
        assertThat(program.run("rewind", id + "/1/2", "--in", fork).done().out())
                .isEqualTo(fork + "/2/0\n");
        assertThat(texts(fork, "--view")).containsExactly("one");
        assertThat(texts(id, "--view")).containsExactly("one", "two", "three");
        program.run("rewind", "1/1", "--in", fork).done();
        assertThat(texts(fork, "--view")).containsExactly("one", "two", "three", "four");
        program.run("rewind", fork + "/1/1", "--in", id)
                .refused(ExitCode.NOT_FOUND)
                .saying(fork + "/1/1", "history");
    }

    @Test
    void aCompactionLeavesItsSummaryAndWhatIsKept() {
        assertThat(program.run("compact", id, "--summary", "so far\nso good", "--keep", "1/3,1/2")
                        .done()
                        .out())
                .isEqualTo(id + "/2/0\n");
        program.say(id, "four");
        assertThat(texts(id, "--view")).containsExactly("two", "one", "four");
        assertThat(texts(id)).containsExactly("one", "two", "three", "four");
        assertThat(program.run("log", id, "--view").done().out())
                .contains("compacted, 2 records kept", "    so far\n    so good\n");
        program.runWith("from a file\n", "compact", id, "--summary", "-").done();
        JsonNode first =
                program.run("log", id, "--view", "--json").done().jsonLines().getFirst();
        assertThat(first.propertyNames()).containsExactly("position", "at", "type", "data");
        assertThat(first.path("data").path("origin").path("summary").asString()).isEqualTo("from a file");
    }

    @Test
    void turnsThatCannotBeAreRefusedAndWriteNothing() throws Exception {
        String other = program.make();
        String done = program.make();
        program.run("cancel", done).done();
        Map<String, String> before = program.content();
        program.run("compact", id, "--summary", " ").refused(ExitCode.USAGE).saying("summary is empty");
        program.run("compact", id).refused(ExitCode.USAGE).saying("--summary");
        program.run("compact", id, "--summary", "s", "--keep", "9/9")
                .refused(ExitCode.NOT_FOUND)
                .saying("/9/9");
        program.run("compact", id, "--summary", "s", "--keep", other + "/1/0").refused(ExitCode.NOT_FOUND);
        program.run("compact", done, "--summary", "s")
                .refused(ExitCode.CONFLICT)
                .saying("cancelled is final", "retry");
        program.run("rewind", done + "/1/0").refused(ExitCode.CONFLICT).saying("final");
        program.run("rewind", done + "/1/0", "--json").refusedAsJson(ExitCode.CONFLICT, "ILLEGAL_TRANSITION");
        program.run("rewind", id).refused(ExitCode.USAGE).saying("not a position");
        program.run("rewind", "1/2").refused(ExitCode.USAGE);
        program.run("rewind", id + "/1/99").refused(ExitCode.NOT_FOUND);
        assertThat(program.content()).isEqualTo(before);
    }

    @Test
    void theTreeShowsWhatCameFromWhat() {
        program.run("rewind", id + "/1/2").done();
        program.run("compact", id, "--summary", "s").done();
        String fork = fork(id + "/1/3", "--title", "the fork");
        String leaf = fork(fork, "--title", "the leaf");
        program.run("fail", id, "--error", "e").done();
        String retry = program.run("retry", id).out().strip();
        String drawn = program.run("lineage", leaf).done().out();
        String parent = id.substring(0, 18);
        assertThat(drawn.lines())
                .containsExactly(
                        parent + "  failed  parent",
                        "|- 2/0 rewound to 1/2",
                        "|- 3/0 compacted",
                        "|- fork " + fork.substring(0, 18) + " from 1/3  created  the fork",
                        "|  `- * fork " + leaf.substring(0, 18) + " from 1/0  created  the leaf",
                        "`- retry " + retry.substring(0, 18) + " from 3/0  created  parent");
        assertThat(program.with("LANG", "de_DE.UTF-8")
                        .run("lineage", leaf)
                        .done()
                        .lines())
                .contains("│  └─ * fork " + leaf.substring(0, 18) + " from 1/0  created  the leaf");
        Program forced = program.with("LANG", "C.UTF-8").with("LC_ALL", "C");
        assertThat(forced.run("lineage", leaf).done().out()).isEqualTo(drawn);
        assertThat(program.onTerminal()
                        .with("NO_COLOR", "1")
                        .run("lineage", id)
                        .out()
                        .lines())
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(80));
    }

    @Test
    void theTreeIsNestedAsJson() {
        program.run("rewind", id + "/1/2").done();
        String fork = fork(id + "/1/3");
        JsonNode root = program.run("lineage", fork, "--json").done().json();
        assertThat(root.propertyNames())
                .containsExactly(
                        "id",
                        "title",
                        "status",
                        "interrupted",
                        "asked",
                        "relation",
                        "from",
                        "missingParent",
                        "turns",
                        "children");
        assertThat(root.path("id").asString()).isEqualTo(id);
        assertThat(root.path("asked").asBoolean()).isFalse();
        assertThat(root.path("relation").isNull()).isTrue();
        JsonNode turn = root.path("turns").path(0);
        assertThat(turn.path("position").asString()).isEqualTo(id + "/2/0");
        assertThat(turn.path("origin").path("kind").asString()).isEqualTo("rewound");
        assertThat(turn.path("origin").path("position").asString()).isEqualTo(id + "/1/2");
        JsonNode child = root.path("children").path(0);
        assertThat(child.path("asked").asBoolean()).isTrue();
        assertThat(child.path("relation").asString()).isEqualTo("fork");
        assertThat(child.path("from").asString()).isEqualTo(id + "/1/3");
        assertThat(child.path("children").isEmpty()).isTrue();
    }

    @Test
    void aMissingParentIsShown() {
        String fork = fork(id);
        program.run("rm", id, "--materialize").done();
        assertThat(program.run("lineage", fork).done().lines())
                .containsExactly(
                        id + "  (not in this store)",
                        "`- * fork " + fork.substring(0, 18) + " from 1/4  created  parent");
        assertThat(program.run("lineage", fork, "--json")
                        .done()
                        .json()
                        .path("missingParent")
                        .asString())
                .isEqualTo(id);
        program.run("lineage", id).refused(ExitCode.NOT_FOUND);
    }

    @Test
    void manyGenerationsAreDrawn() {
        String last = id;
        for (int k = 0; k < 260; k++) {
            last = fork(last);
        }
        assertThat(program.run("lineage", last).done().lines()).hasSize(261);
        String json = program.run("lineage", last, "--json").done().out();
        assertThat(json).contains("\"id\":\"" + last + "\"").endsWith("]}\n");
        assertThat(json.chars().filter(c -> c == '{').count())
                .isEqualTo(json.chars().filter(c -> c == '}').count());
    }

    @Test
    void theLogIsReadInPagesFromItsEnd() {
        String fork = fork(id);
        program.say(fork, "four", "five");
        assertThat(texts(fork, "--history", "--reverse")).containsExactly("five", "four", "three", "two", "one");
        List<JsonNode> page = program.run("log", fork, "--history", "--reverse", "--limit", "4", "--json")
                .done()
                .jsonLines();
        assertThat(page).hasSize(4);
        String last = page.getLast().path("position").asString();
        assertThat(last).isEqualTo(id + "/1/4");
        assertThat(texts(fork, "--history", "--reverse", "--limit", "2", "--before", last))
                .containsExactly("two", "one");
        assertThat(texts(fork, "--history", "--from", id.substring(0, 18) + "/1/3", "--before", "1/2"))
                .containsExactly("two", "three", "four");
        assertThat(texts(fork, "--reverse")).containsExactly("five", "four");
        assertThat(texts(fork, "--view", "--limit", "4")).containsExactly("one", "two");
        assertThat(program.run("log", fork, "--history").done().out())
                .contains(id.substring(0, 18) + "/1/2  ", "  1/1  ");
    }

    @Test
    void aLogThatCannotBeIsRefused() {
        String fork = fork(id);
        program.run("log", fork, "--view", "--history").refused(ExitCode.USAGE).saying("choose one");
        program.run("log", fork, "-f", "--reverse").refused(ExitCode.USAGE).saying("--reverse");
        program.run("log", fork, "-f", "--before", "1/0").refused(ExitCode.USAGE);
        program.run("log", fork, "--from", id + "/1/1").refused(ExitCode.USAGE).saying("is not in session " + fork);
        program.run("log", fork, "--view", "--from", id + "/1/99")
                .refused(ExitCode.NOT_FOUND)
                .saying("/1/99");
        program.run("log", fork, "--history", "--before", NOBODY + "/1/1").refused(ExitCode.NOT_FOUND);
    }
}
