package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {
    private static final String SESSION = "5b0f6a10-0008-4000-8000-000000000008";

    @TempDir
    private Path directory;

    private final SessionStore store = SessionStore.inMemory();

    @AfterEach
    void close() {
        store.close();
    }

    private ImportReport run(ImportOptions options) {
        return new Importer(store, options).run(List.of(directory), ImportListener.NONE);
    }

    @Test
    void passesOverWhatItDoesNotKnow() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "hello\n");
        Files.writeString(directory.resolve("b.json"), "{\n  \"sessionId\": \"x\"\n}\n");
        Files.writeString(directory.resolve("c.jsonl"), "{\"type\":\"session\",\"id\":\"1\",\"cwd\":\"/\"}\n");
        Files.writeString(directory.resolve("d.jsonl"), "");
        Files.write(directory.resolve("e.bin"), new byte[100]);
        Files.writeString(
                directory.resolve("f.jsonl"),
                "{\"uuid\":\"u\",\"sessionId\":\"s\",\"type\":\"user\",\"timestamp\":\"2026-01-01T00:00:00Z\","
                        + "\"message\":{\"role\":\"user\",\"parts\":[{\"text\":\"hey\"}]},\"userType\":\"x\"}\n");
        ImportReport report = run(ImportOptions.usual());
        assertThat(report.files()).hasSize(6).allSatisfy(file -> {
            assertThat(file.format()).isEqualTo(Format.UNRECOGNISED);
            assertThat(file.problem()).contains("not a file of a known system");
        });
        assertThat(store.list(SessionFilter.ALL).sessions()).isEmpty();
    }

    @Test
    void refusesAPathThatDoesNotExist() {
        Importer importer = new Importer(store, ImportOptions.usual());
        assertThatThrownBy(() -> importer.run(List.of(directory.resolve("nowhere")), ImportListener.NONE))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("nowhere");
    }

    @Test
    void followsNoLinkInCircles() throws IOException {
        Path below = Files.createDirectories(directory.resolve("a/b"));
        Files.createSymbolicLink(below.resolve("up"), directory);
        Files.write(
                below.resolve("t.jsonl"), new ClaudeLines(SESSION).user("one").bytes());
        assertThat(run(ImportOptions.usual()).files()).hasSize(1);
    }

    @Test
    void leavesTheSourceAsItIs() throws IOException {
        Path file = directory.resolve("t.jsonl");
        byte[] content = Fixtures.bytes("claude/everything.jsonl");
        Files.write(file, content);
        FileTime changed = FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(file, changed);
        assertThat(file.toFile().setWritable(false)).isTrue();
        run(ImportOptions.usual());
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(changed);
        assertThat(directory.toFile().list()).containsExactly("t.jsonl");
    }

    @Test
    void readsAFileAgainWhoseTimeChanged() throws IOException {
        Path file = directory.resolve("t.jsonl");
        Files.write(file, new ClaudeLines(SESSION).user("one").bytes());
        run(ImportOptions.usual());
        assertThat(run(ImportOptions.usual()).files().getFirst().unchanged()).isTrue();
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        FileReport touched = run(ImportOptions.usual()).files().getFirst();
        assertThat(touched.unchanged()).isFalse();
        assertThat(touched.skipped()).containsOnly(Map.entry("already-imported", 1L));
    }

    @Test
    void bringsCopiesOfOneSessionTogetherWhateverTheirOrder() throws IOException {
        byte[] content = ClaudeLines.conversation(SESSION, 400, 200);
        List<Integer> ends = Fixtures.lineEnds(content);
        for (int k = 0; k < 12; k++) {
            int end = ends.get((k * 151 + 37) % ends.size());
            Files.write(directory.resolve("copy-" + k + ".jsonl"), Arrays.copyOf(content, end));
        }
        Files.write(directory.resolve("copy-6.jsonl"), content);
        ImportReport report = run(ImportOptions.usual().parallel(4));
        assertThat(report.imported()).isEqualTo(400);
        assertThat(report.files()).allSatisfy(file -> assertThat(file.problem()).isNull());
        SessionId id = store.list(SessionFilter.ALL).sessions().getFirst().id();
        assertThat(store.list(SessionFilter.ALL).sessions()).hasSize(1);
        assertThat(Contents.messages(store, id)).hasSize(400);
        assertThat(store.read(id).state().tokens()).isEqualTo(new Tokens(1_000, 300, 0, 0, 0));
    }

    @Test
    void letsFilesThatShareSessionsTakeTurns() throws IOException {
        String other = "5b0f6a10-0009-4000-8000-000000000009";
        for (int k = 0; k < 8; k++) {
            String first = k % 2 == 0 ? SESSION : other;
            String second = k % 2 == 0 ? other : SESSION;
            String both = new String(ClaudeLines.conversation(first, 100, 50), StandardCharsets.UTF_8)
                    + new String(ClaudeLines.conversation(second, 100, 50), StandardCharsets.UTF_8);
            Files.writeString(directory.resolve(k + ".jsonl"), both);
        }
        ImportReport report = run(ImportOptions.usual().parallel(4));
        assertThat(report.files()).allSatisfy(file -> {
            assertThat(file.problem()).isNull();
            assertThat(file.records()).isEqualTo(200);
        });
        assertThat(report.imported()).isEqualTo(200);
        assertThat(store.list(SessionFilter.ALL).sessions())
                .hasSize(2)
                .allSatisfy(session ->
                        assertThat(Contents.messages(store, session.id())).hasSize(100));
    }

    @Test
    void makesTheSameOfManyFilesHoweverManyAreReadAtOnce() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("ImporterTest, seed " + seed);
        Random random = new Random(seed);
        for (int k = 0; k < 40; k++) {
            // Some sessions have two files that begin alike.
            int number = random.nextInt(30);
            String session = String.format("5b0f6a10-0009-4000-8000-%012d", number);
            byte[] content = ClaudeLines.conversation(session, 1 + random.nextInt(60), 100 * number);
            Files.write(directory.resolve(k + "-" + session + ".jsonl"), content);
        }
        try (SessionStore serial = SessionStore.inMemory()) {
            ImportReport one = new Importer(serial, ImportOptions.usual().parallel(1))
                    .run(List.of(directory), ImportListener.NONE);
            ImportReport many = run(ImportOptions.usual().parallel(4));
            assertThat(Contents.essence(store)).isEqualTo(Contents.essence(serial));
            assertThat(many.files())
                    .extracting(FileReport::path)
                    .isEqualTo(one.files().stream().map(FileReport::path).toList());
            assertThat(many.records()).isEqualTo(one.records());
            assertThat(many.imported()).isEqualTo(one.imported());
            assertThat(run(ImportOptions.usual().parallel(4).rescan(true)).imported())
                    .isZero();
        }
    }

    @Test
    void leavesAnUnfinishedLastLineForTheNextRun() throws IOException {
        byte[] content = new ClaudeLines(SESSION).user("one").user("two").bytes();
        Path file = directory.resolve("t.jsonl");
        FileReport first = Fixtures.imports(store, file, Arrays.copyOf(content, content.length - 10));
        assertThat(first.imported()).isEqualTo(1);
        assertThat(first.skipped()).containsOnly(Map.entry("incomplete-last-line", 1L));
        assertThat(first.faultCount()).isZero();
        // Without its end of line a record is a record.
        FileReport second = Fixtures.imports(store, file, Arrays.copyOf(content, content.length - 1));
        assertThat(second.imported()).isEqualTo(1);
        assertThat(second.skipped()).containsOnly(Map.entry("already-imported", 1L));
    }

    @Test
    void keepsRunsOfNulBytesAndInvalidTextAsFaults() throws IOException {
        String good = new String(new ClaudeLines(SESSION).user("one").bytes(), StandardCharsets.UTF_8);
        byte[] content = (good + "\0".repeat(5_000) + "\n" + "\u00ff\u00fe broken\n" + "[1,2]\n" + "\0\0" + good)
                .getBytes(StandardCharsets.ISO_8859_1);
        FileReport report = Fixtures.imports(store, directory.resolve("t.jsonl"), content);
        assertThat(report.faults())
                .extracting(ImportFault::kind)
                .containsExactly("nul-run", "not-json", "not-an-object", "nul-run");
        assertThat(report.records()).isEqualTo(6);
        SessionId id = report.sessions().getFirst().id();
        assertThat(Contents.extensions(store, id, "claude-code.bad-line"))
                .extracting(extension -> extension.data().text())
                .containsExactly(
                        "{\"nulBytes\":5000}",
                        "{\"base64\":\"//4gYnJva2Vu\"}",
                        "{\"text\":\"[1,2]\"}",
                        "{\"nulBytes\":2}");
        assertThat(Contents.messages(store, id)).extracting(Message::text).containsExactly("one");
    }

    @Test
    void importsHugeLines() throws IOException {
        String large = "y".repeat(24 * 1024 * 1024);
        byte[] content =
                new ClaudeLines(SESSION).user("one").user(large).user("two").bytes();
        FileReport report = Fixtures.imports(store, directory.resolve("t.jsonl"), content);
        assertThat(report.imported()).isEqualTo(3);
        assertThat(Contents.messages(store, report.sessions().getFirst().id()))
                .extracting(message -> message.text().length())
                .containsExactly(3, large.length(), 3);
    }

    @Test
    void importsMessagesOfVeryManyParts() throws IOException {
        StringBuilder blocks = new StringBuilder();
        for (int k = 0; k < 3_000; k++) {
            blocks.append(k == 0 ? "" : ",")
                    .append("{\"type\":\"text\",\"text\":\"")
                    .append("z".repeat(500))
                    .append("\"}");
        }
        byte[] content = new ClaudeLines(SESSION)
                .user("one")
                .raw("{\"type\":\"user\",\"isSidechain\":false,\"sessionId\":\"" + SESSION
                        + "\",\"uuid\":\"many\",\"timestamp\":\"2026-03-01T00:00:00Z\",\"message\":{\"content\":["
                        + blocks
                        + "]}}")
                .bytes();
        FileReport report = Fixtures.imports(store, directory.resolve("t.jsonl"), content);
        assertThat(report.imported()).isEqualTo(2);
        assertThat(Contents.extensions(store, report.sessions().getFirst().id(), "claude-code.large-record"))
                .hasSize(1);
    }

    @Test
    void importsAbsurdlyLongNames() throws IOException {
        String absurd = "n".repeat(2 * 1024 * 1024);
        String record = "{\"type\":\"assistant\",\"isSidechain\":false,\"sessionId\":\"" + SESSION
                + "\",\"uuid\":\"ABSURD-u\",\"parentUuid\":\"ABSURD\",\"timestamp\":\"2026-03-01T00:00:00Z\","
                + "\"cwd\":\"ABSURD\",\"requestId\":\"ABSURD\",\"message\":{\"id\":\"ABSURD\",\"model\":\"ABSURD\","
                + "\"content\":[{\"type\":\"tool_use\",\"id\":\"ABSURD\",\"name\":\"ABSURD\",\"input\":{}}],"
                + "\"usage\":{\"input_tokens\":3}}}";
        byte[] content = new ClaudeLines(SESSION)
                .raw(record.replace("ABSURD", absurd))
                .raw(record.replace("\"" + SESSION, "\"ABSURD").replace("ABSURD", absurd))
                .user("one")
                .bytes();
        FileReport report = Fixtures.imports(store, directory.resolve("t.jsonl"), content);
        assertThat(report.problem()).isNull();
        assertThat(report.imported()).isEqualTo(3);
        assertThat(report.tokens()).isEqualTo(new Tokens(6, 0, 0, 0, 0));
    }

    @Test
    void importsIntoADirectoryAndFindsItAgain() throws IOException {
        Path sources = Files.createDirectories(directory.resolve("sources"));
        for (String name : Fixtures.ALL) {
            // Under its real name, so that the fork finds its parent before that is imported.
            String real = name.equals("claude/everything.jsonl") ? Fixtures.MAIN + ".jsonl" : name.replace('/', '-');
            Files.write(sources.resolve(real), Fixtures.bytes(name));
        }
        Path place = directory.resolve("store");
        Map<SessionId, Contents.Essence> imported;
        try (SessionStore files = SessionStore.create(place)) {
            ImportReport report = new Importer(files, ImportOptions.usual()).run(List.of(sources), ImportListener.NONE);
            assertThat(report.files())
                    .allSatisfy(file -> assertThat(file.problem()).isNull());
            imported = Contents.essence(files);
        }
        try (SessionStore files = SessionStore.open(place)) {
            assertThat(Contents.essence(files)).isEqualTo(imported);
            ImportReport again =
                    new Importer(files, ImportOptions.usual().rescan(true)).run(List.of(sources), ImportListener.NONE);
            assertThat(again.imported()).isZero();
            new Importer(store, ImportOptions.usual()).run(List.of(sources), ImportListener.NONE);
            assertThat(Contents.essence(store)).isEqualTo(imported);
        }
    }

    @Test
    void survivesAnyDamage() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("ImporterTest.survivesAnyDamage, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] content = Fixtures.bytes(Fixtures.ALL.get(random.nextInt(Fixtures.ALL.size())));
            for (int k = random.nextInt(20); k >= 0; k--) {
                content = damaged(content, random);
            }
            try (SessionStore fresh = SessionStore.inMemory()) {
                Path file = directory.resolve("t.jsonl");
                FileReport first = Fixtures.imports(fresh, file, content);
                FileReport again =
                        Fixtures.imports(fresh, file, ImportOptions.usual().rescan(true));
                assertThat(first.problem() == null || first.format() == Format.UNRECOGNISED)
                        .as("round " + round + ": " + first.problem())
                        .isTrue();
                assertThat(again.imported()).as("round " + round).isZero();
                assertThat(again.records()).as("round " + round).isEqualTo(first.records());
                assertThat(again.tokens()).as("round " + round).isEqualTo(first.tokens());
            }
        }
    }

    private static byte[] damaged(byte[] content, Random random) {
        byte[] changed = content.clone();
        int at = random.nextInt(content.length);
        int length = 1 + random.nextInt(Math.min(40, content.length - at));
        switch (random.nextInt(4)) {
            case 0 -> changed[at] = (byte) random.nextInt(256);
            case 1 -> Arrays.fill(changed, at, at + length, (byte) 0);
            case 2 -> {
                changed = Arrays.copyOf(content, content.length - length);
                System.arraycopy(content, at + length, changed, at, content.length - at - length);
            }
            default -> {
                int other = random.nextInt(content.length - length + 1);
                System.arraycopy(content, other, changed, at, length);
            }
        }
        return changed.length == 0 ? content : changed;
    }

    @Test
    void tellsHowFarItIs() throws IOException {
        Path file = directory.resolve("t.jsonl");
        Files.write(file, ClaudeLines.conversation(SESSION, 5_000, 1_000));
        List<Long> done = new ArrayList<>();
        List<FileReport> finished = new ArrayList<>();
        new Importer(store, ImportOptions.usual()).run(List.of(file), new ImportListener() {
            @Override
            public void progress(Path path, long bytes, long total) {
                assertThat(path).isEqualTo(file);
                assertThat(bytes).isLessThanOrEqualTo(total);
                done.add(bytes);
            }

            @Override
            public void finished(FileReport report) {
                finished.add(report);
            }
        });
        assertThat(done).hasSizeGreaterThan(4).isSorted();
        assertThat(done.getLast()).isEqualTo(Files.size(file));
        assertThat(finished).hasSize(1);
    }
}
