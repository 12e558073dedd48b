package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.Fault;
import dev.holdfast.log.Fault.Kind;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.DamagedException;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.RepairReport;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.VerifyReport;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DamageTest {
    private static final long SEED = Long.getLong("seed", 20_261_120L);
    private static final String ADDED = "after the damage";
    private static final int CASES = Integer.getInteger("cases", 2_000);

    private final DamagedStore damaged = new DamagedStore();

    private static final Map<Position, LogRecord> SOUND = sound();

    private static Map<Position, LogRecord> sound() {
        Map<Position, LogRecord> all = new LinkedHashMap<>();
        for (int segment = 1; segment <= DamagedStore.SEGMENTS; segment++) {
            DamagedStore.records(segment).forEach(record -> all.put(record.position(), record));
        }
        return all;
    }

    // ---- at random ----

    @Test
    void noIntactRecordIsLostAndNoFalseOneAppearsWhateverTheDamage() {
        System.out.println("seed " + SEED);
        List<Throwable> wrong = new ArrayList<>();
        for (int number = 0; number < CASES; number++) {
            DamagedStore store = new DamagedStore();
            StringBuilder what = new StringBuilder("case " + number);
            try {
                damageAtRandom(store, new Random(SEED + number), what);
            } catch (RuntimeException | AssertionError e) {
                wrong.add(new AssertionError(what + ": " + e, e));
            }
        }
        System.out.println(CASES + " damages");
        CrashScript.throwFirst(wrong, CASES);
    }

    private static void damageAtRandom(DamagedStore store, Random random, StringBuilder what) {
        int segment = 1 + random.nextInt(DamagedStore.SEGMENTS);
        boolean derived = random.nextBoolean();
        what.append(", segment ").append(segment).append(derived ? "" : ", without state.json");
        boolean endsWithBatch = segment == DamagedStore.SEGMENTS && random.nextBoolean();
        if (endsWithBatch) {
            store.endWithBatch();
            what.append(", ends with a batch");
        }
        for (int k = 1 + random.nextInt(3); k > 0; k--) {
            what.append(", ").append(store.damage(segment, random));
        }
        if (!derived) {
            store.delete(DamagedStore.directory(DamagedStore.ID).resolve("state.json"));
        }
        boolean head = segment == DamagedStore.SEGMENTS;
        List<Position> must = new ArrayList<>();
        for (Position position : SOUND.keySet()) {
            if (position.segment() != segment) {
                must.add(position);
            }
        }
        long known = head ? 0 : Long.MAX_VALUE;
        List<Position> here = store.mustBeRead(segment, known);
        SimulatedProcess process = store.start();
        VerifyReport report = process.store().verify(DamagedStore.ID);
        what.append(", faults ").append(report.faults());
        boolean opened = here.contains(new Position(DamagedStore.ID, segment, 0));
        if (!head || opened) {
            must.addAll(here);
        }
        must.sort(null);
        missingNone(read(process.store()), must, "before the repair");
        if (report.isDamaged()) {
            if (head && !derived) {
                assertThatThrownBy(() -> process.store().drive(DamagedStore.ID)).isInstanceOf(DamagedException.class);
            }
            assertThat(process.store().repair(DamagedStore.ID).opened()).isNotNull();
            if (head && !opened) {
                must.addAll(here);
            }
            assertThat(process.store().verify(DamagedStore.ID).isDamaged())
                    .as("damaged after the repair")
                    .isFalse();
        }
        missingNone(read(process.store()), must, "after the repair");
        Session session = process.keep(process.store().drive(DamagedStore.ID));
        Position added = session.append(OutputAppended.of(ADDED));
        session.close();
        process.close();
        SimulatedProcess next = store.start();
        missingNone(read(next.store()), must, "in the next process");
        assertThat(read(next.store())).endsWith(added);
        assertThat(next.store().verify(DamagedStore.ID).isDamaged()).isFalse();
        next.close();
    }

    private static void missingNone(List<Position> found, List<Position> must, String when) {
        List<Position> missing = new ArrayList<>(must);
        missing.removeAll(found);
        assertThat(missing).as("intact and not read, " + when).isEmpty();
    }

    /** Everything a reader returns; each record is one that was written, at its place, once. */
    private static List<Position> read(SessionStore store) {
        List<Position> positions = new ArrayList<>();
        try (RecordReader reader = store.read(DamagedStore.ID).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                LogRecord sound = SOUND.get(record.position());
                if (sound != null && !new String(record.data(), StandardCharsets.UTF_8).contains(ADDED)) {
                    assertThat(record.data()).as("data of %s", record).isEqualTo(sound.data());
                }
                positions.add(record.position());
            }
        }
        assertThat(positions).isSorted().doesNotHaveDuplicates();
        return positions;
    }

    @Test
    void aDamagedSavedStateIsNeverBelieved() {
        System.out.println("seed " + SEED);
        Path saved = DamagedStore.directory(DamagedStore.ID).resolve("state.json");
        byte[] sound = damaged.bytes(saved);
        SimulatedProcess before = damaged.start();
        SessionState expected = before.store().read(DamagedStore.ID).state();
        before.kill();
        Random random = new Random(SEED);
        List<Throwable> wrong = new ArrayList<>();
        int cases = 1_000;
        for (int number = 0; number < cases; number++) {
            byte[] bytes = sound.clone();
            int at = random.nextInt(bytes.length);
            byte was = bytes[at];
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) ('0' + random.nextInt(10));
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
                default -> bytes[at] ^= (byte) (1 << random.nextInt(7));
            }
            damaged.replace(saved, bytes);
            SimulatedProcess process = damaged.start();
            try {
                assertThat(process.store().read(DamagedStore.ID).state()).isEqualTo(expected);
            } catch (RuntimeException | AssertionError e) {
                wrong.add(new AssertionError("state.json at " + at + ", was " + (char) was + ": " + e, e));
            }
            process.kill();
        }
        CrashScript.throwFirst(wrong, cases);
    }

    @Test
    void theSavedStateOfAnotherHistoryIsNotBelieved() {
        DamagedStore other = new DamagedStore();
        SimulatedProcess here = damaged.start();
        SimulatedProcess there = other.start();
        for (SimulatedProcess process : List.of(here, there)) {
            try (Session session = process.store().drive(DamagedStore.ID)) {
                session.title(process == here ? "history one" : "history two");
            }
        }
        Path saved = DamagedStore.directory(DamagedStore.ID).resolve("state.json");
        damaged.replace(saved, other.bytes(saved));
        assertThat(here.store().read(DamagedStore.ID).state().title()).isEqualTo("history one");
        here.close();
        there.close();
    }

    // ---- one by one ----

    private VerifyReport verify() {
        SimulatedProcess process = damaged.start();
        VerifyReport report = process.store().verify(DamagedStore.ID);
        process.kill();
        return report;
    }

    private void repairAndGoOn(List<Position> must) {
        SimulatedProcess process = damaged.start();
        assertThatThrownBy(() -> process.store().drive(DamagedStore.ID).append(Message.user("refused")))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("repair");
        assertThat(read(process.store())).as("damaged, but readable").isNotEmpty();
        RepairReport repaired = process.store().repair(DamagedStore.ID);
        assertThat(repaired.opened()).isNotNull();
        try (Session session = process.store().drive(DamagedStore.ID)) {
            session.append(Message.user("writable again"));
        }
        assertThat(read(process.store())).containsAll(must);
        assertThat(process.store().repair(DamagedStore.ID).opened())
                .as("nothing left to repair")
                .isNull();
        process.close();
    }

    private static List<Position> all(int... exceptSegments) {
        return SOUND.keySet().stream()
                .filter(position -> Arrays.stream(exceptSegments).noneMatch(s -> s == position.segment()))
                .toList();
    }

    private static List<Position> without(List<Position> all, int segment, long index) {
        return all.stream()
                .filter(position -> position.segment() != segment || position.index() != index)
                .toList();
    }

    private void flip(int segment, long index) {
        LogRecord record = SOUND.get(new Position(DamagedStore.ID, segment, index));
        byte[] bytes = damaged.bytes(DamagedStore.file(segment));
        bytes[(int) (record.offset() + record.end()) / 2] ^= 4;
        damaged.replace(DamagedStore.file(segment), bytes);
    }

    private void forgetState() {
        damaged.delete(DamagedStore.directory(DamagedStore.ID).resolve("state.json"));
    }

    @Test
    void theStateSavedBehindAnAppendOfSeveralEventsHolds() {
        SimulatedProcess process = damaged.start();
        try (Session session = process.store().drive(DamagedStore.ID)) {
            session.append(OutputAppended.of("one"), OutputAppended.of("two"));
        }
        process.close();
        assertThat(verify().faults()).isEmpty();
    }

    @Test
    void aSoundStoreHasNoFaults() {
        assertThat(verify().faults()).isEmpty();
        assertThat(verify().records()).isEqualTo(SOUND.size());
    }

    @Test
    void aFlippedRecordOfTheHeadIsNamedAndTheSessionReadOnly() {
        forgetState();
        flip(3, 4);
        LogRecord record = SOUND.get(new Position(DamagedStore.ID, 3, 4));
        assertThat(verify().faults())
                .contains(new Fault(
                        "000003.jsonl",
                        record.offset(),
                        Kind.HOLE,
                        true,
                        "records 4 to 4 are missing; they had been forced"))
                .anyMatch(fault -> fault.kind() == Kind.BAD_RECORD && fault.offset() == record.offset());
        repairAndGoOn(without(all(), 3, 4));
    }

    @Test
    void aFlippedRecordOfTheHeadMakesItReadOnlyThoughTheStateWasSavedBehindIt() {
        flip(3, 4);
        assertThat(verify().isDamaged()).isTrue();
        repairAndGoOn(without(all(), 3, 4));
    }

    @Test
    void aLostOpeningOfTheHeadCostsNoOtherRecord() {
        flip(3, 0);
        assertThat(verify().faults())
                .anyMatch(fault ->
                        fault.kind() == Kind.MISSING_OPENING && fault.file().equals("000003.jsonl") && fault.damage());
        repairAndGoOn(without(all(), 3, 0));
    }

    @Test
    void aLostOpeningBelowTheHeadCostsNoOtherRecord() {
        flip(2, 0);
        assertThat(verify().isDamaged()).isTrue();
        SimulatedProcess process = damaged.start();
        assertThat(read(process.store())).containsAll(without(all(), 2, 0));
        process.kill();
    }

    @Test
    void aMissingSegmentIsNamed() {
        damaged.delete(DamagedStore.file(2));
        assertThat(verify().faults())
                .anyMatch(fault ->
                        fault.kind() == Kind.MISSING_SEGMENT && fault.file().equals("000002.jsonl") && fault.damage());
        SimulatedProcess process = damaged.start();
        assertThat(read(process.store())).containsExactlyElementsOf(all(2));
        process.kill();
    }

    @Test
    void aShortSegmentBelowTheHeadIsNamed() {
        byte[] bytes = damaged.bytes(DamagedStore.file(2));
        LogRecord last = DamagedStore.records(2).getLast();
        damaged.replace(DamagedStore.file(2), Arrays.copyOf(bytes, (int) last.offset()));
        assertThat(verify().faults())
                .anyMatch(fault -> fault.damage() && fault.file().equals("000002.jsonl"));
    }

    @Test
    void aMissingBlobIsNamedAndEverythingElseIsThere() {
        Path blobs = DamagedStore.directory(DamagedStore.ID).resolve("blobs");
        String name = damaged.machine.disk().names(blobs).getFirst();
        damaged.delete(blobs.resolve(name));
        assertThat(verify().faults()).anyMatch(fault -> fault.kind() == Kind.MISSING_BLOB && fault.damage());
        SimulatedProcess process = damaged.start();
        assertThat(read(process.store())).containsExactlyElementsOf(all());
        LogRecord large = SOUND.values().stream()
                .filter(record -> new String(record.data()).contains(name))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(
                        () -> large.event(process.store().read(DamagedStore.ID).blobs()))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining(name);
        process.kill();
    }

    @Test
    void aWrongBlobIsNamedAndNeverReturned() {
        Path blobs = DamagedStore.directory(DamagedStore.ID).resolve("blobs");
        String name = damaged.machine.disk().names(blobs).getFirst();
        byte[] content = damaged.bytes(blobs.resolve(name));
        content[100] ^= 1;
        damaged.replace(blobs.resolve(name), content);
        assertThat(verify().faults()).anyMatch(fault -> fault.kind() == Kind.WRONG_BLOB && fault.damage());
    }

    @Test
    void aDamagedBlobIsWrittenAnewByTheNextAppendOfTheSame() {
        Path blobs = DamagedStore.directory(DamagedStore.ID).resolve("blobs");
        for (String name : damaged.machine.disk().names(blobs)) {
            byte[] content = damaged.bytes(blobs.resolve(name));
            content[100] ^= 1;
            damaged.replace(blobs.resolve(name), content);
        }
        SimulatedProcess process = damaged.start();
        Message same = Message.assistant("large 3 " + "b".repeat(66_000));
        try (Session session = process.store().drive(DamagedStore.ID)) {
            Position position = session.append(same);
            try (RecordReader reader = session.read().records(position)) {
                assertThat(reader.next().event(reader.blobs())).isEqualTo(same);
            }
        }
        process.close();
    }

    @Test
    void theLossOfAllBlobsCostsNoRecordAndNoState() {
        SimulatedProcess process = damaged.start();
        try (Session session = process.store().drive(DamagedStore.ID)) {
            session.compact("long summary " + "s".repeat(100_000), List.of());
        }
        process.close();
        damaged.delete(DamagedStore.directory(DamagedStore.ID).resolve("blobs"));
        forgetState();
        assertThat(verify().faults()).anyMatch(fault -> fault.kind() == Kind.MISSING_BLOB);
        SimulatedProcess next = damaged.start();
        assertThat(read(next.store())).containsAll(all());
        assertThat(next.store().read(DamagedStore.ID).state().title()).isEqualTo("to be damaged");
        next.kill();
    }

    @Test
    void aHeadThatBelongsToAnotherSessionIsNamed() {
        damaged.replace(
                DamagedStore.file(3),
                damaged.bytes(DamagedStore.directory(DamagedStore.OTHER).resolve(Layout.segment(3))));
        forgetState();
        assertThat(verify().faults())
                .anyMatch(fault -> fault.kind() == Kind.FOREIGN_RECORD
                        && fault.damage()
                        && fault.detail().contains(DamagedStore.OTHER.value()));
        repairAndGoOn(all(3));
    }

    @Test
    void aHeadThatIsACopyOfAnotherSegmentIsDamage() {
        damaged.replace(DamagedStore.file(3), damaged.bytes(DamagedStore.file(2)));
        forgetState();
        assertThat(verify().isDamaged()).isTrue();
    }

    @Test
    void anEmptyOrTornHeadIsDamageIfAStateWasSavedInIt() {
        damaged.replace(DamagedStore.file(3), new byte[0]);
        assertThat(verify().faults()).anyMatch(fault -> fault.kind() == Kind.MISSING_SEGMENT && fault.damage());
        repairAndGoOn(all(3));
    }

    @Test
    void anEmptyOrTornHeadThatNobodyWroteToIsNoDamage() {
        forgetState();
        for (byte[] content : new byte[][] {{}, DamagedStore.utf8("{\"i\":0,\"at\":"), new byte[600]}) {
            damaged.replace(DamagedStore.file(3), content);
            assertThat(verify().isDamaged()).isFalse();
            SimulatedProcess process = damaged.start();
            assertThat(read(process.store())).containsExactlyElementsOf(all(3));
            process.kill();
        }
        SimulatedProcess process = damaged.start();
        try (Session session = process.store().drive(DamagedStore.ID)) {
            assertThat(session.append(Message.user("behind it")).segment()).isEqualTo(4);
        }
        process.close();
    }

    @Test
    void aFlippedOpeningOfASessionWithNothingElseIsDamageAndNotAbsence() {
        SimulatedProcess process = damaged.start();
        Session fresh = process.store().create(SessionConfig.conversation("fresh"));
        Path file = DamagedStore.directory(fresh.id()).resolve(Layout.segment(1));
        fresh.close();
        byte[] bytes = damaged.bytes(file);
        bytes[bytes.length / 2] ^= 1;
        damaged.replace(file, bytes);
        assertThatThrownBy(() -> process.store().drive(fresh.id()))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED));
        process.kill();
    }

    @Test
    void aDeletedRuntimeDirectoryIsMadeAnew() {
        damaged.delete(Machine.STORE.resolve("runtime"));
        SimulatedProcess process = damaged.start();
        try (Session session = process.store().drive(DamagedStore.ID)) {
            session.append(Message.user("still writable"));
            assertThat(session.state().records()).isGreaterThan(0);
        }
        assertThat(read(process.store())).containsAll(all());
        process.close();
    }

    @Test
    void aDamagedMarkerOfTheStoreIsAClearError() {
        Path marker = Machine.STORE.resolve("holdfast.json");
        byte[] sound = damaged.bytes(marker);
        Random random = new Random(SEED);
        for (int number = 0; number < 300; number++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            damaged.replace(
                    marker, random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
            try {
                damaged.start().kill();
            } catch (HoldfastException e) {
                assertThat(e.getMessage()).contains("store");
            }
        }
    }

    @Test
    void whatIsNoSessionDisturbsNobody() throws java.io.IOException {
        SimulatedProcess process = damaged.start();
        var disk = damaged.machine.disk();
        Path sessions = Machine.STORE.resolve("sessions");
        disk.createDirectory(sessions.resolve("zz"));
        disk.createDirectory(sessions.resolve("zz").resolve("not-a-session"));
        disk.create(sessions.resolve("stray"));
        disk.create(DamagedStore.directory(DamagedStore.ID).resolve("note.txt"));
        assertThat(process.store().active()).contains(DamagedStore.ID);
        assertThat(process.store().verify(DamagedStore.ID).isDamaged()).isFalse();
        process.kill();
    }
}
