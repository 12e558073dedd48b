package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that write to one session while locks fail them. Windows has neither POSIX locks to lose nor SIGSTOP. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class LockLossTest {
    @TempDir
    private Path directory;

    private SessionStore store;
    private SessionId id;

    @BeforeEach
    void create() {
        store = SessionStore.create(directory.resolve("store"));
        try (Session session = store.create(SessionConfig.conversation("fought over"))) {
            session.start();
            id = session.id();
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private WriterProcess writer(String name, int count, WriterProcess.Habit habit) {
        return WriterProcess.start(directory.resolve("store"), id, name, count, habit);
    }

    @Test
    void twoProcessesTakeTurns() {
        try (WriterProcess a = writer("a", 150, WriterProcess.Habit.NONE);
                WriterProcess b = writer("b", 150, WriterProcess.Habit.NONE)) {
            a.awaitEnd();
            b.awaitEnd();
            assertThat(a.acknowledged()).hasSize(150);
            assertThat(b.acknowledged()).hasSize(150);
            check(a, b);
            assertThat(faults()).isEmpty();
        }
    }

    @Test
    void aStrayCloseOfTheLockFileLosesNoRecord() {
        try (WriterProcess a = writer("a", 250, WriterProcess.Habit.STRAY_CLOSE);
                WriterProcess b = writer("b", 250, WriterProcess.Habit.STRAY_CLOSE)) {
            a.awaitEnd();
            b.awaitEnd();
            assertThat(a.acknowledged().size() + b.acknowledged().size()).isGreaterThan(100);
            check(a, b);
        }
    }

    @Test
    void aDeletedRuntimeDirectoryLosesNoRecord() throws IOException {
        try (WriterProcess a = writer("a", 200, WriterProcess.Habit.NONE);
                WriterProcess b = writer("b", 200, WriterProcess.Habit.NONE)) {
            for (int k = 1; k <= 10; k++) {
                a.awaitAcknowledged(k * 15);
                deleteRuntime();
                b.awaitAcknowledged(k * 15);
                deleteRuntime();
            }
            a.awaitEnd();
            b.awaitEnd();
            check(a, b);
        }
    }

    @Test
    void aPausedProcessThatLostItsLockLosesNoRecordWhenItWakes() throws IOException {
        try (WriterProcess a = writer("a", 400, WriterProcess.Habit.NONE)) {
            Map<String, Position> mine = new LinkedHashMap<>();
            for (int round = 1; round <= 8; round++) {
                a.awaitAcknowledged(round * 20);
                a.signal("STOP");
                deleteRuntime();
                for (int k = 0; k < 5; k++) {
                    String text = "mine-" + round + "-" + k;
                    mine.put(text, store.annotate(id, new Annotation.Noted(text, null)));
                }
                a.signal("CONT");
            }
            a.awaitEnd();
            check(mine);
            check(a);
        }
    }

    @Test
    void aPausedProcessThatHoldsItsLockKeepsOthersOutOrLetsThemIn() {
        try (WriterProcess a = writer("a", 300, WriterProcess.Habit.NONE)) {
            Map<String, Position> mine = new LinkedHashMap<>();
            boolean busy = false;
            for (int round = 1; round <= 12 && !busy; round++) {
                a.awaitAcknowledged(round * 20);
                a.signal("STOP");
                try {
                    String text = "mine-" + round;
                    mine.put(text, store.annotate(id, new Annotation.Noted(text, null)));
                } catch (HoldfastException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
                    busy = true;
                }
                a.signal("CONT");
            }
            a.awaitEnd();
            assertThat(a.acknowledged()).as("nobody took its lock").hasSize(300);
            check(mine);
            check(a);
        }
    }

    @Test
    void everyPositionPrintedByAKilledProcessIsFoundAgain() {
        for (int round = 0; round < 3; round++) {
            try (WriterProcess a = writer("killed" + round, 100_000, WriterProcess.Habit.NONE)) {
                a.awaitAcknowledged(40 + 17 * round);
                a.signal("KILL");
                a.awaitEnd();
                check(a.acknowledged());
            }
        }
        store.annotate(id, new Annotation.Noted("after the kills", null));
    }

    private void check(WriterProcess... writers) {
        for (WriterProcess writer : writers) {
            check(writer.acknowledged());
        }
    }

    /** Everything acknowledged is there once, where it was said to be, in the order it was said; and whole. */
    private void check(Map<String, Position> acknowledged) {
        Map<String, Position> found = new HashMap<>();
        try (RecordReader reader = store.read(id).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.event(reader.blobs()) instanceof Annotation.Noted noted) {
                    Position before = found.put(noted.text(), record.position());
                    assertThat(before)
                            .as("the first place of %s, which is at %s too", noted.text(), record.position())
                            .isNull();
                }
            }
        }
        acknowledged.forEach(
                (text, position) -> assertThat(found.get(text)).as(text).isEqualTo(position));
        assertThat(List.copyOf(acknowledged.values()))
                .as("positions in the order they were told")
                .isSorted();
        assertThat(faults())
                .as("no line tore another")
                .noneMatch(fault -> fault.damage()
                        || fault.kind() == Fault.Kind.BAD_RECORD
                        || fault.kind() == Fault.Kind.JOINED_RECORDS);
    }

    private List<Fault> faults() {
        return store.verify(id).faults().stream()
                .filter(fault -> fault.kind() != Fault.Kind.STALE_DERIVED_FILE)
                .toList();
    }

    private void deleteRuntime() throws IOException {
        Path runtime = directory.resolve("store/runtime");
        for (int attempt = 0; Files.exists(runtime) && attempt < 100; attempt++) {
            try (Stream<Path> all = Files.walk(runtime)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (NoSuchFileException | java.nio.file.DirectoryNotEmptyException | java.io.UncheckedIOException e) {
                // The writers make it anew all the time.
            }
        }
    }
}
