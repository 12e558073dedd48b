package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Creating, finding and listing logs. */
abstract class CreatingContract extends BackendSuite {
    CreatingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void aNewLogIsItsOpeningRecord() {
        Log log = create(ID);

        Head head = log.head();
        assertThat(head.opening().type()).isEqualTo("segment.opened");
        assertThat(head.opening().data()).isEqualTo(recordZero("first", 1, null).data());
        assertThat(head.opening().index()).isZero();
        assertThat(head.opening().at()).isEqualTo(AT);
        assertThat(head.opening().log()).isEqualTo(ID);
        assertThat(head.start().segment()).isEqualTo(1);
        assertThat(head.start().index()).isEqualTo(1);
        assertThat(head.blocked()).isFalse();
        assertThat(head.faults()).isEmpty();
        assertThat(log.segments()).containsExactly(1);
        assertThat(log.isHead(1)).isTrue();
        assertThat(end(log).index()).isEqualTo(1);
        assertThat(end(log).blocked()).isFalse();
    }

    @Test
    void theFirstOpeningIsMadeOnceAndBehindNothing() {
        List<String> calls = new ArrayList<>();
        backend.create(
                ID,
                (segment, previous, unseen) -> {
                    calls.add(segment + " behind " + previous + " " + unseen);
                    return recordZero("counted", segment, previous);
                },
                List.of());

        assertThat(calls).containsExactly("1 behind null []");
        assertThat(mark(backend.open(ID).head().opening())).isEqualTo("counted");
    }

    @Test
    void anIdIsCreatedOnce() {
        append(create(ID), note("kept"));

        refused(ErrorCode.CONFLICT, () -> backend.create(ID, opening("second"), List.of()));
        Log log = backend.open(ID);
        assertThat(mark(log.head().opening())).isEqualTo("first");
        assertThat(texts(log, 1)).containsExactly("kept");
    }

    @Test
    void ofManyWhoCreateOneLogOneDoes() {
        Backend rival = rival();
        List<String> outcomes = Together.run(8, thread -> {
            try {
                (thread % 2 == 0 ? backend : rival)
                        .create(ID, opening("thread " + thread), List.of())
                        .close();
                return "thread " + thread;
            } catch (HoldfastException e) {
                return e.code().name();
            }
        });

        List<String> winners =
                outcomes.stream().filter(each -> each.startsWith("thread")).toList();
        assertThat(winners).as("%s", outcomes).hasSize(1);
        assertThat(outcomes)
                .filteredOn(each -> !each.startsWith("thread"))
                .containsOnly("CONFLICT")
                .hasSize(7);
        assertThat(mark(backend.open(ID).head().opening())).isEqualTo(winners.getFirst());
    }

    @Test
    void whatIsCreatedIsThereForTheNextProcess() {
        create(ID);
        Backend next = afterwards();

        assertThat(next.exists(ID)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            assertThat(mark(next.open(ID).head().opening())).isEqualTo("first");
        } else {
            refused(ErrorCode.NOT_FOUND, () -> next.open(ID).head());
            create(next, ID);
            assertThat(next.exists(ID)).isTrue();
        }
    }

    @Test
    void otherProcessesSeeWhatIsCreated() {
        create(ID);
        Backend other = another();

        assertThat(other.exists(ID)).isEqualTo(has(Trait.SHARED));
        assertThat(other.list(LogId.Kind.SESSION)).isEqualTo(has(Trait.SHARED) ? List.of(ID) : List.of());
        assertThat(backend.exists(ID)).isTrue();
    }

    @Test
    void blobsOfTheOpeningAreKept() {
        Log log = backend.create(ID, opening("first"), List.of(payload("one"), payload("two")));

        assertThat(log.load(payload("one").ref())).isEqualTo(payload("one").content());
        assertThat(backend.open(ID).load(payload("two").ref()))
                .isEqualTo(payload("two").content());
    }

    @Test
    void eachKindIsListedByItself() {
        create(ID);
        create(OTHER);
        create(AGENT);

        assertThat(backend.list(LogId.Kind.SESSION)).containsExactlyInAnyOrder(ID, OTHER);
        assertThat(backend.list(LogId.Kind.AGENT)).containsExactly(AGENT);
        assertThat(backend.exists(AGENT)).isTrue();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        create(OTHER);

        assertThat(backend.exists(ID)).isFalse();
        assertThat(backend.exists(OTHER)).isTrue();
        refused(ErrorCode.NOT_FOUND, () -> backend.open(ID).head());
        refused(ErrorCode.NOT_FOUND, () -> backend.open(ID).read(1, 0, 0, 0));
        refused(ErrorCode.NOT_FOUND, () -> backend.trash(ID));
        assertThat(backend.exists(ID)).as("looking makes nothing").isFalse();
        assertThat(backend.list(LogId.Kind.SESSION)).containsExactly(OTHER);
    }

    @Test
    void logsDoNotMix() {
        Log one = create(ID);
        Log two = create(OTHER);
        append(one, note("of one"));
        append(two, note("of two"), note("of two again"));
        append(one, note("of one again"));

        assertThat(texts(backend.open(ID), 1)).containsExactly("of one", "of one again");
        assertThat(texts(backend.open(OTHER), 1)).containsExactly("of two", "of two again");
        LogRecord record = records(two, 1).getLast();
        assertThat(record.log()).isEqualTo(OTHER);
    }

    @Test
    void aStoreSaysWhichItIs() {
        String id =
                Objects.requireNonNull(backend.info(), "a store's information").id();
        assertThat(id).isNotBlank();
        assertThat(backend.info()).isEqualTo(backend.info());
        assertThat(backend.info().format()).isEqualTo(1);

        assertThat(afterwards().info().id().equals(id)).isEqualTo(has(Trait.DURABLE));
    }
}
