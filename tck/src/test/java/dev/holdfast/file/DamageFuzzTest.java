package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.RepairReport;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.VerifyReport;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Damages a store at random and asserts: no intact record is lost, none appears that was not written there, every fault is
 * ours; and the same after a repair, which makes the session writable and sound.
 */
class DamageFuzzTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);
    private static final String ADDED = "added after the damage";
    /** Every line that was ever written, by its place. */
    private static final Map<Position, byte[]> WRITTEN = new HashMap<>();
    /** Those of them that were history. */
    private static final Set<Position> HISTORY;

    static {
        for (int segment : FuzzedStore.soundSegments()) {
            for (NaiveOracle.Line line :
                    NaiveOracle.lines(FuzzedStore.soundBytes(segment), FuzzedStore.ID.value(), segment)) {
                WRITTEN.put(new Position(FuzzedStore.ID, segment, line.index()), line.bytes());
            }
        }
        SimulatedProcess process = new FuzzedStore().machine.startAlone();
        HISTORY = Set.copyOf(positions(process.store(), Set.of()));
        process.kill();
    }

    /** The segments that have records, ascending; the others are fences. */
    private static final List<Integer> REAL =
            HISTORY.stream().map(Position::segment).distinct().sorted().toList();

    @Test
    void theSoundStoreIsAsTheOracleSaysAndHasOnlyItsFence() {
        SimulatedProcess process = new FuzzedStore().machine.startAlone();
        VerifyReport report = process.store().verify(FuzzedStore.ID);
        assertThat(report.faults()).extracting(fault -> fault.kind().word()).containsExactly("fence");
        assertThat(report.records()).isEqualTo(HISTORY.size());
        assertThat(report.unsure().records())
                .as("the last one before the fence")
                .isLessThanOrEqualTo(1);
        assertThat(REAL).hasSizeGreaterThanOrEqualTo(4);
        assertThat(WRITTEN.keySet()).containsAll(HISTORY);
        process.kill();
    }

    @Test
    void noIntactRecordIsLostAndNoFalseOneAppearsWhateverTheDamage() {
        fuzz(SEED, Integer.getInteger("cases", 5_000));
    }

    @Test
    @Tag("nightly")
    void noIntactRecordIsLostInManyMoreDamages() {
        fuzz(Long.getLong("seed", System.nanoTime()), Integer.getInteger("cases", 100_000));
    }

    private static void fuzz(long seed, int cases) {
        System.out.println("seed " + seed);
        List<Throwable> wrong = new ArrayList<>();
        int[] repaired = new int[1];
        for (int number = 0; number < cases && wrong.size() < 20; number++) {
            StringBuilder what = new StringBuilder("case " + number);
            try {
                new Case(new Random(seed + number), what, repaired).run();
            } catch (RuntimeException | AssertionError e) {
                wrong.add(new AssertionError(what + ": " + e, e));
            }
        }
        System.out.println(cases + " damages, " + repaired[0] + " repairs");
        CrashScript.throwFirst(wrong, cases);
    }

    /** Everything a reader returns. Nothing remembers a head that is gone together with the state: its number is used again. */
    private static List<Position> positions(SessionStore store, Set<Integer> reused) {
        List<Position> positions = new ArrayList<>();
        try (RecordReader reader = store.read(FuzzedStore.ID).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                Position position = record.position();
                byte[] written = WRITTEN.get(position);
                String data = new String(record.data(), StandardCharsets.UTF_8);
                if (written != null && !data.contains(ADDED) && !reused.contains(record.segment())) {
                    assertThat(new String(written, StandardCharsets.UTF_8))
                            .as("data of %s", record)
                            .contains(",\"data\":" + data + ",\"crc\":");
                }
                assertThat(written != null || data.contains(ADDED) || record.index() == 0)
                        .as("%s was never written", record)
                        .isTrue();
                try {
                    record.event(reader.blobs());
                } catch (HoldfastException e) {
                    assertThat(e.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.DAMAGED);
                }
                positions.add(position);
            }
        }
        assertThat(positions).isSorted().doesNotHaveDuplicates();
        return positions;
    }

    /** One damaged store. */
    private static final class Case {
        private final FuzzedStore store = new FuzzedStore();
        private final StringBuilder what;
        private final int[] repairs;
        private final Set<Integer> reused;
        private final List<Position> before = new ArrayList<>();
        private final List<Position> after = new ArrayList<>();

        Case(Random random, StringBuilder what, int[] repairs) {
            this.what = what;
            this.repairs = repairs;
            for (int k = 1 + random.nextInt(3); k > 0; k--) {
                what.append(", ").append(store.damage(random));
            }
            boolean headIsGone = !FuzzedStore.segments(store.machine).contains(REAL.getLast());
            reused = headIsGone && !store.stateIsSound ? Set.copyOf(REAL) : Set.of();
            expect();
        }

        /** What must be read now, and once a repair took in what stands above the last intact opening. */
        private void expect() {
            boolean openedAbove = true;
            int head = 0;
            for (int k = REAL.size() - 1; k >= 0; k--) {
                int segment = REAL.get(k);
                List<NaiveOracle.Line> lines = NaiveOracle.lines(store.bytes(segment), FuzzedStore.ID.value(), segment);
                boolean top = k == REAL.size() - 1;
                boolean opened = lines.stream().anyMatch(line -> line.index() == 0);
                head = head == 0 && opened ? segment : head;
                long known =
                        top ? (store.stateIsSound && opened ? Long.MAX_VALUE : 0) : openedAbove ? Long.MAX_VALUE : 0;
                for (long index : NaiveOracle.mustBeRead(lines, known)) {
                    Position position = new Position(FuzzedStore.ID, segment, index);
                    if (HISTORY.contains(position)) {
                        after.add(position);
                        if (head > 0) {
                            before.add(position);
                        }
                    }
                }
                openedAbove = opened;
            }
        }

        void run() {
            SimulatedProcess process = store.machine.startAlone();
            process.store().strays();
            process.store().presence(FuzzedStore.ID);
            if (!process.store().exists(FuzzedStore.ID)) {
                assertThat(after)
                        .as("there are records, but the session is not there")
                        .isEmpty();
                return;
            }
            VerifyReport report = process.store().verify(FuzzedStore.ID);
            what.append(", faults ").append(report.faults());
            if (!before.isEmpty()) {
                missingNone(positions(process.store(), reused), before, "before the repair");
            }
            if (report.isDamaged()) {
                if (FuzzedStore.segments(store.machine).isEmpty()) {
                    return;
                }
                repair(process, report);
                missingNone(positions(process.store(), reused), after, "after the repair");
            } else {
                assertThat(process.store().repair(FuzzedStore.ID).opened()).isNull();
                missingNone(before, after, "though nothing is damaged");
            }
            goOn(process);
        }

        private void repair(SimulatedProcess process, VerifyReport found) {
            repairs[0]++;
            Map<Integer, byte[]> originals = new TreeMap<>();
            FuzzedStore.segments(store.machine).forEach(segment -> originals.put(segment, store.bytes(segment)));
            RepairReport report = process.store().repair(FuzzedStore.ID);
            assertThat(report.opened()).isNotNull();
            Path aside = FuzzedStore.directory().resolve(String.valueOf(report.aside()));
            JsonNode told = Json.tree(
                    new String(FuzzedStore.bytes(store.machine, aside.resolve("report.json")), StandardCharsets.UTF_8));
            assertThat(told.path("faults").size()).isEqualTo(found.faults().size());
            Set<Position> counted = Set.copyOf(positions(process.store(), reused));
            originals.forEach((segment, bytes) -> {
                assertThat(store.bytes(segment))
                        .as("segment %d was changed", segment)
                        .isEqualTo(bytes);
                String name = Layout.segment(segment);
                if (found.faults().stream().anyMatch(f -> f.damage() && f.file().equals(name))) {
                    assertThat(FuzzedStore.bytes(store.machine, aside.resolve(name)))
                            .isEqualTo(bytes);
                    byte[] rest = FuzzedStore.bytes(store.machine, aside.resolve(name.replace(".jsonl", ".rest")));
                    assertRestIsAllButTheRecords(segment, bytes, rest, counted);
                }
            });
            VerifyReport again = process.store().verify(FuzzedStore.ID);
            assertThat(again.isDamaged())
                    .as("damaged after the repair: %s", again.faults())
                    .isFalse();
        }

        /** The pieces are as long as they say, and what is none of them is a record, that counts, and its newline. */
        private static void assertRestIsAllButTheRecords(
                int segment, byte[] original, byte[] rest, Set<Position> counted) {
            byte[] left = original.clone();
            boolean[] covered = new boolean[original.length];
            for (int at = 0; at < rest.length; ) {
                int newline = at;
                while (rest[newline] != '\n') {
                    newline++;
                }
                JsonNode header = Json.tree(new String(rest, at, newline - at, StandardCharsets.UTF_8));
                int offset = header.path("offset").asInt(-1);
                int length = header.path("length").asInt(-1);
                assertThat(header.path("kind").asString("")).isNotEmpty();
                assertThat(Arrays.copyOfRange(rest, newline + 1, newline + 1 + length))
                        .isEqualTo(Arrays.copyOfRange(original, offset, offset + length));
                Arrays.fill(covered, offset, offset + length, true);
                at = newline + 1 + length + 1;
            }
            List<NaiveOracle.Line> lines = NaiveOracle.lines(left, FuzzedStore.ID.value(), segment);
            Set<Long> uncovered = new java.util.TreeSet<>();
            for (NaiveOracle.Line line : lines) {
                if (!covered[line.offset()]) {
                    uncovered.add(line.index());
                    int end = line.offset() + line.bytes().length;
                    Arrays.fill(
                            covered,
                            line.offset(),
                            end < original.length && original[end] == '\n' ? end + 1 : end,
                            true);
                }
            }
            for (int at = 0; at < covered.length; at++) {
                if (!covered[at]) {
                    throw new AssertionError(
                            "byte " + at + " of segment " + segment + " is neither a record's nor set aside");
                }
            }
            assertThat(uncovered)
                    .containsExactlyInAnyOrderElementsOf(counted.stream()
                            .filter(position -> position.segment() == segment)
                            .map(Position::index)
                            .toList());
        }

        private void goOn(SimulatedProcess process) {
            Session session = process.keep(process.store().drive(FuzzedStore.ID));
            AppendResult added =
                    session.append(Append.of(OutputAppended.of(ADDED)).id("added-" + after.size()));
            assertThat(added).isInstanceOf(AppendResult.Appended.class);
            session.close();
            process.close();
            SimulatedProcess next = store.machine.startAlone();
            List<Position> found = positions(next.store(), reused);
            missingNone(found, after, "in the next process");
            assertThat(found).endsWith(((AppendResult.Appended) added).last());
            assertThat(next.store().verify(FuzzedStore.ID).isDamaged()).isFalse();
            next.close();
        }

        private static void missingNone(List<Position> found, List<Position> must, String when) {
            List<Position> missing = new ArrayList<>(must);
            missing.removeAll(Set.copyOf(found));
            assertThat(missing).as("intact and not read, " + when).isEmpty();
        }
    }
}
