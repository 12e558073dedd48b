package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BasicsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "version"})
    void theVersionIsToldWithoutAStore(String argument) {
        assertThat(Program.withoutStore(directory).run(argument).done().out()).matches("holdfast \\S+\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpNamesEveryCommandWithCodesAndEnvironment(String argument) {
        String page = Program.withoutStore(directory).run(argument).done().out();
        for (CommandName name : CommandName.values()) {
            assertThat(page).containsPattern("(?m)^  " + name.word() + " +" + name.purpose() + "$");
        }
        assertThat(page).contains("Exit codes:", "HOLDFAST_STORE", "NO_COLOR");
        assertThat(page.lines()).allMatch(line -> line.length() <= 120);
    }

    @ParameterizedTest
    @EnumSource
    void helpOfACommandHasAnExample(CommandName name) {
        Program program = Program.withoutStore(directory);
        String page = program.run(name.word(), "--help").done().out();
        assertThat(page)
                .contains("Usage: holdfast " + name.word(), "--store", "--json", "Example")
                .containsPattern("(?s)Example.*holdfast " + name.word());
        assertThat(program.run("help", name.word()).out()).isEqualTo(page);
        assertThat(program.run(name.word(), "-h").out()).isEqualTo(page);
        assertThat(program.store()).doesNotExist();
    }

    @Test
    void withoutACommandTheHelpComesAsAFault() {
        Program.Outcome outcome = Program.withoutStore(directory).run();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("Usage:");
    }

    @Test
    void wrongArgumentsAreOneLineAndCode2() {
        Program program = Program.withStore(directory);
        program.run("lss").refused(ExitCode.USAGE).saying("\"lss\"", "holdfast --help");
        program.run("ls", "--foo").refused(ExitCode.USAGE).saying("--foo", "see holdfast ls --help");
        program.run("ls", "more").refused(ExitCode.USAGE).saying("more");
        program.run("show").refused(ExitCode.USAGE).saying("ID");
        program.run("fail", "0").refused(ExitCode.USAGE).saying("--error");
        program.run("new", "--max-iterations", "many").refused(ExitCode.USAGE).saying("many");
        program.run("new", "--max-iterations", "0").refused(ExitCode.USAGE).saying("at least 1");
        program.run("new", "--kind", "poem").refused(ExitCode.USAGE).saying("conversation, workflow, mapreduce");
        program.run("new", "--mode", "sideways").refused(ExitCode.USAGE).saying("worktree:<name>");
        program.run("new", "--workflow", "{").refused(ExitCode.USAGE).saying("not JSON");
        program.run("ls", "--status", "asleep").refused(ExitCode.USAGE).saying("running");
        program.run("ls", "--since", "yore").refused(ExitCode.USAGE).saying("2h");
        program.run("ls", "--limit", "0").refused(ExitCode.USAGE).saying("at least 1");
        program.run("trash").refused(ExitCode.USAGE).saying("restore");
        program.run("--json").refusedAsJson(ExitCode.USAGE, "INVALID_ARGUMENT");
        assertThat(program.run("ls", "--json").done().out()).isEmpty();
    }

    @Test
    void withJsonAFaultIsAnObject() {
        Program program = Program.withStore(directory);
        JsonNode usage = program.run("ls", "--json", "--foo").refusedAsJson(ExitCode.USAGE, "INVALID_ARGUMENT");
        assertThat(usage.path("message").asString()).contains("--foo");
        program.run("show", "01", "--json").refusedAsJson(ExitCode.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void aStackTraceComesOnlyWithDebug() {
        Program program = Program.withStore(directory);
        program.run("show", "01").refused(ExitCode.NOT_FOUND);
        assertThat(program.run("show", "01", "--debug").err()).contains("\tat dev.holdfast");
    }

    @Test
    void optionsMayStandBeforeTheCommand() {
        Program program = Program.withStore(directory);
        String other = directory.resolve("other").toString();
        program.run("--store", other, "init").done();
        assertThat(program.run("--store", other, "--json", "new")
                        .done()
                        .json()
                        .path("id")
                        .asString())
                .hasSize(36);
        assertThat(program.run("--store=" + other, "ls", "--json").done().lines())
                .hasSize(1);
        assertThat(program.run("ls", "--json").done().lines()).isEmpty();
    }

    @Test
    void textThatLooksLikeAnArgumentFileIsText() throws Exception {
        Program program = Program.withStore(directory);
        Path file = Files.writeString(directory.resolve("secret"), "--debug");
        String id = program.make("--title", "@" + file);
        assertThat(program.show(id).path("title").asString()).isEqualTo("@" + file);
    }

    @Test
    void initMakesAStoreOnce() {
        Program program = Program.withoutStore(directory);
        Path place = directory.resolve("a/b");
        JsonNode info = program.run("init", place.toString(), "--json").done().json();
        assertThat(info.path("format").asInt()).isEqualTo(1);
        assertThat(info.path("location").asString()).isEqualTo(place.toString());
        assertThat(info.propertyNames()).containsExactly("id", "format", "created", "location");
        program.run("init", place.toString()).refused(ExitCode.CONFLICT).saying("holds a store already");
        program.run("init", directory.toString()).refused(ExitCode.CONFLICT).saying("not empty");
    }

    @Test
    void withoutAStoreMostCommandsSayHowToMakeOne() {
        Program program = Program.withoutStore(directory);
        for (String command : new String[] {"ls", "verify"}) {
            program.run(command).refused(ExitCode.NOT_FOUND).saying("no store in", "`holdfast init`");
        }
        assertThat(program.store()).doesNotExist();
    }

    @Test
    void newMakesTheStoreAndSaysSo() {
        Program program = Program.withoutStore(directory).without("HOLDFAST_STORE");
        Program.Outcome outcome = program.run("new");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .isEqualTo("holdfast: made a new store in " + directory.resolve("home/.holdfast") + "\n");
        assertThat(program.run("ls", "--json").done().lines()).hasSize(1);
    }

    @Test
    void theStoreIsFoundByOptionThenVariableThenUpwardsThenAtHome() throws Exception {
        Path nested = Files.createDirectories(directory.resolve("p/q/r"));
        Path near = Files.createDirectories(directory.resolve("p/.holdfast"));
        Map<String, String> home = Map.of("HOME", directory.resolve("home").toString());
        Map<String, String> named = Map.of("HOLDFAST_STORE", "/v");
        assertThat(StorePlace.find("/o", named, nested)).isEqualTo(Path.of("/o"));
        assertThat(StorePlace.find(null, named, nested)).isEqualTo(Path.of("/v"));
        assertThat(StorePlace.find(null, home, nested)).isEqualTo(near);
        assertThat(StorePlace.find(null, home, directory)).isEqualTo(directory.resolve("home/.holdfast"));
        assertThat(StorePlace.forNew(null, home, nested)).isEqualTo(nested.resolve(".holdfast"));
    }

    @ParameterizedTest
    @EnumSource
    void everyFaultHasACode(ErrorCode code) {
        assertThat(ExitCode.of(code).number()).isBetween(1, 5);
    }

    @Test
    void completionCompletesEveryCommand() {
        String script = Program.withoutStore(directory).run("completion").done().out();
        assertThat(script).startsWith("#!/usr/bin/env bash");
        for (CommandName name : CommandName.values()) {
            assertThat(script).contains(name.word());
        }
        assertThat(script).contains("--older-than", "--until-final");
    }

    @Test
    void aTrainingRunLeavesNothingBehind() {
        assertThat(Program.withoutStore(directory).run("--warm-up").done().out())
                .isEmpty();
        assertThat(directory).isEmptyDirectory();
    }
}
