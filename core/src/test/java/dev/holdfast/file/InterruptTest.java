package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class InterruptTest {
    private static final long SEED = Long.getLong("seed", 20_261_120L);
    private static final int THREADS = 6;
    private static final int APPENDS = 120;

    @TempDir
    private Path directory;

    @Test
    void everyOperationFinishesAndKeepsTheInterrupt() {
        Thread.currentThread().interrupt();
        try (SessionStore store = SessionStore.create(directory.resolve("store"))) {
            kept("create store");
            Session session = store.create(SessionConfig.conversation("interrupted"));
            kept("create");
            session.start();
            kept("append");
            session.append(Message.user("x".repeat(100_000)));
            kept("append with a blob");
            store.annotate(session.id(), new Annotation.Noted("note", null));
            kept("annotate");
            session.compact("summary", List.of());
            kept("compact");
            session.force();
            assertThat(session.state().records()).isEqualTo(3);
            kept("state");
            assertThat(store.read(session.id()).state().records()).isEqualTo(3);
            kept("view");
            session.close();
            kept("close");
            store.drive(session.id()).close();
            kept("drive");
            assertThat(store.list(SessionFilter.ALL).sessions()).hasSize(1);
            kept("list");
            assertThat(store.verify(session.id()).faults()).isEmpty();
            kept("verify");
            Trashed trashed = store.delete(session.id());
            kept("delete");
            store.trash().restore(trashed);
            kept("restore");
        }
        kept("close store");
        try (SessionStore store = SessionStore.open(directory.resolve("store"))) {
            kept("open store");
            assertThat(store.active()).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Still interrupted; stays so. */
    private static void kept(String after) {
        assertThat(Thread.currentThread().isInterrupted())
                .as("interrupted after " + after)
                .isTrue();
    }

    @Test
    void interruptsAtRandomLoseNothingAndDisturbNobody() throws InterruptedException {
        System.out.println("seed " + SEED);
        Map<String, Position> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger interrupts = new AtomicInteger();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        try (SessionStore store = SessionStore.create(directory.resolve("store"));
                Session session = store.create(SessionConfig.conversation("interrupted"))) {
            List<Thread> workers = new ArrayList<>();
            for (int k = 0; k < THREADS; k++) {
                int worker = k;
                Runnable work = () -> {
                    try {
                        for (int n = 0; n < APPENDS; n++) {
                            String text = worker + "-" + n;
                            acknowledged.put(text, session.append(OutputAppended.of(text)));
                            if (Thread.interrupted()) {
                                interrupts.incrementAndGet();
                            }
                        }
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                    }
                };
                workers.add(
                        k % 2 == 0
                                ? Thread.ofPlatform().start(work)
                                : Thread.ofVirtual().start(work));
            }
            Random random = new Random(SEED);
            // The last worker is never interrupted: what happens to the others must not reach it.
            while (workers.stream().anyMatch(Thread::isAlive)) {
                workers.get(random.nextInt(THREADS - 1)).interrupt();
                Thread.onSpinWait();
            }
            for (Thread worker : workers) {
                worker.join();
            }
            assertThat(failures).isEmpty();
            acknowledged.put("usable", session.append(OutputAppended.of("usable")));
        }
        assertThat(interrupts).as("interrupts that came through").hasPositiveValue();
        Map<String, Position> found = new HashMap<>();
        try (SessionStore store = SessionStore.open(directory.resolve("store"));
                RecordReader reader =
                        store.read(acknowledged.get("usable").session()).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.event(reader.blobs()) instanceof OutputAppended output) {
                    assertThat(found.put(new String(output.line()), record.position()))
                            .isNull();
                }
            }
            assertThat(reader.faults()).isEmpty();
        }
        assertThat(found).isEqualTo(acknowledged).hasSize(THREADS * APPENDS + 1);
    }
}
