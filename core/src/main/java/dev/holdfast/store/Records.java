package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A run of records along a session's lineage, to be read forwards or backwards, whole or in pages. Nothing is read before
 * {@link #reader} or {@link #stream} is asked; memory is bounded by a few records, whatever the length. What is appended
 * meanwhile at the end is part of it; a new segment is not. Immutable and thread-safe.
 */
public final class Records {
    private final List<Piece> pieces;
    private final boolean backwards;
    private final List<Fault> faults;
    private final BlobSource blobs;

    Records(List<Piece> pieces, List<Fault> faults, BlobSource blobs) {
        this(pieces, false, List.copyOf(faults), blobs);
    }

    private Records(List<Piece> pieces, boolean backwards, List<Fault> faults, BlobSource blobs) {
        this.pieces = pieces;
        this.backwards = backwards;
        this.faults = faults;
        this.blobs = blobs;
    }

    /**
     * The part that begins with a record, in the order of history.
     *
     * @param first the record, part of it
     * @return a shorter run
     * @throws HoldfastException NOT_FOUND if the position is not in this run
     */
    public Records from(Position first) {
        int at = indexOf(first);
        List<Piece> rest = new ArrayList<>(pieces.subList(at, pieces.size()));
        rest.set(0, rest.getFirst().from(first.index()));
        return new Records(rest, backwards, faults, blobs);
    }

    /**
     * The part that ends before a record, in the order of history: with {@link #reversed} and a limit, the page before.
     *
     * @param end the record, not part of it
     * @return a shorter run
     * @throws HoldfastException NOT_FOUND if the position is not in this run
     */
    public Records before(Position end) {
        int at = indexOf(end);
        List<Piece> rest = new ArrayList<>(pieces.subList(0, at + 1));
        rest.set(at, rest.get(at).to(end.index()));
        return new Records(rest, backwards, faults, blobs);
    }

    private int indexOf(Position position) {
        for (int k = 0; k < pieces.size(); k++) {
            if (pieces.get(k).holds(position)) {
                return k;
            }
        }
        throw HoldfastException.notFound(
                "record " + position + " is not in this part of the history; name one that it shows");
    }

    /**
     * The same records in the opposite order.
     *
     * @return the run, read the other way
     */
    public Records reversed() {
        return new Records(pieces, !backwards, faults, blobs);
    }

    /**
     * Begins to read.
     *
     * @return a reader, to be closed
     */
    public RecordReader reader() {
        return new RecordReader(pieces, backwards, faults, blobs);
    }

    /**
     * Begins to read, as a stream. What was passed over is not told; use {@link #reader} to know.
     *
     * @return a lazy stream, to be closed
     */
    public Stream<LogRecord> stream() {
        RecordReader reader = reader();
        return StreamSupport.stream(new Remaining(reader), false).onClose(reader::close);
    }

    /**
     * Returns where payloads of these records are found.
     *
     * @return the source
     */
    public BlobSource blobs() {
        return blobs;
    }

    private static final class Remaining extends Spliterators.AbstractSpliterator<LogRecord> {
        private final RecordReader reader;

        Remaining(RecordReader reader) {
            super(Long.MAX_VALUE, ORDERED | NONNULL);
            this.reader = reader;
        }

        @Override
        public boolean tryAdvance(Consumer<? super LogRecord> action) {
            LogRecord record = reader.next();
            if (record == null) {
                return false;
            }
            action.accept(record);
            return true;
        }
    }
}
