package dev.holdfast.travel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Append;
import dev.holdfast.store.ImportResult;
import dev.holdfast.store.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An archive comes from anywhere: whatever was done to it, the store stays as it was. */
class ForgedArchiveTest extends TwoStores {
    private SessionId parent;
    private SessionId id;
    private Path good;
    private Map<String, String> before;

    @BeforeEach
    void makeArchive() {
        make(there, session -> session.append(Message.user("there before")));
        parent = make(here, session -> session.append(Message.user("parent " + LARGE)));
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            id = fork.id();
            everything(fork, 1);
            fork.compact("summary", List.of());
            fork.append(Message.user("end"));
        }
        good = export(here, id);
        before = files("there");
    }

    private void assertRefused(Path archive) {
        refused(ErrorCode.DAMAGED, () -> Archive.read(archive, there));
        assertThat(files("there")).isEqualTo(before);
    }

    private Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(good.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private Path archive(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return Files.write(root.resolve("forged.zip"), out.toByteArray());
    }

    /** Lists the entries in the manifest as they are now: a forger who knows how. */
    private static void resign(Map<String, byte[]> entries) {
        ObjectNode manifest = manifest(entries);
        ArrayNode list = manifest.putArray("entries");
        entries.forEach((name, content) -> {
            if (!name.equals(Manifest.NAME)) {
                list.addObject()
                        .put("name", name)
                        .put("sha256", HexFormat.of().formatHex(Packing.sha256().digest(content)))
                        .put("bytes", content.length);
            }
        });
        put(entries, manifest);
    }

    private static ObjectNode manifest(Map<String, byte[]> entries) {
        return (ObjectNode) Json.tree(new String(entries.get(Manifest.NAME), StandardCharsets.UTF_8));
    }

    private static void put(Map<String, byte[]> entries, ObjectNode manifest) {
        entries.put(Manifest.NAME, manifest.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String segment(SessionId session, int number) {
        return session + String.format("/%06d.jsonl", number);
    }

    @Test
    void anArchiveThatWasOnlyWrittenAnewIsTakenIn() throws IOException {
        Map<String, byte[]> entries = entries();
        resign(entries);
        Archive.read(archive(entries), there);
        assertThat(lines(there.read(id).history()))
                .isEqualTo(lines(here.read(id).history()));
    }

    @Test
    void aFlippedBitIsNoticedOrChangesNothing() throws IOException {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        byte[] content = Files.readAllBytes(good);
        int refused = 0;
        for (int k = 0; k < 150; k++) {
            byte[] damaged = content.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Path file = Files.write(root.resolve("damaged.zip"), damaged);
            try {
                Archive.read(file, there);
                // Only what does not count can have changed, such as the time of an entry.
                assertThat(lines(there.read(id).history()))
                        .as("seed %d, byte %d", seed, at)
                        .isEqualTo(lines(here.read(id).history()));
                there.delete(id);
                there.trash().list().forEach(there.trash()::purge);
            } catch (HoldfastException e) {
                refused++;
                assertThat(e.code())
                        .as("seed %d, byte %d: %s", seed, at, e.getMessage())
                        .isIn(ErrorCode.DAMAGED, ErrorCode.UNSUPPORTED);
            }
            assertThat(files("there")).as("seed %d, byte %d", seed, at).isEqualTo(before);
        }
        assertThat(refused).isGreaterThan(75);
    }

    @Test
    void aCutArchiveIsRefused() throws IOException {
        Random random = new Random(RandomEvents.seed());
        byte[] content = Files.readAllBytes(good);
        for (int k = 0; k < 40; k++) {
            int length = k == 0 ? content.length - 1 : random.nextInt(content.length);
            assertRefused(Files.write(root.resolve("cut.zip"), Arrays.copyOf(content, length)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../escaped",
                "/tmp/escaped",
                "%s/../../escaped",
                "%s/blobs/../000009.jsonl",
                "%s\\000009.jsonl",
                "%s/state.json",
                "%s/000000.jsonl",
                "%s/0000009.jsonl",
                "%s/ancestors/%s/000001.jsonl",
                "%s/000009.jsonl/",
                "C:/000009.jsonl",
                "%s/000009.jsonl\0",
                "holdfast.json",
                "0196f5a2-7c3b-4d41-9c55-3c1f0e2d4b6a/000001.jsonl"
            })
    void aNameThatNoExportHasIsRefused(String name) throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put(name.replace("%s", id.value()), entries.get(segment(id, 2)));
        resign(entries);
        assertRefused(archive(entries));
        assertThat(root.resolve("escaped")).doesNotExist();
    }

    @Test
    void whatIsListedAndWhatIsThereMustBeTheSame() throws IOException {
        Map<String, byte[]> more = entries();
        more.put(id + "/blobs/" + "0".repeat(64), new byte[1]);
        assertRefused(archive(more));

        Map<String, byte[]> less = entries();
        less.remove(segment(id, 2));
        assertRefused(archive(less));

        Map<String, byte[]> twice = entries();
        ObjectNode manifest = manifest(twice);
        ArrayNode list = (ArrayNode) manifest.get("entries");
        list.add(list.get(0));
        put(twice, manifest);
        assertRefused(archive(twice));

        // The same name twice, which no writer of ZIPs would make: one of the same length is renamed in the bytes.
        Map<String, byte[]> renamed = entries();
        renamed.put(segment(id, 9), renamed.get(segment(id, 2)));
        Path file = archive(renamed);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace("/000009.jsonl", "/000002.jsonl"), StandardCharsets.ISO_8859_1);
        assertRefused(file);

        Map<String, byte[]> last = new LinkedHashMap<>();
        Map<String, byte[]> all = entries();
        byte[] first = all.remove(Manifest.NAME);
        last.putAll(all);
        last.put(Manifest.NAME, first);
        assertRefused(archive(last));
        assertRefused(archive(Map.of("other", new byte[1])));
        assertRefused(Files.write(root.resolve("none.zip"), new byte[0]));
    }

    @Test
    void linesAreReadBeforeTheyAreBelieved() throws IOException {
        String second = segment(id, 2);
        String first = segment(id, 1);
        for (String[] forged : new String[][] {
            {"summary", "SUMMARY"},
            {"\"end\"", "\"END\""},
            {"\"crc\":\"", "\"crc\":\"0"},
            {"\n", ""},
            {"\n", "\n\n"},
            {"\n", "\n{\"i\":9"}
        }) {
            Map<String, byte[]> entries = entries();
            String text = new String(entries.get(second), StandardCharsets.UTF_8);
            entries.put(second, text.replace(forged[0], forged[1]).getBytes(StandardCharsets.UTF_8));
            resign(entries);
            assertRefused(archive(entries));
        }
        Map<String, byte[]> foreign = entries();
        foreign.put(second, foreign.get(segment(parent, 1)));
        resign(foreign);
        assertRefused(archive(foreign));

        Map<String, byte[]> hole = entries();
        String text = new String(hole.get(first), StandardCharsets.UTF_8);
        int cut = text.indexOf('\n', text.length() / 2);
        hole.put(
                first,
                (text.substring(0, cut + 1) + text.substring(text.indexOf('\n', cut + 1) + 1))
                        .getBytes(StandardCharsets.UTF_8));
        resign(hole);
        assertRefused(archive(hole));

        Map<String, byte[]> orphan = entries();
        orphan.keySet().removeIf(name -> name.startsWith(parent.value()));
        resign(orphan);
        assertRefused(archive(orphan));

        Map<String, byte[]> withoutBlob = entries();
        withoutBlob.keySet().removeIf(name -> name.startsWith(id + "/blobs/"));
        resign(withoutBlob);
        assertRefused(archive(withoutBlob));

        Map<String, byte[]> strange = entries();
        byte[] content = "nobody refers to it".getBytes(StandardCharsets.UTF_8);
        strange.put(id + "/blobs/" + HexFormat.of().formatHex(Packing.sha256().digest(content)), content);
        resign(strange);
        assertRefused(archive(strange));
    }

    @Test
    void aDigestThatDoesNotFitIsRefused() throws IOException {
        Map<String, byte[]> entries = entries();
        ObjectNode manifest = manifest(entries);
        ((ObjectNode) manifest.get("entries").get(0)).put("sha256", "0".repeat(64));
        put(entries, manifest);
        assertRefused(archive(entries));
    }

    @Test
    void howMuchHadBeenForcedMakesNoDifference() throws IOException {
        id = make(here, session -> {
            session.append(Message.user("one"));
            session.append(Append.of(OutputAppended.of("relaxed")).relaxed());
            session.append(Append.of(OutputAppended.of("not forced before")).relaxed());
        });
        good = export(here, id);
        Map<String, byte[]> entries = entries();
        String text = new String(entries.get(segment(id, 1)), StandardCharsets.UTF_8);
        int last = text.lastIndexOf('\n', text.length() - 2) + 1;
        entries.put(segment(id, 1), text.substring(0, last).getBytes(StandardCharsets.UTF_8));
        resign(entries);
        Archive.read(archive(entries), there);
        assertThat(Archive.read(good, there)).isEqualTo(new ImportResult.Extended(id, 1));
        assertThat(Archive.read(good, there)).isEqualTo(new ImportResult.Unchanged(id));
    }

    @Test
    void aBombDoesNotGoOff() throws IOException {
        // Says what it is: 10 GB in files that each could be.
        Map<String, byte[]> honest = entries();
        ObjectNode manifest = manifest(honest);
        ArrayNode list = (ArrayNode) manifest.get("entries");
        for (int k = 1; k <= 50; k++) {
            String name = SessionId.of(k, k, k) + "/000001.jsonl";
            honest.put(name, new byte[1]);
            list.addObject().put("name", name).put("sha256", "0".repeat(64)).put("bytes", 200_000_000);
        }
        put(honest, manifest);
        assertRefused(archive(honest));

        // Says it is small: nothing behind what it says is unpacked.
        Map<String, byte[]> liar = entries();
        liar.put(segment(id, 2), new byte[64 * 1024 * 1024]);
        Path file = archive(liar);
        assertRefused(file);
        assertThat(Files.size(file)).isLessThan(1024 * 1024);

        Map<String, byte[]> vast = entries();
        ObjectNode one = manifest(vast);
        ((ObjectNode) one.get("entries").get(0)).put("bytes", Long.MAX_VALUE);
        put(vast, one);
        assertRefused(archive(vast));

        Map<String, byte[]> talker = entries();
        talker.put(Manifest.NAME, new byte[Manifest.MAX_BYTES + 1]);
        assertRefused(archive(talker));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"format\":1}", "{\"format\":1,\"session\":\"x\",\"entries\":{}}"})
    void aManifestThatIsNoneIsRefused(String text) throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put(Manifest.NAME, text.getBytes(StandardCharsets.UTF_8));
        Path file = archive(entries);
        assertThat(Archive.isArchive(file)).isTrue();
        try {
            Archive.read(file, there);
            throw new AssertionError("taken in");
        } catch (HoldfastException e) {
            assertThat(e.code()).isIn(ErrorCode.DAMAGED, ErrorCode.UNSUPPORTED);
        }
        assertThat(files("there")).isEqualTo(before);
    }

    @Test
    void nothingIsLeftBesideTheStore() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path file = Files.write(root.resolve("cut.zip"), Arrays.copyOf(Files.readAllBytes(good), 3_000));
        assertRefused(file);
        Archive.read(good, there);
        try (var left = Files.newDirectoryStream(temporary, "holdfast-import-*")) {
            for (Path path : left) {
                assertThat(path.toFile().list()).as("another's").isNotNull();
                assertThat(Files.getLastModifiedTime(path)).isLessThan(Files.getLastModifiedTime(root.resolve("here")));
            }
        }
    }
}
