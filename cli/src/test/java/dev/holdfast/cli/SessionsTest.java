package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** new, ls, show, set and the lifecycle. */
class SessionsTest {
    private static final String[] LISTED = {
        "id",
        "kind",
        "status",
        "phase",
        "title",
        "project",
        "agent",
        "tags",
        "createdAt",
        "updatedAt",
        "head",
        "records",
        "tokens",
        "costUsd",
        "checkpoints",
        "interrupted"
    };
    private static final String[] TOKENS = {"input", "output", "cacheRead", "cacheWrite", "reasoning"};

    @TempDir
    Path directory;

    Program program;

    @BeforeEach
    void makeStore() {
        program = Program.withStore(directory);
    }

    @Test
    void newPrintsTheIdOnlyAndKeepsEverythingGiven() {
        String id = program.make(
                "--kind",
                "workflow",
                "--title",
                "nightly",
                "--project",
                "parser",
                "--agent",
                "reviewer",
                "--tag",
                "a",
                "--tag",
                "b",
                "--workflow",
                "{\"name\":\"w\",\"steps\":[1]}",
                "--max-iterations",
                "5",
                "--focus",
                "speed",
                "--mode",
                "worktree:w1",
                "--option",
                "fail_fast=true",
                "--metadata",
                "n=1.50",
                "--metadata",
                "s=x=y");
        assertThat(id).matches("[0-9a-f-]{36}");
        JsonNode session = program.show(id);
        assertThat(session.path("status").asString()).isEqualTo("created");
        JsonNode config = session.path("config");
        assertThat(config.propertyNames())
                .containsExactly(
                        "kind",
                        "title",
                        "project",
                        "agent",
                        "tags",
                        "metadata",
                        "workflow",
                        "executionMode",
                        "maxIterations",
                        "focus",
                        "options",
                        "environment");
        assertThat(config.path("workflow").toString()).isEqualTo("{\"name\":\"w\",\"steps\":[1]}");
        assertThat(config.path("executionMode").asString()).isEqualTo("worktree:w1");
        assertThat(config.path("maxIterations").asInt()).isEqualTo(5);
        assertThat(config.path("focus").asString()).isEqualTo("speed");
        assertThat(config.path("options").toString()).isEqualTo("{\"fail_fast\":true}");
        assertThat(session.path("metadata").toString()).isEqualTo("{\"n\":1.50,\"s\":\"x=y\"}");
        assertThat(session.path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(session.path("project").asString()).isEqualTo("parser");
        assertThat(session.path("agent").asString()).isEqualTo("reviewer");
    }

    @Test
    void newWithStartIsRunning() {
        JsonNode made = program.run("new", "--start", "--json").done().json();
        assertThat(made.path("status").asString()).isEqualTo("running");
        assertThat(made.path("position").asString()).endsWith("/1/1");
    }

    @Test
    void showHasEveryFieldOfASession() {
        String id = program.make("--title", "t");
        JsonNode session = program.show(id);
        assertThat(session.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "type",
                        "kind",
                        "status",
                        "reason",
                        "createdAt",
                        "startedAt",
                        "updatedAt",
                        "completedAt",
                        "title",
                        "project",
                        "agent",
                        "tags",
                        "metadata",
                        "phase",
                        "iteration",
                        "checkpoints",
                        "checkpointCount",
                        "timings",
                        "error",
                        "summary",
                        "result",
                        "config",
                        "origin",
                        "head",
                        "last",
                        "records",
                        "messages",
                        "tokens",
                        "costUsd",
                        "preview",
                        "oddities",
                        "interrupted",
                        "presence",
                        "driver");
        assertThat(session.path("startedAt").isNull()).isTrue();
        assertThat(session.path("costUsd").isNull()).isTrue();
        assertThat(session.path("checkpoints").isArray()).isTrue();
        assertThat(session.path("timings").isObject()).isTrue();
        assertThat(session.path("origin").path("kind").asString()).isEqualTo("fresh");
        assertThat(session.path("last").asString()).isEqualTo(id + "/1/0");
    }

    @Test
    void theCardTellsWhatIsKnown() {
        String id = program.make("--title", "the title", "--tag", "blue", "--metadata", "ticket=PAR-12", "--start");
        program.run("fail", id, "--error", "tests red").done();
        String card = program.run("show", id.substring(0, 18)).done().out();
        assertThat(card)
                .contains("the title", id, "failed", "blue", "PAR-12", "tests red")
                .doesNotContain("null");
    }

    @Test
    void valuesOfTheEnvironmentAreNeverShown() {
        String id = program.make();
        program.run("set", id, "config.environment.API_KEY=hunter2").done();
        assertThat(program.show(id).path("config").path("environment").toString())
                .isEqualTo("[\"API_KEY\"]");
        assertThat(program.run("show", id).out()).contains("API_KEY").doesNotContain("hunter2");
        assertThat(program.run("log", id).out()).contains("API_KEY").doesNotContain("hunter2");
    }

    @Test
    void listingHasExactlyTheFieldsOfTheContract() {
        String id = program.make("--title", "one");
        program.runWith(
                        Program.event("usage.recorded", Map.of("input", 7, "output", 3, "cost_usd", 0.25)),
                        "append",
                        id)
                .done();
        JsonNode listed = program.run("ls", "--json").done().json();
        assertThat(listed.propertyNames()).containsExactly(LISTED);
        assertThat(listed.path("head").propertyNames()).containsExactly("segment", "index");
        assertThat(listed.path("tokens").propertyNames()).containsExactly(TOKENS);
        assertThat(listed.path("tokens").path("input").asLong()).isEqualTo(7);
        assertThat(listed.path("costUsd").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(listed.path("phase").isNull()).isTrue();
        assertThat(listed.path("interrupted").isBoolean()).isTrue();
    }

    @Test
    void listingIsFiltered() {
        String paused = program.make("--title", "p", "--project", "x", "--start", "--tag", "blue");
        program.run("pause", paused).done();
        String done = program.make("--kind", "workflow", "--agent", "bot", "--start");
        program.run("complete", done).done();
        String created = program.make();
        assertThat(listed()).containsExactly(created, done, paused);
        assertThat(listed("--status", "paused,completed")).containsExactly(done, paused);
        assertThat(listed("--active")).containsExactly(created, paused);
        assertThat(listed("--kind", "workflow")).containsExactly(done);
        assertThat(listed("--project", "x")).containsExactly(paused);
        assertThat(listed("--agent", "bot")).containsExactly(done);
        assertThat(listed("--tag", "blue")).containsExactly(paused);
        assertThat(listed("--limit", "2")).containsExactly(created, done);
        assertThat(listed("--since", "1h")).hasSize(3);
        assertThat(listed("--since", "2999-01-01")).isEmpty();
    }

    private List<String> listed(String... options) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("ls", "--json"), java.util.Arrays.stream(options))
                .toArray(String[]::new);
        return program.run(args).done().jsonLines().stream()
                .map(session -> session.path("id").asString())
                .toList();
    }

    @Test
    void theTableIsCutToTheTerminalAndItsIdsResolve() {
        for (int k = 0; k < 5; k++) {
            program.make(
                    "--title", "a title that is so long that it cannot fit in a terminal of eighty columns, 漢字 " + k);
        }
        Program plain = program.onTerminal().with("NO_COLOR", "1");
        List<String> lines = plain.run("ls").done().lines();
        assertThat(lines)
                .hasSize(6)
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(80));
        assertThat(lines.getFirst()).startsWith("ID");
        for (String line : lines.subList(1, 6)) {
            program.run("show", line.split(" ")[0]).done();
        }
        assertThat(program.run("ls").done().out()).contains("eighty columns, 漢字 3");
    }

    @Test
    void anAmbiguousBeginningNamesTwoAndChangesNothing() {
        String first = program.make();
        String second = program.make();
        String common = first.substring(0, 6);
        assertThat(second).startsWith(common);
        program.run("start", common).refused(ExitCode.USAGE).saying("2 sessions begin with", first, second);
        assertThat(program.show(first).path("status").asString()).isEqualTo("created");
    }

    @Test
    void theLifecycleIsWalkedAndEveryStepIsAPosition() {
        String id = program.make();
        assertThat(program.run("start", id).done().out()).isEqualTo(id + "/1/1\n");
        program.run("pause", id, "--reason", "lunch").done();
        assertThat(program.show(id).path("reason").asString()).isEqualTo("lunch");
        assertThat(program.run("resume", id, "--json")
                        .done()
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("running");
        program.run("complete", id, "--summary", "2 files", "--result", "{\"n\":2}")
                .done();
        JsonNode session = program.show(id);
        assertThat(session.path("status").asString()).isEqualTo("completed");
        assertThat(session.path("summary").asString()).isEqualTo("2 files");
        assertThat(session.path("result").toString()).isEqualTo("{\"n\":2}");
        assertThat(session.path("completedAt").asString()).isNotEmpty();
        String cancelled = program.make();
        program.run("cancel", cancelled, "--reason", "why not").done();
        assertThat(program.show(cancelled).path("reason").asString()).isEqualTo("why not");
    }

    @Test
    void anIllegalTransitionIsRefusedWithWhatIsAllowed() throws Exception {
        String id = program.make();
        Map<String, String> before = program.content();
        program.run("pause", id)
                .refused(ExitCode.CONFLICT)
                .saying("created", "running, failed, cancelled".substring(0, 7));
        program.run("resume", id).refused(ExitCode.CONFLICT);
        program.run("complete", id).refused(ExitCode.CONFLICT);
        program.run("complete", id, "--json").refusedAsJson(ExitCode.CONFLICT, "ILLEGAL_TRANSITION");
        assertThat(program.content()).isEqualTo(before);
        program.assertSound();
        program.run("cancel", id).done();
        program.run("start", id).refused(ExitCode.CONFLICT).saying("final");
    }

    @Test
    void setChangesAllOrNothing() {
        String id = program.make("--tag", "old");
        program.run(
                        "set",
                        id,
                        "title=new title",
                        "tag=+x",
                        "tag=-old",
                        "--tag",
                        "y",
                        "note=remember",
                        "meta.a={\"b\":1}",
                        "meta.s=plain words",
                        "config.focus=\"speed\"",
                        "config.options.verbose=true")
                .done();
        JsonNode session = program.show(id);
        assertThat(session.path("title").asString()).isEqualTo("new title");
        assertThat(session.path("tags").toString()).isEqualTo("[\"y\",\"x\"]");
        assertThat(session.path("metadata").toString()).isEqualTo("{\"a\":{\"b\":1},\"s\":\"plain words\"}");
        assertThat(session.path("config").path("focus").asString()).isEqualTo("speed");
        assertThat(session.path("config").path("options").toString()).isEqualTo("{\"verbose\":true}");
        program.run("set", id, "--unset", "a", "config.focus=null", "--untag", "x")
                .done();
        session = program.show(id);
        assertThat(session.path("metadata").has("a")).isFalse();
        assertThat(session.path("config").path("focus").isNull()).isTrue();
        assertThat(session.path("tags").toString()).isEqualTo("[\"y\"]");
    }

    @Test
    void setRefusesWhatTheSessionCannotTake() throws Exception {
        String id = program.make();
        Map<String, String> before = program.content();
        program.run("set", id).refused(ExitCode.USAGE).saying("nothing to change");
        program.run("set", id, "colour=blue").refused(ExitCode.USAGE).saying("colour");
        program.run("set", id, "title").refused(ExitCode.USAGE).saying("KEY=VALUE");
        program.run("set", id, "title=ok", "config.maxIterations=-1")
                .refused(ExitCode.USAGE)
                .saying("config.changed");
        program.run("set", id, "title=" + "x".repeat(1001))
                .refused(ExitCode.USAGE)
                .saying("at most 1000");
        program.run("set", id, "tag=+" + "x".repeat(101))
                .refused(ExitCode.USAGE)
                .saying("tag");
        assertThat(program.content()).isEqualTo(before);
    }

    @Test
    void aFinalSessionTakesRemarksOnly() {
        String id = program.make();
        program.run("cancel", id).done();
        program.run("set", id, "title=later", "tag=+kept", "note=n").done();
        program.run("set", id, "meta.a=1").refused(ExitCode.CONFLICT).saying("final");
        assertThat(program.show(id).path("title").asString()).isEqualTo("later");
        assertThat(Json.tree(program.run("ls", "--json").out()).path("status").asString())
                .isEqualTo("cancelled");
    }
}
