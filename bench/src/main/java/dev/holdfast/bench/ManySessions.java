package dev.holdfast.bench;

import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A store of many sessions as programs leave them: about 20 records each, every status, closed properly. No session is
 * special, so that a listing has to look at each.
 */
final class ManySessions {
    private static final int WRITERS = 8;
    private static final int MAX_TURNS = 12;
    private static final List<String> PROJECTS = List.of("holdfast", "website", "billing", "infra");
    private static final List<String> TAGS = List.of("nightly", "review", "urgent");

    private ManySessions() {}

    /** Makes the store, or finds it as an earlier run left it. */
    static Path store(Path work, int sessions) throws Exception {
        Path store = work.resolve("listed-" + sessions);
        Path complete = work.resolve("listed-" + sessions + ".complete");
        if (Files.exists(complete)) {
            return store;
        }
        Directories.delete(store);
        try (SessionStore target = SessionStore.create(store)) {
            Crew.run(WRITERS, Thread.ofVirtual().factory(), 0, (member, end) -> {
                for (int k = member; k < sessions; k += WRITERS) {
                    write(target, k);
                }
                return 0;
            });
        }
        Files.createFile(complete);
        return store;
    }

    static int count(Path store) {
        try (SessionStore again = SessionStore.open(store)) {
            return again.list(dev.holdfast.store.SessionFilter.ALL).sessions().size();
        }
    }

    private static void write(SessionStore store, int number) {
        Random random = new Random(number);
        SessionConfig config = SessionConfig.conversation("Session " + number + ": " + Words.text(random, 30))
                .project(PROJECTS.get(number % PROJECTS.size()))
                .tags(List.of(TAGS.get(number % TAGS.size())));
        try (Session session = store.create(config)) {
            session.start();
            List<Entry> turns = new ArrayList<>();
            int last = random.nextInt(MAX_TURNS);
            for (int turn = 0; turn <= last; turn++) {
                turns.add(Entry.of(Message.user(Words.text(random, 200))));
                turns.add(Entry.of(Message.assistant(Words.text(random, 600))));
                Tokens tokens = new Tokens(20, 300, 9_000, 400, 0);
                turns.add(Entry.of(new UsageRecorded(tokens, "some-model", "resp_" + number + "_" + turn, null)));
            }
            session.append(Append.entries(turns));
            switch (number % 10) {
                case 0, 1, 2, 3, 4 -> session.complete("done");
                case 5, 6 -> session.pause("waits for a person");
                case 7 -> session.fail("the model was overloaded");
                case 8 -> session.cancel("no longer needed");
                default -> session.note("left running");
            }
        }
    }
}
