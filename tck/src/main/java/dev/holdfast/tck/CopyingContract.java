package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.BlobRef;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Taking over what was made elsewhere, and keeping a log where it is. */
abstract class CopyingContract extends BackendSuite {
    CopyingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    /** The content of a log as it stands, with one payload. */
    private record Content(Log log, List<Integer> segments) implements LogCopy {
        @Override
        public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
            for (LogRecord record : records(log, segment)) {
                out.write(record.line());
                out.write('\n');
            }
            return Set.of(payload("kept").ref(), payload("lost").ref());
        }

        @Override
        public byte @Nullable [] blob(BlobRef ref) {
            return ref.equals(payload("kept").ref()) ? payload("kept").content() : null;
        }
    }

    /** Two segments of a log that is no longer in the backend. */
    private Content content() {
        Log log = create(ID);
        append(log, note("one"));
        log.openSegment(end(log), opening("second"), List.of());
        append(log, note("two"), draft("later.kind", "{ \"kept\" : 1e400 }"));
        return new Content(log, log.segments());
    }

    private void adopt(Backend into) {
        Content content = content();
        // The content is read before its log goes, as from an archive.
        List<byte[]> lines = content.segments().stream()
                .map(segment -> {
                    var out = new java.io.ByteArrayOutputStream();
                    try {
                        content.write(segment, out);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return out.toByteArray();
                })
                .toList();
        backend.purge(backend.trash(ID));
        into.adopt(ID, new LogCopy() {
            @Override
            public List<Integer> segments() {
                return content.segments();
            }

            @Override
            public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
                out.write(lines.get(segment - 1));
                return Set.of(payload("kept").ref(), payload("lost").ref());
            }

            @Override
            public byte @Nullable [] blob(BlobRef ref) {
                return content.blob(ref);
            }
        });
    }

    private static void isWhole(@Nullable Log found) {
        assertThat(found).isNotNull();
        Log log = java.util.Objects.requireNonNull(found);
        assertThat(texts(log, 1)).containsExactly("one");
        assertThat(records(log, 2))
                .extracting(LogRecord::type)
                .containsExactly("segment.opened", "noted", "later.kind");
        assertThat(new String(records(log, 2).get(2).data(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{ \"kept\" : 1e400 }");
        assertThat(log.load(payload("kept").ref())).isEqualTo(payload("kept").content());
        refused(ErrorCode.NOT_FOUND, () -> log.load(payload("lost").ref()));
    }

    @Test
    void whatWasMadeElsewhereIsTakenOverAndGoesOn() {
        adopt(backend);

        assertThat(backend.exists(ID)).isTrue();
        assertThat(backend.list(ID.kind())).containsExactly(ID);
        isWhole(rival().open(ID));
        append(backend.open(ID), note("three"));
        assertThat(texts(rival().open(ID), 2)).contains("two", "three");
    }

    @Test
    void whatWasTakenOverIsThereForTheNextProcess() {
        adopt(backend);
        assertThat(backend.exists(ID)).isTrue();
        Backend next = afterwards();

        assertThat(next.exists(ID)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            isWhole(next.open(ID));
        }
    }

    @Test
    void whatIsThereIsNotTakenOver() {
        Content content = content();

        refused(ErrorCode.CONFLICT, () -> backend.adopt(ID, content));
        assertThat(texts(backend.open(ID), 1)).containsExactly("one");
    }

    @Test
    void aLogKeepsCopiesOfWhatItCameFrom() {
        Content content = content();
        Log child = create(OTHER);
        assertThat(child.ancestor(ID)).isNull();
        child.keepAncestor(ID, content);
        child.keepAncestor(ID, new Content(content.log(), List.of(1)));
        backend.purge(backend.trash(ID));

        assertThat(backend.exists(ID)).isFalse();
        assertThat(backend.list(ID.kind())).containsExactly(OTHER);
        Log kept = rival().open(OTHER).ancestor(ID);
        isWhole(kept);
        assertThat(rival().open(OTHER).ancestor(AGENT)).isNull();
        assertThat(texts(child, 1)).isEmpty();
    }

    @Test
    void copiesAreThereForTheNextProcess() {
        create(OTHER).keepAncestor(ID, content());
        Log kept = backend.open(OTHER).ancestor(ID);
        isWhole(kept);
        Backend next = afterwards();

        assertThat(next.exists(OTHER)).isEqualTo(has(Trait.DURABLE));
        if (has(Trait.DURABLE)) {
            Log again = next.open(OTHER).ancestor(ID);
            isWhole(again);
        }
    }

    @Test
    void aPinHoldsOffOtherPins() {
        create(ID);
        create(OTHER);
        AtomicInteger holding = new AtomicInteger();
        Backend rival = rival();
        List<Integer> most = Together.run(8, thread -> {
            int seen = 0;
            for (int k = 0; k < 20; k++) {
                Backend mine = thread % 2 == 0 ? backend : rival;
                try (Lease pin = mine.pin(ID)) {
                    assertThat(pin).isNotNull();
                    seen = Math.max(seen, holding.incrementAndGet());
                    Thread.onSpinWait();
                    holding.decrementAndGet();
                }
            }
            return seen;
        });
        assertThat(most).contains(1).allMatch(seen -> seen <= 1);
        try (Lease one = backend.pin(ID);
                Lease other = backend.pin(OTHER)) {
            assertThat(one).isNotNull();
            assertThat(other).isNotNull();
            append(backend.open(ID), note("a pinned log is appended to"));
            backend.drive(ID).close();
        }
    }

    @Test
    void whatIsNotThereIsNotPinned() {
        refused(ErrorCode.NOT_FOUND, () -> backend.pin(ID));
        create(ID);
        Lease pin = backend.pin(ID);
        pin.close();
        pin.close();
        backend.pin(ID).close();
        backend.trash(ID);
        refused(ErrorCode.NOT_FOUND, () -> backend.pin(ID));
    }
}
