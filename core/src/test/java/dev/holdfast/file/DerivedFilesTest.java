package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spoils whatever is derived or passing, again and again, while several stores and another process work. */
class DerivedFilesTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = 3;
    private static final int STEPS = 60;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final List<Position> acknowledged = new ArrayList<>();

    @Test
    void nothingDerivedCanCostAnythingButTime() throws IOException {
        System.out.println("seed " + SEED);
        Path place = directory.resolve("store");
        StoreOptions options = StoreOptions.usual().unsafeFileSystem(true);
        SessionId id;
        try (SessionStore store = SessionStore.create(place, options);
                Session session = store.create(SessionConfig.conversation("derived files"))) {
            id = session.id();
            session.start();
        }
        Path session = new Layout(place).log(LogId.of(id));
        for (int round = 0; round < ROUNDS; round++) {
            try (SessionStore one = SessionStore.open(place, options);
                    SessionStore two = SessionStore.open(place, options);
                    WriterProcess child =
                            WriterProcess.start(place, id, "child-" + round, STEPS, WriterProcess.Habit.NONE)) {
                work(one, two, id, session, place);
                child.awaitEnd();
                acknowledged.addAll(child.acknowledged().values());
            }
            // At rest the whole of runtime/ may go.
            spoil(place.resolve("runtime"));
            for (String below : new String[] {"locks", "locks/" + lockFile(id)}) {
                if (random.nextBoolean() && Files.isDirectory(place.resolve("runtime"))) {
                    spoil(place.resolve("runtime").resolve(below));
                }
            }
            try (SessionStore after = SessionStore.open(place, options)) {
                check(after, id);
            }
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * STEPS);
    }

    private void work(SessionStore one, SessionStore two, SessionId id, Path session, Path place) throws IOException {
        Session driver = one.drive(id);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(6)) {
                case 0 -> acknowledged.add(two.annotate(id, new Annotation.Noted("by two, " + step, null)));
                case 1 -> {
                    driver.close();
                    driver = one.drive(id);
                }
                case 2 -> assertThat(two.list(SessionFilter.ALL).unreadable()).isEmpty();
                case 3 -> driver.compact("step " + step, List.of());
                default -> acknowledged.add(driver.append(OutputAppended.of("step " + step)));
            }
            spoil(session.resolve("state.json"));
            if (random.nextInt(3) == 0) {
                spoil(place.resolve("runtime/holders").resolve(id.value() + ".json"));
            }
            if (random.nextInt(5) == 0) {
                spoil(session.resolve(".tmp-" + random.nextInt(3)));
                spoil(place.resolve("runtime/holders"));
            }
            two.presence(id);
        }
        driver.close();
    }

    /** Any lock file; which one is this session's does not matter, for some round hits it. */
    private String lockFile(SessionId id) {
        return id.value().substring(34);
    }

    private void check(SessionStore store, SessionId id) throws IOException {
        List<Position> found = new ArrayList<>();
        try (RecordReader reader = store.read(id).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                found.add(record.position());
            }
        }
        assertThat(found).containsAll(acknowledged).isSorted().doesNotHaveDuplicates();
        assertThat(store.verify(id).isDamaged()).isFalse();
        SessionState with = store.read(id).state();
        delete(new Layout(Path.of(store.info().location())).log(LogId.of(id)).resolve("state.json"));
        assertThat(store.read(id).state()).isEqualTo(with);
        try (Session session = store.drive(id)) {
            acknowledged.add(session.append(OutputAppended.of("at rest")));
        }
        assertThat(store.repair(id).opened()).isNull();
    }

    /** Deletes, corrupts or replaces something, wherever it is in the way of nobody's files. */
    private void spoil(Path path) throws IOException {
        try {
            switch (random.nextInt(7)) {
                case 0 -> delete(path);
                case 1 -> overwrite(path, garbage());
                case 2 -> overwrite(path, "{\"format\":1,\"segment\":1".getBytes(StandardCharsets.UTF_8));
                case 3 ->
                    overwrite(
                            path, "{\"pid\":\"x\",\"format\":1,\"sum\":\"00000000\"}".getBytes(StandardCharsets.UTF_8));
                case 4 -> {
                    if (Files.isRegularFile(path)) {
                        byte[] content = Files.readAllBytes(path);
                        overwrite(path, java.util.Arrays.copyOf(content, random.nextInt(content.length + 1)));
                    }
                }
                case 5 -> {
                    delete(path);
                    Files.createDirectories(path.resolve("in the way"));
                }
                default -> {
                    if (Files.isRegularFile(path)) {
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--------"));
                    }
                }
            }
        } catch (java.nio.file.FileSystemException e) {
            // Another process was quicker.
        }
    }

    private byte[] garbage() {
        byte[] bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void overwrite(Path path, byte[] content) throws IOException {
        delete(path);
        Files.write(path, content);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            all.sorted(java.util.Comparator.reverseOrder()).forEach(each -> {
                try {
                    Files.deleteIfExists(each);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            // Another process was quicker.
        }
    }
}
