package dev.holdfast.file;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store with a little of everything in many small segments, and what can happen to its bytes. */
final class FuzzedStore {
    static final SessionId ID = SessionId.of(1_800_000_000_000L, 5, 5);
    private static final SessionId OTHER = SessionId.of(1_800_000_000_000L, 6, 6);
    private static final Machine SOUND = make();

    final Machine machine = SOUND.copy();
    /** Whether the saved state is as it was. */
    boolean stateIsSound = true;

    private static Machine make() {
        Machine machine = new Machine();
        machine.createStore();
        for (SessionId id : List.of(OTHER, ID)) {
            SimulatedProcess process = machine.startAlone();
            Session session = process.keep(
                    process.store().create(SessionConfig.conversation("to be damaged"), id, new Origin.Fresh()));
            session.start();
            fill(session, 1);
            session.compact("summary one", List.of());
            fill(session, 2);
            fence(machine, session);
            process.close();
            SimulatedProcess next = machine.startAlone();
            session = next.keep(next.store().drive(id));
            fill(session, 3);
            session.compact("summary two", List.of());
            fill(session, 4);
            next.close();
        }
        return machine;
    }

    private static void fill(Session session, int part) {
        session.append(Message.user("question " + part));
        session.append(line(part, 1), line(part, 2), line(part, 3));
        session.append(new Extension(
                "test.nested", Json.parse("{\"i\":1,\"crc\":\"00000000\",\"deep\":[{\"i\":7,\"x\":1}]}")));
        session.append(new Unknown("later.kind", Json.parse("{ \"kept\" : [1, 2.50] }")));
        session.append(Append.of(line(part, 4)).relaxed());
        session.append(Append.of(line(part, 5), line(part, 6)).relaxed());
        session.force();
        session.append(Message.assistant("large " + (part % 3) + " " + "b".repeat(66_000)));
        session.append(line(part, 7), line(part, 8));
        if (part % 2 == 0) {
            session.append(line(part, 9));
        }
    }

    /** Lets a force fail, so that the segment is fenced. */
    private static void fence(Machine machine, Session session) {
        AtomicBoolean once = new AtomicBoolean(true);
        machine.before(kind -> {
            if (kind == Operation.FORCE && once.getAndSet(false)) {
                machine.failAfter(0, Landing.ALL);
            }
        });
        try {
            session.append(OutputAppended.of("nobody knows"));
            throw new AssertionError("the force should have failed");
        } catch (HoldfastException e) {
            machine.before(kind -> {});
            machine.heal();
        }
    }

    private static Event line(int part, int number) {
        return OutputAppended.of("line " + part + "." + number + " " + "o".repeat(number * 9));
    }

    static Path directory() {
        return new Layout(Machine.STORE).log(LogId.of(ID));
    }

    private static Path other() {
        return new Layout(Machine.STORE).log(LogId.of(OTHER));
    }

    static List<Integer> segments(Machine machine) {
        return segments(machine, ID);
    }

    static List<Integer> segments(Machine machine, SessionId id) {
        return machine.disk().names(new Layout(Machine.STORE).log(LogId.of(id))).stream()
                .map(Layout::segmentNumber)
                .filter(number -> number > 0)
                .sorted()
                .toList();
    }

    static byte[] bytes(Machine machine, Path file) {
        try {
            return machine.disk().length(file) < 0
                    ? new byte[0]
                    : machine.disk().content(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes(int segment) {
        return bytes(machine, directory().resolve(Layout.segment(segment)));
    }

    static byte[] soundBytes(int segment) {
        return bytes(SOUND, directory().resolve(Layout.segment(segment)));
    }

    static List<Integer> soundSegments() {
        return segments(SOUND);
    }

    // ---- damage ----

    /** Damages something in one way and says what. */
    String damage(Random random) {
        try {
            int which = random.nextInt(20);
            if (which < 15) {
                return damageSegment(random);
            }
            if (which < 17) {
                List<String> blobs = machine.disk().names(directory().resolve("blobs"));
                String name = blobs.get(random.nextInt(blobs.size()));
                return change(Path.of("blobs", name), random);
            }
            if (which < 19) {
                stateIsSound = false;
                return change(Path.of("state.json"), random);
            }
            return add(random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String change(Path file, Random random) throws IOException {
        Path path = directory().resolve(file.toString());
        byte[] bytes = bytes(machine, path);
        if (random.nextInt(4) == 0 || bytes.length < 2) {
            machine.disk().delete(path);
            return file + " deleted";
        }
        byte[] foreign = bytes(machine, other().resolve(file.toString()));
        if (random.nextInt(4) == 0 && foreign.length > 0) {
            machine.disk().replace(path, foreign);
            return file + " from the other session";
        }
        int at = random.nextInt(bytes.length);
        boolean cut = random.nextBoolean();
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        machine.disk().replace(path, cut ? Arrays.copyOf(bytes, at) : bytes);
        return file + (cut ? " cut at " : " flipped at ") + at;
    }

    private String add(Random random) throws IOException {
        String name = List.of(".tmp-0", "note.txt", "blobs/.tmp-1", "blobs/" + "0".repeat(64), "000042.jsonl")
                .get(random.nextInt(5));
        Path path = directory().resolve(name);
        if (machine.disk().length(path) < 0) {
            machine.disk().create(path);
        }
        machine.disk().replace(path, random.nextBoolean() ? new byte[0] : garbage(random, 300));
        return name + " added";
    }

    private static byte[] garbage(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String damageSegment(Random random) throws IOException {
        List<Integer> segments = segments(machine);
        if (segments.isEmpty()) {
            return "nothing left";
        }
        int segment = segments.get(random.nextInt(segments.size()));
        Path file = directory().resolve(Layout.segment(segment));
        byte[] bytes = bytes(segment);
        String what = " of segment " + segment;
        if (random.nextInt(40) == 0) {
            machine.disk().delete(file);
            return "loss" + what;
        }
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + length(random));
        int newline = Math.max(0, lineEnd(bytes, at) - 1);
        int kind = random.nextInt(8);
        byte[] changed = bytes.clone();
        switch (kind) {
            case 0 -> {
                if (at < bytes.length) {
                    changed[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> changed = Arrays.copyOf(bytes, at);
            case 2 -> changed = spliced(bytes, at, new byte[0], end);
            case 3 -> Arrays.fill(changed, at, end, (byte) 0);
            case 4 -> changed = spliced(bytes, newline, new byte[0], Math.min(bytes.length, newline + 1));
            default -> changed = splice(bytes, source(segment, bytes, segments, random), at, kind, random);
        }
        machine.disk().replace(file, changed);
        String how = List.of(
                        "flip",
                        "cut",
                        "loss",
                        "zeros",
                        "lost newline",
                        "region put in",
                        "region put over",
                        "lines put in")
                .get(kind);
        return how + " at " + at + (kind == 2 || kind == 3 ? "-" + end : "") + what;
    }

    /** Puts bytes from elsewhere in, over what is there, or as whole lines between lines. */
    private static byte[] splice(byte[] bytes, byte[] source, int at, int kind, Random random) {
        int from = random.nextInt(source.length + 1);
        int to = Math.min(source.length, from + length(random));
        byte[] region = Arrays.copyOfRange(source, from, to);
        if (kind == 7) {
            int place = lineStart(bytes, at);
            return spliced(
                    bytes, place, Arrays.copyOfRange(source, lineStart(source, from), lineEnd(source, to)), place);
        }
        return spliced(bytes, at, region, kind == 5 ? at : Math.min(bytes.length, at + region.length));
    }

    private static byte[] spliced(byte[] bytes, int until, byte[] between, int from) {
        return DamagedStore.joined(
                DamagedStore.joined(Arrays.copyOf(bytes, until), between),
                Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** Where spliced bytes come from: here, another segment, another session, nowhere. */
    private byte[] source(int segment, byte[] here, List<Integer> segments, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> here;
            case 1 -> bytes(segments.get(random.nextInt(segments.size())));
            case 2 -> bytes(machine, other().resolve(Layout.segment(segment)));
            default -> garbage(random, 2_000);
        };
    }

    private static int length(Random random) {
        return random.nextInt(random.nextBoolean() ? 20 : 1_500);
    }

    private static int lineStart(byte[] bytes, int at) {
        int start = Math.min(at, bytes.length);
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private static int lineEnd(byte[] bytes, int at) {
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(bytes.length, end + 1);
    }
}
