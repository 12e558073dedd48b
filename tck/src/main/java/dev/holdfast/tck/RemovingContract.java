package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Trashed;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The trash: moved there, taken back, destroyed. */
abstract class RemovingContract extends BackendSuite {
    RemovingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private void filled(LogId id, String text) {
        Log log = backend.create(id, opening("first"), List.of(payload("blob of " + text)));
        append(log, note(text));
        log.close();
    }

    @Test
    void whatIsInTheTrashIsNotInTheStore() {
        filled(ID, "one");
        filled(OTHER, "two");
        Trashed trashed = backend.trash(ID);

        assertThat(trashed.id()).isEqualTo(ID);
        assertThat(trashed.bytes()).isPositive();
        assertThat(backend.exists(ID)).isFalse();
        assertThat(backend.list(LogId.Kind.SESSION)).containsExactly(OTHER);
        assertThat(backend.trashed()).containsExactly(trashed);
        refused(ErrorCode.NOT_FOUND, () -> backend.open(ID).head());
        refused(ErrorCode.NOT_FOUND, () -> backend.trash(ID));
        assertThat(texts(backend.open(OTHER), 1)).containsExactly("two");
    }

    @Test
    void whatIsTakenBackIsAsItWas() {
        filled(ID, "one");
        Trashed trashed = backend.trash(ID);
        rival().restore(trashed);

        assertThat(backend.exists(ID)).isTrue();
        assertThat(backend.trashed()).isEmpty();
        Log log = backend.open(ID);
        assertThat(texts(log, 1)).containsExactly("one");
        assertThat(log.load(payload("blob of one").ref()))
                .isEqualTo(payload("blob of one").content());
        append(log, note("two"));
        assertThat(texts(log, 1)).containsExactly("one", "two");
        refused(ErrorCode.NOT_FOUND, () -> backend.restore(trashed));
    }

    @Test
    void anIdThatIsInUseAgainIsNotOverwritten() {
        filled(ID, "old");
        Trashed old = backend.trash(ID);
        filled(ID, "new");

        refused(ErrorCode.CONFLICT, () -> backend.restore(old));
        assertThat(texts(backend.open(ID), 1)).containsExactly("new");
        assertThat(backend.trashed()).containsExactly(old);
        Trashed newer = backend.trash(ID);
        assertThat(newer.name()).isNotEqualTo(old.name());
        backend.restore(old);
        assertThat(texts(backend.open(ID), 1)).containsExactly("old");
        assertThat(backend.trashed()).containsExactly(newer);
    }

    @Test
    void whatIsDestroyedIsGoneAndNothingElse() {
        filled(ID, "one");
        filled(OTHER, "two");
        Trashed one = backend.trash(ID);
        Trashed two = backend.trash(OTHER);
        backend.purge(one);

        assertThat(backend.trashed()).containsExactly(two);
        refused(ErrorCode.NOT_FOUND, () -> backend.restore(one));
        refused(ErrorCode.NOT_FOUND, () -> backend.purge(one));
        assertThat(backend.exists(ID)).isFalse();
        backend.restore(two);
        assertThat(texts(backend.open(OTHER), 1)).containsExactly("two");
    }

    @Test
    void theTrashIsListedNewestFirst() {
        for (int round = 0; round < 5; round++) {
            filled(ID, "round " + round);
            backend.trash(ID);
        }
        List<Trashed> trashed = backend.trashed();
        assertThat(trashed).hasSize(5).doesNotHaveDuplicates();
        assertThat(trashed)
                .extracting(Trashed::at)
                .isSortedAccordingTo(
                        Comparator.<java.time.Instant>naturalOrder().reversed());
    }

    @Test
    void theTrashIsThereForTheNextProcess() {
        filled(ID, "one");
        Trashed trashed = backend.trash(ID);
        assertThat(backend.trashed()).containsExactly(trashed);
        Backend next = afterwards();

        assertThat(next.exists(ID)).isFalse();
        if (has(Trait.DURABLE)) {
            assertThat(next.trashed()).containsExactly(trashed);
            next.restore(trashed);
            assertThat(texts(next.open(ID), 1)).containsExactly("one");
        } else {
            assertThat(next.trashed()).isEmpty();
            refused(ErrorCode.NOT_FOUND, () -> next.restore(trashed));
        }
    }

    @Test
    void anAgentsLogIsRemovedAsASessionsIs() {
        filled(AGENT, "agent");
        Trashed trashed = backend.trash(AGENT);

        assertThat(trashed.id()).isEqualTo(AGENT);
        assertThat(backend.list(LogId.Kind.AGENT)).isEmpty();
        backend.restore(trashed);
        assertThat(texts(backend.open(AGENT), 1)).containsExactly("agent");
    }
}
