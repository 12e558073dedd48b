package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a log has beside its records: blobs and derived data. */
abstract class BesideContract extends BackendSuite {
    BesideContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void blobsAreKept() {
        Log log = create(ID);
        log.putBlobs(List.of(payload("one"), payload("two"), payload("three ".repeat(500_000))));

        for (String content : List.of("one", "two", "three ".repeat(500_000))) {
            assertThat(rival().open(ID).load(payload(content).ref())).isEqualTo(bytes(content));
        }
        assertThat(log.verifyBeside(java.util.Set.of(1)))
                .as("blobs that nothing refers to harm nobody")
                .noneMatch(f -> f.damage());
    }

    @Test
    void aBlobThatIsThereIsKeptOnce() {
        Log log = create(ID);
        log.putBlobs(List.of(payload("one")));
        log.putBlobs(List.of(payload("one"), payload("one"), payload("two")));
        backend.open(ID).putBlobs(List.of(payload("two")));

        assertThat(log.load(payload("one").ref())).isEqualTo(bytes("one"));
        assertThat(log.load(payload("two").ref())).isEqualTo(bytes("two"));
    }

    @Test
    void blobsAreThereForTheNextProcess() {
        create(ID).putBlobs(List.of(payload("one")));
        Backend next = afterwards();

        assertThat(next.exists(ID)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            assertThat(next.open(ID).load(payload("one").ref())).isEqualTo(bytes("one"));
        } else {
            Log anew = create(next, ID);
            refused(ErrorCode.NOT_FOUND, () -> anew.load(payload("one").ref()));
        }
    }

    @Test
    void aBlobThatIsNotThereIsNotFound() {
        Log log = create(ID);
        log.putBlobs(List.of(payload("one")));

        refused(ErrorCode.NOT_FOUND, () -> log.load(payload("another").ref()));
        assertThat(log.load(payload("one").ref())).isEqualTo(bytes("one"));
    }

    @Test
    void blobsBelongToTheirLog() {
        create(ID).putBlobs(List.of(payload("one")));
        Log other = create(OTHER);

        refused(ErrorCode.NOT_FOUND, () -> other.load(payload("one").ref()));
        assertThat(backend.open(ID).load(payload("one").ref())).isEqualTo(bytes("one"));
    }

    @Test
    void whatWasLoadedIsTheCallers() {
        Log log = create(ID);
        byte[] given = bytes("mine");
        log.putBlobs(List.of(
                new dev.holdfast.event.EncodedEvent.Payload(payload("mine").ref(), given)));
        given[0] = 'x';
        byte[] loaded = log.load(payload("mine").ref());
        assertThat(loaded).isEqualTo(bytes("mine"));
        loaded[0] = 'x';

        assertThat(log.load(payload("mine").ref())).isEqualTo(bytes("mine"));
    }

    @Test
    void blobsArePutAndLoadedByManyThreads() {
        Log log = create(ID);
        List<Boolean> found = Together.run(8, thread -> {
            for (int k = 0; k < 10; k++) {
                log.putBlobs(List.of(payload("shared " + k), payload(thread + " has " + k)));
                assertThat(log.load(payload("shared " + k).ref())).isEqualTo(bytes("shared " + k));
            }
            return true;
        });
        assertThat(found).hasSize(8);
        assertThat(log.load(payload("7 has 9").ref())).isEqualTo(bytes("7 has 9"));
    }

    @Test
    void derivedDataIsTheLatestOrNothing() {
        Log log = create(ID);
        assertThat(log.derived()).isNull();
        append(log, note("one"));
        log.saveDerived(bytes("first"));
        assertThat(log.derived())
                .satisfiesAnyOf(d -> assertThat(d).isNull(), d -> assertThat(d).isEqualTo(bytes("first")));
        log.saveDerived(bytes("second, and longer"));
        log.saveDerived(bytes("third"));
        assertThat(backend.open(ID).derived())
                .satisfiesAnyOf(d -> assertThat(d).isNull(), d -> assertThat(d).isEqualTo(bytes("third")));

        assertThat(create(OTHER).derived()).isNull();
        assertThat(texts(log, 1)).containsExactly("one");
        append(log, note("two"));
        assertThat(texts(log, 1)).containsExactly("one", "two");
    }

    @Test
    void aSoundLogHasNoFaults() {
        Log log = backend.create(ID, opening("first"), List.of(payload("one")));
        append(log, note("one"));

        assertThat(log.load(payload("one").ref())).isEqualTo(bytes("one"));
        assertThat(log.verifyBeside(java.util.Set.of(1))).noneMatch(fault -> fault.damage());
        assertThat(log.head().faults()).isEmpty();
    }
}
