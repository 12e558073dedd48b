package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.Fault;
import dev.holdfast.log.Fault.Kind;
import dev.holdfast.log.LogId;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.VerifyReport;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code verify} tells apart, and what it does not call a fault. */
class VerifyTest {
    private final DamagedStore damaged = new DamagedStore();
    private final Path directory = DamagedStore.directory(DamagedStore.ID);

    private List<Fault> faults() {
        SimulatedProcess process = damaged.start();
        List<Fault> faults = process.store().verify(DamagedStore.ID).faults();
        process.kill();
        return faults;
    }

    private void create(Path file, byte[] content) throws IOException {
        for (int depth = 1; depth < file.getNameCount(); depth++) {
            damaged.machine.disk().createDirectory(file.getRoot().resolve(file.subpath(0, depth)));
        }
        damaged.machine.disk().create(file);
        damaged.replace(file, content);
    }

    @Test
    void whatIsSafeIsToldApartFromWhatMayNeverHaveBeenForced() {
        SimulatedProcess process = damaged.start();
        VerifyReport sound = process.store().verify(DamagedStore.ID);
        assertThat(sound.unsure().records())
                .as("the saved state shows the last one to be forced")
                .isZero();
        assertThat(sound.safe().bytes()).isEqualTo(sound.bytes());
        Session session = process.keep(process.store().drive(DamagedStore.ID));
        session.append(OutputAppended.of("nobody says that this was forced"));
        VerifyReport driven = process.store().verify(DamagedStore.ID);
        assertThat(driven.unsure().records()).isEqualTo(1);
        assertThat(driven.safe().records()).isEqualTo(sound.safe().records());
        assertThat(driven.faults()).isEmpty();
        process.close();
    }

    @Test
    void aSavedStateThatLagsBehindIsNoFault() {
        SimulatedProcess process = damaged.start();
        Session session = process.keep(process.store().drive(DamagedStore.ID));
        session.compact("the state is still that of the segment before", List.of());
        assertThat(process.store().verify(DamagedStore.ID).faults()).isEmpty();
        session.append(OutputAppended.of("and goes on"));
        assertThat(process.store().verify(DamagedStore.ID).faults()).isEmpty();
        process.kill();
        assertThat(faults()).isEmpty();
    }

    @Test
    void whatADriverIsAboutToFinishIsNoFault() throws IOException {
        SimulatedProcess process = damaged.start();
        create(directory.resolve(".tmp-1"), new byte[3]);
        create(directory.resolve("blobs/.tmp-2"), new byte[3]);
        dev.holdfast.spi.Backend backend = damaged.machine.startAlone().backend();
        EncodedEvent large = dev.holdfast.event.EventCodec.encode(Message.user("u".repeat(70_000)));
        backend.open(LogId.of(DamagedStore.ID)).putBlobs(large.blobs());
        assertThat(faults())
                .extracting(Fault::kind)
                .containsOnly(Kind.UNREFERENCED)
                .hasSize(3);
        Session session = process.keep(process.store().drive(DamagedStore.ID));
        assertThat(process.store().verify(DamagedStore.ID).faults())
                .as("it may be at work")
                .isEmpty();
        session.close();
        assertThat(faults()).hasSize(3);
        process.kill();
    }

    @Test
    void aFenceSaysThatAWriterFailed() throws IOException {
        create(directory.resolve("000004.jsonl"), new Fence(3, 77, 5).toBytes());
        assertThat(faults()).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.FENCE);
            assertThat(fault.damage()).isFalse();
            assertThat(fault.detail()).contains("a writer failed here", "000003.jsonl", "77");
        });
        SimulatedProcess process = damaged.start();
        process.store().annotate(DamagedStore.ID, new Annotation.Noted("above it", null));
        assertThat(process.store().verify(DamagedStore.ID).faults())
                .filteredOn(fault -> fault.file().equals("000004.jsonl"))
                .extracting(Fault::kind)
                .containsExactly(Kind.FENCE);
        process.kill();
    }

    @Test
    void aCreationThatWasCutShortIsUnreferenced() throws IOException {
        create(directory.resolve("000004.jsonl"), new byte[0]);
        assertThat(faults()).extracting(Fault::kind).containsExactly(Kind.UNREFERENCED);
    }

    @Test
    void aHeadThatLostItsLastForcedRecordIsDamage() {
        byte[] bytes = damaged.bytes(DamagedStore.file(3));
        int last = (int) DamagedStore.records(3).getLast().offset();
        damaged.replace(DamagedStore.file(3), Arrays.copyOf(bytes, last + 10));
        assertThat(faults())
                .extracting(Fault::kind, Fault::damage)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(Kind.TORN_TAIL, false),
                        org.assertj.core.api.Assertions.tuple(Kind.SHORT_SEGMENT, true),
                        org.assertj.core.api.Assertions.tuple(Kind.DERIVED_FILE_AHEAD, false));
        damaged.delete(directory.resolve("state.json"));
        assertThat(faults()).extracting(Fault::kind).containsExactly(Kind.TORN_TAIL);
    }

    @Test
    void aSavedStateOfAnotherSessionIsNoWitness() {
        damaged.replace(
                directory.resolve("state.json"),
                damaged.bytes(DamagedStore.directory(DamagedStore.OTHER).resolve("state.json")));
        byte[] bytes = damaged.bytes(DamagedStore.file(3));
        int last = (int) DamagedStore.records(3).getLast().offset();
        damaged.replace(DamagedStore.file(3), Arrays.copyOf(bytes, last));
        assertThat(faults()).extracting(Fault::kind).containsExactly(Kind.CORRUPT_DERIVED_FILE);
    }

    @Test
    void theStoreNamesWhatBelongsToNoSession() throws IOException {
        Path sessions = Machine.STORE.resolve("sessions");
        create(sessions.resolve("note.txt"), new byte[1]);
        create(sessions.resolve("ff").resolve(DamagedStore.ID.value()).resolve("000001.jsonl"), new byte[1]);
        create(Machine.STORE.resolve(".tmp-9"), new byte[1]);
        SimulatedProcess process = damaged.start();
        assertThat(process.store().strays())
                .extracting(Fault::file)
                .containsExactlyInAnyOrder("sessions/note.txt", "sessions/ff/" + DamagedStore.ID.value(), ".tmp-9");
        assertThat(process.store().strays()).noneMatch(Fault::damage);
        process.kill();
    }

    @Test
    void aStoreOnTheHeapAnswersTheSameCalls() {
        try (SessionStore store = SessionStore.inMemory();
                Session session = store.create(dev.holdfast.session.SessionConfig.conversation("heap"))) {
            session.append(Message.user("one"));
            VerifyReport report = store.verify(session.id());
            assertThat(report.faults()).isEmpty();
            assertThat(report.records()).isEqualTo(2);
            assertThat(store.strays()).isEmpty();
            assertThat(store.repair(session.id()).opened()).isNull();
        }
    }
}
