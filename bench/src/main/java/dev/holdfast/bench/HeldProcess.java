package dev.holdfast.bench;

import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The process that holds many sessions open at once: makes them, appends to each, and prints what they take. */
final class HeldProcess {
    private static final int WRITERS = 32;
    private static final int TURNS = 40;
    private static final int FIRST = 50;
    private static final int COLLECTIONS = 5;

    private HeldProcess() {}

    /**
     * What they take.
     *
     * @param bytes heap a session
     * @param files how many files the process has open, or -1 where the system does not say
     */
    record Held(long bytes, long files) {
        static Held parse(String line) {
            String[] words = line.strip().split(" ", -1);
            return new Held(Long.parseLong(words[0]), Long.parseLong(words[1]));
        }
    }

    /**
     * Holds sessions open.
     *
     * @param args where to make the store, and how many sessions
     * @throws Exception if that fails
     */
    public static void main(String[] args) throws Exception {
        int sessions = Integer.parseInt(args[1]);
        ConcurrentLinkedQueue<Session> open = new ConcurrentLinkedQueue<>();
        try (SessionStore store = SessionStore.create(Path.of(args[0]))) {
            // What the first ones make is made once, however many follow.
            hold(store, FIRST, open);
            long before = heap();
            hold(store, sessions, open);
            long bytes = (heap() - before) / sessions;
            String[] files = Path.of("/proc/self/fd").toFile().list();
            System.out.println(bytes + " " + (files == null ? -1 : files.length));
            open.forEach(session -> Objects.requireNonNull(session.id()));
        }
    }

    private static void hold(SessionStore store, int sessions, ConcurrentLinkedQueue<Session> open) throws Exception {
        Crew.run(WRITERS, Thread.ofVirtual().factory(), 0, (member, end) -> {
            for (int k = member; k < sessions; k += WRITERS) {
                open.add(session(store, k));
            }
            return 0;
        });
    }

    private static Session session(SessionStore store, int number) {
        Random random = new Random(number);
        Session session = store.create(SessionConfig.conversation("Session " + number + ": " + Words.text(random, 30)));
        session.start();
        List<Entry> turns = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            turns.add(Entry.of(Message.user(Words.text(random, 200))));
            turns.add(Entry.of(Message.assistant(Words.text(random, 600))));
            Tokens tokens = new Tokens(20, 300, 9_000, 400, 0);
            turns.add(Entry.of(new UsageRecorded(tokens, "some-model", "resp_" + number + "_" + turn, null)));
        }
        session.append(Append.entries(turns));
        return session;
    }

    private static long heap() {
        for (int k = 0; k < COLLECTIONS; k++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
