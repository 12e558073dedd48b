package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import dev.holdfast.store.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight real processes append to 32 sessions in a real directory while they read, fork and kill -9 each other, and the
 * directory of locks is deleted under them: every acknowledged record is there once, in order.
 */
class CrowdTest {
    private static final int MEMBERS = 8;
    private static final int SESSIONS = 32;
    private static final long SEED = Long.getLong("seed", 20_261_121L);

    @TempDir
    Path directory;

    /** What one process said, in order. */
    private record Said(Process process, Queue<String> lines, CountDownLatch ended) {}

    private final List<Said> all = new ArrayList<>();

    @Test
    @Timeout(120)
    void whatACrowdWasToldIsThereAfterAWhile() throws Exception {
        crowd(Duration.ofSeconds(5));
    }

    @Test
    @Tag("nightly")
    @Timeout(300)
    void whatACrowdWasToldIsThereAfterHalfAMinute() throws Exception {
        crowd(Duration.ofSeconds(30));
    }

    private void crowd(Duration length) throws Exception {
        System.out.println("seed " + SEED);
        Path root = directory.resolve("store");
        Path pids = Files.createDirectory(directory.resolve("pids"));
        try (SessionStore store = SessionStore.create(root, options())) {
            for (int k = 0; k < SESSIONS; k++) {
                Session session = store.create(SessionConfig.conversation("session " + k));
                session.close();
            }
        }
        run(root, pids, length);
        List<String> told = new ArrayList<>();
        all.forEach(said -> told.addAll(said.lines()));
        assertThat(told.stream().filter(line -> line.startsWith("wrong "))).isEmpty();
        System.out.println(all.size() + " processes, "
                + told.stream().filter(line -> line.startsWith("appended ")).count() + " records and "
                + told.stream().filter(line -> line.startsWith("forked ")).count() + " forks were acknowledged");
        assertThat(told.stream().filter(line -> line.startsWith("appended ")))
                .as("a crowd that does something")
                .hasSizeGreaterThan(100);
        try (SessionStore store = SessionStore.open(root, options())) {
            check(store);
        }
    }

    private static StoreOptions options() {
        return StoreOptions.usual().unsafeFileSystem(true);
    }

    // ---- running ----

    private void run(Path root, Path pids, Duration length) throws Exception {
        boolean deleted = false;
        List<Said> running = new ArrayList<>();
        fill(running, root, pids);
        while (gathered(pids) < MEMBERS) {
            assertThat(running.getFirst().ended().await(20, TimeUnit.MILLISECONDS))
                    .as("a process that ends before all are there")
                    .isFalse();
        }
        Files.createFile(pids.resolve("begin"));
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < length.toNanos()) {
            fill(running, root, pids);
            if (!deleted && System.nanoTime() - begun > length.toNanos() / 2) {
                deleteAll(root.resolve("runtime"));
                deleted = true;
            }
            // Until one of them ends, or it is time to look.
            running.getFirst().ended().await(100, TimeUnit.MILLISECONDS);
        }
        assertThat(deleted).isTrue();
        for (Said said : running) {
            // Half of them end as they like, half are killed.
            if (all.indexOf(said) % 2 == 0) {
                said.process().toHandle().destroyForcibly();
            } else if (said.process().isAlive()) {
                stop(said.process());
            }
        }
        for (Said said : all) {
            said.ended().await();
        }
    }

    private void fill(List<Said> running, Path root, Path pids) throws IOException {
        running.removeIf(said -> !said.process().isAlive());
        while (running.size() < MEMBERS) {
            Said said = start(root, pids, all.size());
            running.add(said);
            all.add(said);
        }
    }

    private static long gathered(Path pids) throws IOException {
        try (Stream<Path> files = Files.list(pids)) {
            return files.count();
        }
    }

    private static void stop(Process process) {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            assertThat(process.isAlive())
                    .as("a process that hears nothing: %s", e)
                    .isFalse();
        }
    }

    private static Said start(Path root, Path pids, int number) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrowdMember.class.getName(),
                        root.toString(),
                        pids.toString(),
                        Integer.toString(number),
                        Long.toString(SEED + number)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Said said = new Said(process, new ConcurrentLinkedQueue<>(), new CountDownLatch(1));
        Thread.ofPlatform().daemon().start(() -> {
            StringBuilder text = new StringBuilder();
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                for (int c = out.read(); c >= 0; c = out.read()) {
                    text.append((char) c);
                }
            } catch (IOException e) {
                text.append("wrong ").append(e).append('\n');
            }
            // A last line without its end was not said.
            text.substring(0, text.lastIndexOf("\n") + 1).lines().forEach(said.lines()::add);
            said.ended().countDown();
        });
        return said;
    }

    /** As somebody does who cleans up; others may put new files there meanwhile. */
    private static void deleteAll(Path path) throws IOException {
        List<Path> found;
        try (Stream<Path> walk = Files.walk(path)) {
            found = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException | java.io.UncheckedIOException e) {
            return;
        }
        for (Path each : found) {
            try {
                Files.deleteIfExists(each);
            } catch (java.nio.file.DirectoryNotEmptyException e) {
                assertThat(each).isDirectory();
            }
        }
    }

    // ---- looking ----

    private void check(SessionStore store) {
        Map<Position, String> found = new HashMap<>();
        Set<String> texts = new HashSet<>();
        for (SessionSummary each : store.list(SessionFilter.ALL).sessions()) {
            assertThat(store.verify(each.id()).isDamaged())
                    .as("%s: %s", each.id(), store.verify(each.id()).faults())
                    .isFalse();
            try (RecordReader reader = store.read(each.id()).records()) {
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    String text = CrowdMember.text(record.event(reader.blobs()));
                    if (!text.isEmpty()) {
                        assertThat(texts.add(text))
                                .as("%s is there twice", text)
                                .isTrue();
                        found.put(record.position(), text);
                    }
                }
            }
        }
        for (Said said : all) {
            Map<SessionId, Position> last = new HashMap<>();
            for (String line : said.lines()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "appended" -> {
                        Position at = Position.parse(words[1]);
                        assertThat(found.get(at))
                                .as("%s was acknowledged", line)
                                .isEqualTo(words[2]);
                        Position before = last.put(at.session(), at);
                        assertThat(before == null || before.compareTo(at) < 0)
                                .as("%s behind %s", at, before)
                                .isTrue();
                    }
                    case "forked" -> checkFork(store, new SessionId(words[1]), Position.parse(words[2]));
                    default -> throw new AssertionError(line);
                }
            }
        }
    }

    private static void checkFork(SessionStore store, SessionId fork, Position at) {
        assertThat(store.exists(fork)).as("the fork %s was acknowledged", fork).isTrue();
        List<Position> positions = new ArrayList<>();
        try (RecordReader reader = store.read(fork).history().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                positions.add(record.position());
            }
            assertThat(reader.faults().stream().filter(dev.holdfast.log.Fault::damage))
                    .isEmpty();
        } catch (HoldfastException e) {
            throw new AssertionError("the fork " + fork + " cannot be read", e);
        }
        int end = positions.indexOf(at);
        assertThat(end).as("%s goes on from %s", fork, at).isNotNegative();
        assertThat(positions.get(end + 1)).isEqualTo(new Position(fork, 1, 0));
    }
}
