package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.SessionId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.spi.Backend;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An import that stopped anywhere, or met a source that was not finished, ends up as one in one go. */
class ResumeTest {
    private static final int RANDOM_CUTS = 150;

    @TempDir
    private Path directory;

    static List<String> fixtures() {
        return Fixtures.ALL;
    }

    private record Whole(Map<SessionId, Contents.Essence> essence, List<String> kept, long records) {}

    private Whole inOneGo(byte[] content) {
        try (SessionStore store = SessionStore.inMemory()) {
            FileReport report = Fixtures.imports(store, directory.resolve("t.jsonl"), content);
            return new Whole(Contents.essence(store), Contents.kept(store), report.records());
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void importingAPrefixAndThenTheWholeIsImportingTheWhole(String name) {
        byte[] content = Fixtures.bytes(name);
        Whole whole = inOneGo(content);
        for (int cut : cuts(content)) {
            try (SessionStore store = SessionStore.inMemory()) {
                Path file = directory.resolve("t.jsonl");
                Fixtures.imports(store, file, Arrays.copyOf(content, cut));
                FileReport second = Fixtures.imports(store, file, content);
                assertThat(second.problem()).isNull();
                assertThat(second.records()).isEqualTo(whole.records);
                requireWhole(store, whole, name + " cut at byte " + cut);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void importingAfterEveryLineIsImportingTheWhole(String name) {
        byte[] content = Fixtures.bytes(name);
        Whole whole = inOneGo(content);
        try (SessionStore store = SessionStore.inMemory()) {
            Path file = directory.resolve("t.jsonl");
            for (int end : Fixtures.lineEnds(content)) {
                Fixtures.imports(store, file, Arrays.copyOf(content, end));
            }
            requireWhole(store, whole, name);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void importingAgainAddsNothing(String name) {
        byte[] content = Fixtures.bytes(name);
        try (SessionStore store = SessionStore.inMemory()) {
            Path file = directory.resolve("t.jsonl");
            FileReport first = Fixtures.imports(store, file, content);
            Map<SessionId, Contents.Essence> before = Contents.essence(store);
            FileReport unchanged = Fixtures.imports(store, file);
            assertThat(unchanged.unchanged()).isTrue();
            assertThat(unchanged.skipped()).containsOnly(Map.entry("unchanged-file", first.records()));
            FileReport again =
                    Fixtures.imports(store, file, ImportOptions.usual().rescan(true));
            assertThat(again.imported()).isZero();
            assertThat(again.skipped().get("already-imported")).isEqualTo(first.imported());
            assertThat(again.sessions()).allSatisfy(session -> {
                assertThat(session.newRecords()).isZero();
                assertThat(session.created()).isFalse();
            });
            assertThat(again.tokens()).isEqualTo(first.tokens());
            assertThat(Contents.essence(store)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aStoreThatFailsAtAnyOperationIsResumed(String name) throws Exception {
        byte[] content = Fixtures.bytes(name);
        Path file = directory.resolve("t.jsonl");
        Whole whole = inOneGo(content);
        Files.write(file, content);
        int survived = 0;
        for (int allowed = 0; survived == 0; allowed++) {
            Backend memory = new MemoryBackend();
            try (SessionStore failing = SessionStore.on(FailingBackend.after(memory, allowed), StoreOptions.usual())) {
                Fixtures.imports(failing, file);
                survived = allowed;
            } catch (HoldfastException e) {
                assertThat(e).hasMessageContaining("failed on purpose");
            }
            try (SessionStore store = SessionStore.on(memory, StoreOptions.usual())) {
                FileReport report = Fixtures.imports(store, file);
                assertThat(report.problem()).isNull();
                requireWhole(store, whole, name + " failing after " + allowed + " operations");
            }
        }
        assertThat(survived).isGreaterThan(3);
    }

    @Test
    void aLongTranscriptThatStopsAtAnyBatchIsResumed() throws Exception {
        Path file = directory.resolve("long.jsonl");
        byte[] content = ClaudeLines.conversation("5b0f6a10-0009-4000-8000-000000000009", 1_500, 400);
        Whole whole = inOneGo(content);
        Files.write(file, content);
        int survived = 0;
        for (int allowed = 2; survived == 0; allowed++) {
            Backend memory = new MemoryBackend();
            try (SessionStore failing = SessionStore.on(FailingBackend.after(memory, allowed), StoreOptions.usual())) {
                Fixtures.imports(failing, file);
                survived = allowed;
            } catch (HoldfastException e) {
                assertThat(e).hasMessageContaining("failed on purpose");
            }
            try (SessionStore store = SessionStore.on(memory, StoreOptions.usual())) {
                FileReport report = Fixtures.imports(store, file);
                assertThat(report.imported() + report.skippedCount()).isEqualTo(whole.records);
                requireWhole(store, whole, "failing after " + allowed + " operations");
            }
        }
    }

    private static void requireWhole(SessionStore store, Whole whole, String when) {
        assertThat(Contents.essence(store)).as(when).isEqualTo(whole.essence);
        // What waits for its twin at the end of an unfinished source may be kept once more.
        assertThat(Contents.kept(store)).as(when).containsAll(whole.kept).doesNotHaveDuplicates();
    }

    private static Set<Integer> cuts(byte[] content) {
        long seed = new Random().nextLong();
        System.out.println("ResumeTest cuts, seed " + seed);
        Random random = new Random(seed);
        Set<Integer> cuts = new TreeSet<>(Fixtures.lineEnds(content));
        for (int k = 0; k < RANDOM_CUTS; k++) {
            cuts.add(random.nextInt(content.length));
        }
        return cuts;
    }
}
