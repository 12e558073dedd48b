package dev.holdfast.file;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One of many processes on one store: appends, annotates, reads, forks, and kills others, until it is killed or its input
 * ends. Prints what it was told, once it was told: {@code appended ID/s/i TEXT}, {@code forked ID POSITION}; and
 * {@code wrong ...} where it saw what must not be.
 */
final class CrowdMember {
    private final SessionStore store;
    private final Path pids;
    private final String name;
    private final Random random;
    private final List<SessionId> sessions;
    /** The texts that this process knows to be in a session, the last ones. */
    private final Map<SessionId, String> mine = new HashMap<>();

    private long texts;

    private CrowdMember(SessionStore store, Path pids, String name, Random random) {
        this.store = store;
        this.pids = pids;
        this.name = name;
        this.random = random;
        this.sessions = new ArrayList<>(store.active());
    }

    public static void main(String[] args) throws IOException {
        Path pids = Path.of(args[1]);
        Random random = new Random(Long.parseLong(args[3]));
        try (SessionStore store =
                SessionStore.open(Path.of(args[0]), StoreOptions.usual().unsafeFileSystem(true))) {
            CrowdMember member = new CrowdMember(store, pids, args[2], random);
            Files.createFile(pids.resolve(Long.toString(ProcessHandle.current().pid())));
            while (!Files.exists(pids.resolve("begin"))) {
                Thread.yield();
            }
            while (System.in.available() == 0) {
                member.act();
            }
        } catch (RuntimeException | Error e) {
            tell("wrong " + e + " at " + List.of(e.getStackTrace()));
        }
    }

    /** One write, so that no line is told in part. */
    private static void tell(String line) {
        System.out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private void act() throws IOException {
        SessionId id = sessions.get(random.nextInt(sessions.size()));
        try {
            switch (random.nextInt(40)) {
                case 0 -> kill();
                case 1, 2 -> fork(id);
                case 3, 4, 5, 6, 7 -> read(id);
                case 8, 9, 10, 11, 12, 13 -> annotate(id);
                default -> append(id);
            }
        } catch (HoldfastException e) {
            switch (e.code()) {
                case DRIVEN_BY_OTHER, CONFLICT, BUSY, OUTCOME_UNKNOWN, STORAGE, NOT_FOUND -> {}
                default -> tell("wrong " + e);
            }
        }
    }

    private void append(SessionId id) {
        try (Session session = store.drive(id)) {
            int times = 1 + random.nextInt(4);
            for (int time = 0; time < times; time++) {
                Event[] events = new Event[1 + random.nextInt(3)];
                List<String> said = new ArrayList<>();
                for (int k = 0; k < events.length; k++) {
                    said.add(name + ":" + texts++);
                    events[k] = OutputAppended.of(said.getLast());
                }
                Position last = session.append(events);
                for (int k = 0; k < events.length; k++) {
                    long index = last.index() - events.length + 1 + k;
                    tell("appended " + new Position(id, last.segment(), index) + " " + said.get(k));
                }
                mine.put(id, said.getLast());
            }
        }
    }

    private void annotate(SessionId id) {
        String text = name + ":" + texts++;
        tell("appended " + store.annotate(id, new Annotation.Noted(text, null)) + " " + text);
        mine.put(id, text);
    }

    private void fork(SessionId id) {
        Position at = store.read(id).last();
        try (Session fork = store.fork(at, "fork")) {
            tell("forked " + fork.id() + " " + at);
            String text = name + ":" + texts++;
            tell("appended " + fork.append(OutputAppended.of(text)) + " " + text);
        }
    }

    private void read(SessionId id) {
        Set<String> seen = new HashSet<>();
        Position before = null;
        try (RecordReader reader = store.read(id).history().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (before != null && before.compareTo(record.position()) >= 0) {
                    tell("wrong " + record.position() + " behind " + before);
                }
                before = record.position();
                seen.add(text(record.event(reader.blobs())));
            }
        }
        String expected = mine.get(id);
        if (expected != null && !seen.contains(expected)) {
            tell("wrong " + id + " lacks " + expected);
        }
    }

    static String text(Event event) {
        return switch (event) {
            case OutputAppended output -> new String(output.line(), StandardCharsets.UTF_8);
            case Annotation.Noted noted -> noted.text();
            default -> "";
        };
    }

    private void kill() throws IOException {
        try (Stream<Path> all = Files.list(pids)) {
            List<Path> others = all.filter(each -> !each.endsWith("begin")
                            && !each.endsWith(
                                    Long.toString(ProcessHandle.current().pid())))
                    .toList();
            if (!others.isEmpty()) {
                Path victim = others.get(random.nextInt(others.size()));
                if (Files.deleteIfExists(victim)) {
                    ProcessHandle.of(Long.parseLong(victim.getFileName().toString()))
                            .ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }
}
