package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Json;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Imports real transcripts, where they are at hand, and compares with counts made here from the raw lines. The files are
 * not part of this repository.
 */
class CorpusTest {
    private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");

    @TestFactory
    Stream<DynamicTest> claudeCode() throws IOException {
        return each("claude-code", this::claudeCode);
    }

    @TestFactory
    Stream<DynamicTest> codex() throws IOException {
        return each("codex", this::codex);
    }

    @TestFactory
    Stream<DynamicTest> together() throws IOException {
        return Files.isDirectory(CORPUS)
                ? Stream.of(DynamicTest.dynamicTest("all files", this::everything))
                : skipped("all files");
    }

    private interface Check {
        void of(Path file) throws IOException;
    }

    private static Stream<DynamicTest> each(String system, Check check) throws IOException {
        Path directory = CORPUS.resolve(system);
        if (!Files.isDirectory(directory)) {
            return skipped(system);
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check.of(file)));
    }

    private static Stream<DynamicTest> skipped(String what) {
        System.out.println("CorpusTest: " + what + " skipped, there is no " + CORPUS);
        return Stream.empty();
    }

    private void claudeCode(Path file) throws IOException {
        List<List<JsonNode>> lines = lines(file);
        try (SessionStore store = SessionStore.inMemory()) {
            FileReport report = Fixtures.imports(store, file);
            requireAccount(report, lines, Format.CLAUDE_CODE);
            Map<String, Tokens> expected = new TreeMap<>();
            claudeUsage(lines).forEach((response, tokens) -> expected.merge(response.chain, tokens, Tokens::plus));
            Map<String, Tokens> found = new TreeMap<>();
            for (ImportedSession session : report.sessions()) {
                Tokens tokens = store.read(session.id()).state().tokens();
                assertThat(session.tokens()).isEqualTo(tokens);
                if (!tokens.equals(Tokens.NONE)) {
                    found.put(session.sourceId(), tokens);
                }
            }
            assertThat(found).isEqualTo(expected);
            requireIdempotent(store, file, report);
        }
    }

    private void codex(Path file) throws IOException {
        List<List<JsonNode>> lines = lines(file);
        try (SessionStore store = SessionStore.inMemory()) {
            FileReport report = Fixtures.imports(store, file);
            requireAccount(report, lines, Format.CODEX);
            SessionId id = report.sessions().getFirst().id();
            assertThat(store.read(id).state().tokens()).isEqualTo(codexUsage(lines));
            requireIdempotent(store, file, report);
        }
    }

    private void everything() {
        try (SessionStore store = SessionStore.inMemory()) {
            long start = System.nanoTime();
            ImportReport report = new Importer(store, ImportOptions.usual()).run(List.of(CORPUS), ImportListener.NONE);
            double seconds = (System.nanoTime() - start) / 1e9;
            double megabytes = report.files().stream()
                            .filter(each -> each.format() != Format.UNRECOGNISED)
                            .mapToLong(FileReport::bytes)
                            .sum()
                    / 1e6;
            System.out.printf(
                    "CorpusTest: %.1f MB into memory in %.2f s, %.1f MB/s%n", megabytes, seconds, megabytes / seconds);
            assertThat(report.files())
                    .filteredOn(each -> each.format() != Format.UNRECOGNISED)
                    .allSatisfy(each -> assertThat(each.problem()).isNull());
            Tokens sum = store.list(SessionFilter.ALL).sessions().stream()
                    .map(each -> store.read(each.id()).state().tokens())
                    .reduce(Tokens.NONE, Tokens::plus);
            assertThat(report.tokens()).isEqualTo(sum);
        }
    }

    private static void requireAccount(FileReport report, List<List<JsonNode>> lines, Format format) {
        long records = lines.stream().mapToLong(List::size).sum();
        long joined =
                lines.stream().mapToLong(line -> Math.max(0, line.size() - 1)).sum();
        assertThat(report.problem()).isNull();
        assertThat(report.format()).isEqualTo(format);
        assertThat(report.records()).isEqualTo(records);
        assertThat(report.joined()).isEqualTo(joined);
        assertThat(report.faults()).isEmpty();
        assertThat(report.imported() + report.skippedCount()).isEqualTo(records);
        System.out.println("CorpusTest: " + report.path().getFileName() + ", " + records + " records, " + joined
                + " joined, skipped " + report.skipped() + ", " + report.tokens());
    }

    private static void requireIdempotent(SessionStore store, Path file, FileReport first) {
        FileReport again = Fixtures.imports(store, file, ImportOptions.usual().rescan(true));
        assertThat(again.imported()).isZero();
        assertThat(again.records()).isEqualTo(first.records());
        assertThat(again.tokens()).isEqualTo(first.tokens());
    }

    /** Reads the values of each line, however many there are. */
    private static List<List<JsonNode>> lines(Path file) throws IOException {
        List<List<JsonNode>> lines = new ArrayList<>();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
            List<JsonNode> values = new ArrayList<>();
            try (JsonParser parser = Json.mapper().createParser(line)) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    values.add(parser.readValueAsTree());
                }
            }
            lines.add(values);
        }
        return lines;
    }

    private record Response(String chain, String message, String request) {}

    private static Map<Response, Tokens> claudeUsage(List<List<JsonNode>> lines) {
        Map<Response, Tokens> responses = new HashMap<>();
        for (JsonNode record : lines.stream().flatMap(List::stream).toList()) {
            String chain = record.path("sessionId").asString("");
            JsonNode said = record;
            if (record.path("data").path("type").asString("").equals("agent_progress")) {
                chain += ":" + record.path("data").path("agentId").asString();
                said = record.path("data").path("message");
            }
            JsonNode usage = said.path("message").path("usage");
            Tokens tokens = new Tokens(
                    usage.path("input_tokens").asLong(0),
                    usage.path("output_tokens").asLong(0),
                    usage.path("cache_read_input_tokens").asLong(0),
                    usage.path("cache_creation_input_tokens").asLong(0),
                    0);
            if (said.path("type").asString("").equals("assistant") && !tokens.equals(Tokens.NONE)) {
                Response response = new Response(
                        chain,
                        said.path("message").path("id").asString(""),
                        said.path("requestId").asString(""));
                responses.merge(response, tokens, Tokens::max);
            }
        }
        return responses;
    }

    /** The last total of each run of totals that do not go back. */
    private static Tokens codexUsage(List<List<JsonNode>> lines) {
        Tokens sum = Tokens.NONE;
        Tokens run = Tokens.NONE;
        long before = 0;
        for (JsonNode record : lines.stream().flatMap(List::stream).toList()) {
            JsonNode total = record.path("payload").path("info").path("total_token_usage");
            if (total.isObject()) {
                if (total.path("total_tokens").asLong() < before) {
                    sum = sum.plus(run);
                }
                before = total.path("total_tokens").asLong();
                long cached = total.path("cached_input_tokens").asLong();
                run = new Tokens(
                        total.path("input_tokens").asLong() - cached,
                        total.path("output_tokens").asLong(),
                        cached,
                        0,
                        total.path("reasoning_output_tokens").asLong());
            }
        }
        return sum.plus(run);
    }
}
