package dev.holdfast.file;

import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SegmentReader;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** A store to be damaged, and what is in it. */
final class DamagedStore {
    static final SessionId ID = SessionId.of(1_800_000_000_000L, 3, 3);
    static final SessionId OTHER = SessionId.of(1_800_000_000_000L, 4, 4);
    static final int SEGMENTS = 3;

    /** The store as it was, sound. */
    private static final Machine SOUND = make();

    final Machine machine = SOUND.copy();

    private static Machine make() {
        Machine machine = new Machine();
        machine.createStore();
        SimulatedProcess process = machine.startAlone();
        for (SessionId id : List.of(OTHER, ID)) {
            Session session = process.keep(
                    process.store().create(SessionConfig.conversation("to be damaged"), id, new Origin.Fresh()));
            session.start();
            for (int segment = 1; segment <= SEGMENTS; segment++) {
                fill(session, segment);
                if (segment < SEGMENTS) {
                    session.compact("summary " + segment, List.of());
                }
            }
            session.close();
        }
        process.close();
        return machine;
    }

    private static void fill(Session session, int segment) {
        for (int k = 0; k < 5; k++) {
            session.append(Message.user("question " + segment + "." + k));
        }
        session.append(line(segment, 1), line(segment, 2), line(segment, 3), line(segment, 4));
        session.append(new Extension(
                "test.nested", Json.parse("{\"i\":1,\"crc\":\"00000000\",\"deep\":[{\"i\":7,\"x\":1}]}")));
        for (int k = 5; k < 8; k++) {
            session.append(Append.of(line(segment, k)).relaxed());
        }
        session.force();
        session.append(Message.assistant("large " + segment + " " + "b".repeat(66_000)));
        session.append(line(segment, 9), line(segment, 10), line(segment, 11));
        if (segment == SEGMENTS) {
            session.append(line(segment, 12));
        }
    }

    private static Event line(int segment, int number) {
        return OutputAppended.of("line " + segment + "." + number + " " + "o".repeat(number * 7));
    }

    static Path directory(SessionId id) {
        return new Layout(Machine.STORE).log(LogId.of(id));
    }

    static Path file(int segment) {
        return directory(ID).resolve(Layout.segment(segment));
    }

    byte[] bytes(Path file) {
        try {
            return machine.disk().content(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void replace(Path file, byte[] content) {
        try {
            machine.disk().replace(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(Path path) {
        try {
            for (String name : machine.disk().names(path)) {
                delete(path.resolve(name));
            }
            machine.disk().delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SimulatedProcess start() {
        return machine.startAlone();
    }

    // ---- what was there ----

    /** All records of a segment as it was. */
    static List<LogRecord> records(int segment) {
        DamagedStore sound = new DamagedStore();
        return records(sound.bytes(file(segment)), segment);
    }

    private static List<LogRecord> records(byte[] bytes, int segment) {
        SegmentReader reader = new SegmentReader(
                (at, into, from, length) -> {
                    int count = (int) Math.min(length, bytes.length - at);
                    if (count <= 0) {
                        return -1;
                    }
                    System.arraycopy(bytes, (int) at, into, from, count);
                    return count;
                },
                LogId.of(ID),
                segment,
                "sound",
                0,
                0,
                0);
        List<LogRecord> records = new ArrayList<>();
        try {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                records.add(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /**
     * What must still be read of a damaged segment: every line that is still there, in its order and committed, up to the
     * last one that is known to have been forced, and behind that as far as no append is broken.
     */
    List<Position> mustBeRead(int segment, long knownDurable) {
        byte[] damaged = bytes(file(segment));
        byte[] sound = new DamagedStore().bytes(file(segment));
        TreeMap<Long, LogRecord> intact = new TreeMap<>();
        long durable = knownDurable;
        int following = Integer.MAX_VALUE;
        for (LogRecord record : records(sound, segment).reversed()) {
            byte[] line = Arrays.copyOfRange(sound, (int) record.offset(), (int) record.end() - 1);
            int at = committed(damaged, line);
            if (at >= 0) {
                durable = Math.max(durable, record.durable());
                // A copy that stands behind a later record is out of its order.
                if (at < following) {
                    intact.put(record.index(), record);
                }
                following = Math.min(following, at);
            }
        }
        List<Position> expected = new ArrayList<>();
        for (LogRecord record : intact.values()) {
            long first = record.index() - record.batchOrdinal();
            boolean whole = true;
            for (long index = durable; index < first + record.batchSize(); index++) {
                whole &= intact.containsKey(index);
            }
            if (record.index() < durable || whole) {
                expected.add(record.position());
            }
        }
        return expected;
    }

    /** Where a line stands first in a file, with some newline behind it, or -1. */
    private static int committed(byte[] file, byte[] line) {
        for (int at = 0; at + line.length < file.length; at++) {
            int end = at + line.length;
            if (Arrays.equals(file, at, end, line, 0, line.length)) {
                for (int k = end; k < file.length; k++) {
                    if (file[k] == '\n') {
                        return at;
                    }
                }
            }
        }
        return -1;
    }

    // ---- damage ----

    /** Cuts the last record off, so that the head ends with an append of several events. */
    void endWithBatch() {
        LogRecord last = records(SEGMENTS).getLast();
        replace(file(SEGMENTS), Arrays.copyOf(bytes(file(SEGMENTS)), (int) last.offset()));
    }

    /** Damages a segment in one way and says which. */
    String damage(int segment, Random random) {
        byte[] bytes = bytes(file(segment));
        if (bytes.length < 2) {
            return "nothing left to damage";
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 900));
        switch (random.nextInt(8)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                replace(file(segment), bytes);
                return "flip at " + at;
            }
            case 1 -> {
                replace(file(segment), Arrays.copyOf(bytes, at));
                return "cut at " + at;
            }
            case 2 -> {
                replace(
                        file(segment),
                        joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length)));
                return "lost " + length + " bytes at " + at;
            }
            case 3 -> {
                Arrays.fill(bytes, at, at + length, (byte) 0);
                replace(file(segment), bytes);
                return "zeros over " + length + " bytes at " + at;
            }
            case 4 -> {
                int newline = at;
                while (newline < bytes.length - 1 && bytes[newline] != '\n') {
                    newline++;
                }
                replace(
                        file(segment),
                        joined(Arrays.copyOf(bytes, newline), Arrays.copyOfRange(bytes, newline + 1, bytes.length)));
                return "lost newline at " + newline;
            }
            case 5 -> {
                int from = lineStart(bytes, at);
                int to = lineEnd(bytes, at);
                int again = random.nextBoolean() ? to : lineEnd(bytes, to + random.nextInt(bytes.length - to + 1) - 1);
                insert(segment, bytes, again, Arrays.copyOfRange(bytes, from, to));
                return "line at " + from + " again at " + again;
            }
            case 6 -> {
                int other = 1 + random.nextInt(SEGMENTS);
                byte[] foreign = bytes(directory(OTHER).resolve(Layout.segment(other)));
                return splice(segment, bytes, foreign, "of another session", random);
            }
            default -> {
                int other = segment % SEGMENTS + 1;
                return splice(segment, bytes, bytes(file(other)), "of segment " + other, random);
            }
        }
    }

    private String splice(int segment, byte[] bytes, byte[] source, String whose, Random random) {
        int at = lineStart(bytes, random.nextInt(bytes.length));
        int from = random.nextInt(Math.max(1, source.length));
        byte[] line = source.length == 0
                ? source
                : Arrays.copyOfRange(source, lineStart(source, from), lineEnd(source, from));
        insert(segment, bytes, at, line);
        return "line " + whose + " at " + at;
    }

    private void insert(int segment, byte[] bytes, int at, byte[] line) {
        replace(
                file(segment),
                joined(joined(Arrays.copyOf(bytes, at), line), Arrays.copyOfRange(bytes, at, bytes.length)));
    }

    private static int lineStart(byte[] bytes, int at) {
        int start = at;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private static int lineEnd(byte[] bytes, int at) {
        int end = Math.max(0, at);
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(bytes.length, end + 1);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
