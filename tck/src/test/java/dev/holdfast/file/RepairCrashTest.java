package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.RepairReport;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cuts a repair short at every operation, in every way, with and without a power cut; then repairs again. */
class RepairCrashTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);
    private static final SessionId SINGLE = SessionId.of(1_800_000_000_000L, 7, 7);

    /** A damaged session. */
    private record Damaged(String how, Machine machine, SessionId id) {}

    private static List<Damaged> damaged() throws IOException {
        int head = FuzzedStore.soundSegments().getLast();
        Path directory = FuzzedStore.directory();
        Path file = directory.resolve(Layout.segment(head));
        FuzzedStore below = new FuzzedStore();
        below.machine.disk().delete(directory.resolve("state.json"));
        flip(below.machine, directory.resolve(Layout.segment(2)), 1_000);
        flip(below.machine, file, 200);
        FuzzedStore cut = new FuzzedStore();
        cut.machine.disk().replace(file, Arrays.copyOf(cut.bytes(head), 1_700));
        FuzzedStore gone = new FuzzedStore();
        gone.machine.disk().delete(file);
        Machine single = single();
        single.disk().delete(new Layout(Machine.STORE).log(LogId.of(SINGLE)).resolve("state.json"));
        return List.of(
                new Damaged("below the head, and a lost opening", below.machine, FuzzedStore.ID),
                new Damaged("a head that lost its end", cut.machine, FuzzedStore.ID),
                new Damaged("a head that is gone", gone.machine, FuzzedStore.ID),
                new Damaged("a lost first record of the only segment", single, SINGLE));
    }

    @Test
    void aRepairThatIsCutShortLosesNothingAndCanBeCompleted() throws IOException {
        for (Damaged each : damaged()) {
            cuts(each, 6);
        }
    }

    @Test
    @Tag("nightly")
    void aRepairThatIsCutShortAnywhereLosesNothingAndCanBeCompleted() throws IOException {
        for (Damaged each : damaged()) {
            cuts(each, 1);
        }
    }

    /** A session of one segment, whose first record is damaged. */
    private static Machine single() throws IOException {
        Machine machine = new Machine();
        machine.createStore();
        SimulatedProcess process = machine.startAlone();
        Session session =
                process.keep(process.store().create(SessionConfig.workflow("only"), SINGLE, new Origin.Fresh()));
        session.start();
        session.append(Message.user("one"));
        session.append(OutputAppended.of("two"), OutputAppended.of("three"));
        process.close();
        Path directory = new Layout(Machine.STORE).log(LogId.of(SINGLE));
        flip(machine, directory.resolve(Layout.segment(1)), 150);
        return machine;
    }

    @Test
    void aLostConfigurationIsTakenFromTheSavedStateAndElseIsTheDefault() throws IOException {
        Machine machine = single();
        Path directory = new Layout(Machine.STORE).log(LogId.of(SINGLE));
        RepairReport withState = machine.copy().startAlone().store().repair(SINGLE);
        assertThat(withState.defaulted())
                .as("the saved state has the configuration")
                .isFalse();
        machine.disk().delete(directory.resolve("state.json"));
        SimulatedProcess without = machine.copy().startAlone();
        assertThat(without.store().repair(SINGLE).defaulted()).isTrue();
        assertThat(positions(without.store(), SINGLE))
                .extracting(Position::toString)
                .containsExactly(SINGLE + "/1/1", SINGLE + "/1/2", SINGLE + "/1/3", SINGLE + "/1/4", SINGLE + "/2/0");
    }

    private static void flip(Machine machine, Path file, int at) throws IOException {
        byte[] bytes = machine.disk().content(file);
        bytes[at] ^= 1;
        machine.disk().replace(file, bytes);
    }

    private static List<Position> positions(SessionStore store, SessionId id) {
        List<Position> positions = new ArrayList<>();
        try (RecordReader reader = store.read(id).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                positions.add(record.position());
            }
        }
        return positions;
    }

    /** Tries one in so many of all cuts. */
    private static void cuts(Damaged damaged, int oneIn) {
        System.out.println("seed " + SEED + ", " + damaged.how());
        SessionId id = damaged.id();
        Machine settled = damaged.machine().afterPowerCut(Survival.EVERYTHING, new Random(SEED));
        Machine rehearsed = settled.copy();
        SimulatedProcess rehearsal = rehearsed.startAlone();
        int started = (int) rehearsed.operations();
        assertThat(rehearsal.store().repair(id).opened()).isNotNull();
        List<Operation> trace = rehearsed.trace();
        List<Position> must = positions(rehearsal.store(), id).stream()
                .filter(position ->
                        position.segment() <= FuzzedStore.segments(settled, id).getLast())
                .toList();
        rehearsal.kill();
        int cuts = 0;
        Random sample = new Random(SEED);
        List<Throwable> wrong = new ArrayList<>();
        for (int operation = started; operation < trace.size(); operation++) {
            Operation kind = trace.get(operation);
            for (Landing landing : kind.changes() ? Landing.values() : new Landing[] {Landing.NONE}) {
                for (boolean forEver : kind.changes() ? new boolean[] {false, true} : new boolean[] {false}) {
                    for (Survival survival : fates(kind)) {
                        if (sample.nextInt(oneIn) > 0) {
                            continue;
                        }
                        cuts++;
                        String how = "operation " + operation + ", " + kind + ", " + landing + ", " + forEver + ", "
                                + survival;
                        try {
                            new Cut(settled, id, must).at(operation, kind, landing, forEver, survival);
                        } catch (RuntimeException | AssertionError | IOException e) {
                            wrong.add(new AssertionError(how + ": " + e, e));
                        }
                    }
                }
            }
        }
        System.out.println(cuts + " cuts of a repair of " + (trace.size() - started) + " operations");
        CrashScript.throwFirst(wrong, cuts);
    }

    /** What survives; null where the power is not cut. */
    private static List<Survival> fates(Operation kind) {
        List<Survival> fates = new ArrayList<>();
        fates.add(null);
        if (kind.changes()) {
            fates.addAll(List.of(Survival.values()));
        }
        return fates;
    }

    private record Cut(Machine settled, SessionId id, List<Position> must) {
        void at(int operation, Operation kind, Landing landing, boolean forEver, Survival survival) throws IOException {
            Machine machine = settled.copy();
            SimulatedProcess first = machine.startAlone();
            machine.failAt(operation, landing, forEver);
            try {
                first.store().repair(id);
            } catch (HoldfastException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            machine.heal();
            if (!forEver) {
                // The process lives on and tries again.
                first.store().repair(id);
                assertThat(positions(first.store(), id)).containsAll(must);
            }
            first.kill();
            Machine after = survival == null
                    ? machine
                    : machine.afterPowerCut(survival, new Random(SEED + 31L * operation + landing.ordinal()));
            SimulatedProcess second = after.startAlone();
            assertWhatIsAsideIsWhole(after);
            second.store().repair(id);
            assertThat(second.store().verify(id).isDamaged()).isFalse();
            assertThat(positions(second.store(), id)).containsAll(must);
            Session session = second.keep(second.store().drive(id));
            Position added = session.append(OutputAppended.of("goes on"));
            second.close();
            // A force that failed where nothing could be written any more leaves no mark: then nobody can know.
            boolean marked = kind != Operation.FORCE || landing == Landing.ALL || !forEver || survival != null;
            SimulatedProcess third =
                    (marked ? after.afterPowerCut(Survival.NOTHING, new Random(SEED)) : after).startAlone();
            assertThat(positions(third.store(), id)).containsAll(must).contains(added);
            assertThat(third.store().verify(id).isDamaged()).isFalse();
            assertSegmentsAreAsTheyWere(after);
            third.kill();
        }

        private void assertSegmentsAreAsTheyWere(Machine after) throws IOException {
            Path directory = new Layout(Machine.STORE).log(LogId.of(id));
            for (int segment : FuzzedStore.segments(settled, id)) {
                Path file = directory.resolve(Layout.segment(segment));
                assertThat(after.disk().content(file)).isEqualTo(settled.disk().content(file));
            }
        }

        /** A number stands for a whole repair, whenever the power goes. */
        private void assertWhatIsAsideIsWhole(Machine after) throws IOException {
            Path directory = new Layout(Machine.STORE).log(LogId.of(id));
            Path repairs = directory.resolve("repairs");
            for (String number : after.disk().names(repairs)) {
                if (number.startsWith(".tmp-")) {
                    continue;
                }
                Path aside = repairs.resolve(number);
                TreeMap<String, Long> kept = new TreeMap<>();
                for (String name : after.disk().names(aside)) {
                    kept.put(name, after.disk().length(aside.resolve(name)));
                    if (name.endsWith(".jsonl")) {
                        if (settled.disk().length(directory.resolve(name)) >= 0) {
                            assertThat(after.disk().content(aside.resolve(name)))
                                    .isEqualTo(settled.disk().content(directory.resolve(name)));
                        }
                        assertThat(after.disk().names(aside)).contains(name.replace(".jsonl", ".rest"));
                    }
                }
                assertThat(kept).containsKey("report.json");
                byte[] report = after.disk().content(aside.resolve("report.json"));
                assertThat(report).endsWith((byte) '\n').startsWith((byte) '{');
            }
        }
    }
}
