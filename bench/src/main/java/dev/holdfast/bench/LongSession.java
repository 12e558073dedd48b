package dev.holdfast.bench;

import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A store with one very long session and one of a single segment. The head of both is as full as a head gets. */
final class LongSession {
    static final SessionId LONG = SessionId.of(1_800_000_000_000L, 1, 1);
    static final SessionId SHORT = SessionId.of(1_800_000_000_000L, 2, 2);

    /** Room is left for what a run appends, so that no measured append opens a segment. */
    private static final long FULL_HEAD_BYTES = 8L * 1024 * 1024 - 256 * 1024;

    private static final int TOGETHER = 200;

    private LongSession() {}

    /** Makes the store, or finds it as an earlier run left it. Nobody writes to it: runs take a copy. */
    static Path store(Path work, long records) throws IOException {
        Path store = work.resolve("long-" + records);
        Path complete = work.resolve("long-" + records + ".complete");
        if (!Files.exists(complete)) {
            Directories.delete(store);
            try (SessionStore target = SessionStore.create(store)) {
                write(store, target, LONG, records);
                write(store, target, SHORT, 1);
            }
            Files.createFile(complete);
        }
        return store;
    }

    private static void write(Path store, SessionStore target, SessionId id, long records) throws IOException {
        Random random = new Random(records);
        try (Session session = target.create(SessionConfig.conversation("long"), id, new Origin.Fresh())) {
            session.start();
            long written = 2;
            while (written < records || Files.size(segments(store, id).getLast()) < FULL_HEAD_BYTES) {
                List<Entry> entries = new ArrayList<>();
                for (int k = 0; k < TOGETHER; k++) {
                    entries.add(Entry.of(event(random, written++)));
                }
                session.append(Append.entries(entries));
            }
        }
    }

    /** A turn of a conversation: what the user says, what a tool prints, what the model answers, what it used. */
    private static Event event(Random random, long number) {
        return switch ((int) (number % 5)) {
            case 0 -> Message.user(Words.text(random, 200));
            case 1 -> OutputAppended.of(Words.text(random, 800));
            case 2, 3 -> Message.assistant(Words.text(random, 500));
            default -> new UsageRecorded(new Tokens(20, 300, 9_000, 400, 0), "some-model", "resp_" + number, null);
        };
    }

    static Path directory(Path store, SessionId id) {
        String name = id.value();
        return store.resolve("sessions")
                .resolve(name.substring(name.length() - 2))
                .resolve(name);
    }

    /** The files of a session's segments, in order. */
    static List<Path> segments(Path store, SessionId id) throws IOException {
        try (Stream<Path> files = Files.list(directory(store, id))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    /** A copy to write to. Only heads are ever written to, so all other segments are linked where that is possible. */
    static Path copy(Path store, Path target) throws IOException {
        List<Path> heads =
                List.of(segments(store, LONG).getLast(), segments(store, SHORT).getLast());
        List<Path> all;
        try (Stream<Path> walk = Files.walk(store)) {
            all = walk.filter(path -> !path.startsWith(store.resolve("runtime")))
                    .toList();
        }
        for (Path path : all) {
            Path copy = target.resolve(store.relativize(path));
            if (path.toString().endsWith(".jsonl") && !heads.contains(path)) {
                link(copy, path);
            } else {
                Files.copy(path, copy);
            }
        }
        return target;
    }

    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException e) {
            Files.copy(file, link);
        }
    }
}
