package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.Draft;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.AppendOutcome;
import dev.holdfast.spi.Head;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.OutcomeUnknownException;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Remains;
import dev.holdfast.spi.Tail;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One log as a directory of segment files.
 *
 * <p>An append takes the short lock, looks whether the file ends where the caller thinks, writes once, forces, and is
 * acknowledged only if the file then is exactly as long as it must be and no higher segment's file exists. So whatever
 * happens to the lock, a record that was acknowledged is the first intact line with its index, in a segment that nobody
 * had left behind.
 */
final class FileLog implements Log {
    /** The most one append writes, unless a single record is larger. */
    static final int MAX_WRITE_BYTES = 1024 * 1024;

    private final LogId id;
    private final Path directory;
    private final Storage storage;
    private final FileBackend backend;

    /** Set by the first I/O error: what the page cache shows may be a lie from then on. */
    private volatile boolean failed;

    private final Segments segments;
    /** Made when it is first needed: most logs have none. */
    private volatile @Nullable FileBlobs blobs;

    /** Where this handle's first record stands that is appended and not forced, or null. */
    private @Nullable Fence owedFrom;

    FileLog(LogId id, Path directory, Storage storage, FileBackend backend) {
        this.id = id;
        this.directory = directory;
        this.storage = storage;
        this.backend = backend;
        this.segments = new Segments(directory, storage);
    }

    @Override
    public Head head() {
        List<Integer> numbers = segments();
        List<Fault> faults = new ArrayList<>();
        for (int number : numbers.reversed()) {
            try (RecordSource source = read(number, 0, 0, 0)) {
                LogRecord first = source.next();
                if (first != null && first.index() == 0 && first.type().equals("segment.opened")) {
                    boolean blocked = number != numbers.getLast();
                    Tail start = new Tail(number, 1, first.end(), 0, blocked);
                    return new Head(first, start, blocked, faults);
                }
                faults.add(new FileDamage(storage, id, directory).notASegment(number, segments.fence(number)));
            }
        }
        Optional<Fault> worst = faults.stream().filter(Fault::damage).findFirst();
        if (worst.isEmpty() && !storage.exists(directory.resolve("state.json"))) {
            // Not there, or a creation that was cut short: nothing in it was ever acknowledged.
            throw HoldfastException.notFound(
                    id + " does not exist in " + backend.info().location());
        }
        // A state is saved only behind records that were forced.
        String why = worst.map(fault -> fault.file() + ": " + fault.detail()).orElse("though a state was saved");
        throw new HoldfastException(
                ErrorCode.DAMAGED,
                id + ": no segment in " + directory + " has an intact first record, " + why
                        + "; see verify, then repair");
    }

    /** The number of the head, or 0 if no segment has an intact first record. */
    private int highestIntact() {
        try {
            return head().start().segment();
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.DAMAGED) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public List<Integer> segments() {
        return segments.numbers();
    }

    @Override
    public boolean isHead(int segment) {
        return !segments.leftBehind(segment);
    }

    @Override
    public RecordSource read(int segment, long index, long offset, long knownDurable) {
        Path file = file(segment);
        try {
            return FileRecords.open(storage, file, id, segment, index, offset, knownDurable, segments.fence(segment));
        } catch (NoSuchFileException e) {
            throw HoldfastException.notFound(id + ": segment " + segment + " is not there (" + file + ")");
        } catch (IOException e) {
            throw storageFault("cannot read " + file, e);
        }
    }

    @Override
    public @Nullable String stamp(int segment) {
        return storage.look(file(segment)).stamp();
    }

    @Override
    public AppendOutcome append(Tail expected, List<Draft> records, boolean force) {
        refuseIfFailed();
        if (expected.blocked()) {
            throw new IllegalStateException("nothing may be appended behind debris; open a segment: " + expected);
        }
        Path file = file(expected.segment());
        Storage.Appender appender = borrow(file);
        Lines lines = backend.lines().borrow();
        boolean keep = false;
        Locks.Hold hold = null;
        try {
            lines.write(id, expected, records);
            hold = backend.shortLock(id);
            Storage.Look before = storage.look(file);
            if (before.length() != expected.offset() || segments.leftBehind(expected.segment())) {
                keep = true;
                // What others wrote behind ours tells that it stands; if they forced it, it is sure.
                owedFrom = null;
                return new AppendOutcome.Moved();
            }
            Fence uncertain = uncertainFrom(expected, lines.firstCrc());
            write(appender, file, expected, lines, uncertain);
            if (force) {
                force(appender, file, uncertain);
                owedFrom = null;
                forceNames(expected);
            } else {
                owedFrom = uncertain;
            }
            Storage.Look after = acknowledge(file, expected.segment(), expected.offset() + lines.length());
            keep = true;
            long end = expected.index() + records.size();
            Tail tail = new Tail(
                    expected.segment(),
                    end,
                    expected.offset() + lines.length(),
                    force ? end : expected.durable(),
                    false);
            return new AppendOutcome.Appended(
                    tail, expected.offset() + lines.lastFrom(), lines.lastCrc(), before.stamp(), after.stamp());
        } finally {
            if (hold != null) {
                hold.close();
            }
            backend.lines().giveBack(lines);
            if (keep) {
                backend.appenders().giveBack(file, appender);
            } else {
                Appenders.discard(appender);
            }
        }
    }

    private Storage.Appender borrow(Path file) {
        try {
            return backend.appenders().borrow(file);
        } catch (NoSuchFileException e) {
            throw HoldfastException.notFound(id + " was removed: " + file + " is not there");
        } catch (IOException e) {
            throw storageFault("cannot open " + file + " for appending", e);
        }
    }

    private void write(Storage.Appender appender, Path file, Tail expected, Lines lines, Fence uncertain) {
        try {
            appender.write(lines.array(), 0, lines.length());
        } catch (IOException e) {
            fail(expected.segment(), uncertain);
            long landed = storage.length(file) - expected.offset();
            if (landed >= 0 && landed < lines.firstLength()) {
                throw storageFault("append to " + file + " failed, nothing was recorded", e);
            }
            throw unknown("append to " + file + " failed at byte " + expected.offset(), e);
        }
    }

    /** The first record of this handle that is not forced: an earlier relaxed one, or the first that is being written. */
    private Fence uncertainFrom(Tail expected, int crc) {
        Fence owed = owedFrom;
        return owed != null && owed.segment() == expected.segment()
                ? owed
                : new Fence(expected.segment(), expected.offset(), crc);
    }

    private void force(Storage.Appender appender, Path file, Fence uncertain) {
        try {
            appender.force();
        } catch (IOException e) {
            fail(uncertain.segment(), uncertain);
            throw unknown("force of " + file + " failed", e);
        }
    }

    /**
     * Makes the segment's name durable where nobody is known to have done so: whoever opened it may have died in between,
     * and what is visible is not durable yet.
     */
    private void forceNames(Tail tail) {
        if (tail.durable() > 0) {
            return;
        }
        try {
            backend.forceNames(id);
        } catch (IOException e) {
            failed = true;
            throw unknown("force of the names above " + file(tail.segment()) + " failed", e);
        }
    }

    /** The last look before an acknowledgement: nobody else wrote, and nobody had left this segment behind. */
    private Storage.Look acknowledge(Path file, int segment, long length) {
        Storage.Look look = storage.look(file);
        long actual = look.length();
        if (actual != length || segments.leftBehind(segment)) {
            failed = true;
            throw unknown(
                    actual != length
                            ? file + " is " + actual + " bytes long instead of " + length
                                    + ": somebody else wrote to it"
                            : file + " was left behind by a newer segment",
                    null);
        }
        return look;
    }

    @Override
    public Tail force(Tail tail) {
        refuseIfFailed();
        if (tail.durable() >= tail.index()) {
            return tail;
        }
        Path file = file(tail.segment());
        Storage.Appender appender = borrow(file);
        boolean keep = false;
        try {
            // What others wrote needs no fence; there is no record of this handle behind the end.
            force(appender, file, uncertainFrom(tail, 0));
            owedFrom = null;
            forceNames(tail);
            keep = true;
        } finally {
            if (keep) {
                backend.appenders().giveBack(file, appender);
            } else {
                Appenders.discard(appender);
            }
        }
        if (segments.leftBehind(tail.segment())) {
            failed = true;
            throw unknown(file + " was left behind by a newer segment", null);
        }
        return new Tail(tail.segment(), tail.index(), tail.offset(), tail.index(), tail.blocked());
    }

    @Override
    public @Nullable Tail openSegment(Tail expected, Opening opening, List<EncodedEvent.Payload> payloads) {
        putBlobs(payloads);
        Locks.Hold hold = backend.shortLock(id);
        try {
            if (highestIntact() > expected.segment()) {
                return null;
            }
            Fence cut = segments.fence(expected.segment());
            if (cut != null
                    && expected.offset() > cut.offset()
                    && cut.holds(this, id, storage, file(expected.segment()))) {
                return null;
            }
            List<Integer> there = segments();
            int number = Math.max(expected.segment(), there.isEmpty() ? 0 : there.getLast()) + 1;
            fenceGap(expected.segment(), number);
            Path file = file(number);
            Storage.Appender appender = create(file);
            if (appender == null) {
                return null;
            }
            if (highestIntact() > expected.segment()) {
                // Somebody who lost the lock opened a segment in between. What was created stays, as a fence.
                return null;
            }
            // From here on nobody can be acknowledged in the old segment, so what it holds now is final.
            try (appender) {
                List<LogRecord> unseen = new ArrayList<>();
                Tail measured = measure(expected, number > expected.segment() + 1, unseen);
                return writeOpening(appender, file, number, opening.recordZero(number, measured, unseen));
            } catch (IOException e) {
                throw unknown("cannot close " + file, e);
            }
        } finally {
            hold.close();
        }
    }

    /** Whoever appends looks for the very next number only. So it must be taken, also where a stray file is far above. */
    private void fenceGap(int segment, int number) {
        Storage.Appender fence = number > segment + 1 ? create(file(segment + 1)) : null;
        if (fence != null) {
            Appenders.discard(fence);
        }
    }

    /**
     * Reads on from what the caller knows, and makes it durable, unless an I/O error here or, as a fence shows, in another
     * process forbids to believe in a force.
     */
    private Tail measure(Tail expected, boolean fenced, List<LogRecord> unseen) {
        Tail measured;
        try (RecordSource source = read(expected.segment(), expected.index(), expected.offset(), expected.durable())) {
            for (LogRecord record = source.next(); record != null; record = source.next()) {
                unseen.add(record);
            }
            measured = source.tail();
        }
        if (failed || fenced || measured.durable() >= measured.index()) {
            return measured;
        }
        Path file = file(expected.segment());
        try (Storage.Appender old = storage.append(file)) {
            old.force();
            return new Tail(
                    measured.segment(), measured.index(), measured.offset(), measured.index(), measured.blocked());
        } catch (IOException e) {
            return measured;
        }
    }

    Storage.@Nullable Appender create(Path file) {
        try {
            return storage.create(file);
        } catch (FileAlreadyExistsException e) {
            return null;
        } catch (IOException e) {
            throw storageFault("cannot create " + file + ", nothing was recorded", e);
        }
    }

    Tail writeOpening(Storage.Appender appender, Path file, int number, Draft recordZero) {
        LineBuffer line = new LineBuffer(1024);
        int crc = new LineFormat(id, number).write(recordZero, 0, 0, line);
        try {
            appender.write(line.array(), 0, line.length());
        } catch (IOException e) {
            failed = true;
            if (storage.length(file) < line.length()) {
                // Without its newline it is no segment; it stays, because it fences the one below.
                throw storageFault("cannot open segment " + file + ", nothing was recorded", e);
            }
            throw unknown("opening segment " + file + " failed", e);
        }
        try {
            appender.force();
            backend.forceNames(id);
        } catch (IOException e) {
            fail(number, new Fence(number, 0, crc));
            throw unknown("opening segment " + file + " failed", e);
        }
        acknowledge(file, number, line.length());
        // A new segment in a new file: an earlier error concerned another file.
        failed = false;
        return new Tail(number, 1, line.length(), 1, false);
    }

    /** Makes the first segment behind whatever creations were cut short; takes it away again if that fails. */
    void openFirst(Opening opening, List<EncodedEvent.Payload> payloads) {
        new FirstSegment(this, id, directory, storage, blobs()).open(opening, payloads);
    }

    /**
     * Marks this segment as left behind, so that no other process goes on behind what this one failed to write. Best
     * effort: an empty file is no segment, but nobody appends below it.
     */
    private void fail(int segment, Fence cut) {
        failed = true;
        try (Storage.Appender fence = storage.create(file(segment + 1))) {
            byte[] told = cut.toBytes();
            fence.write(told, 0, told.length);
            System.getLogger(FileLog.class.getName())
                    .log(System.Logger.Level.DEBUG, "left segment {0} of {1} behind by {2}", segment, id, fence);
        } catch (IOException e) {
            System.getLogger(FileLog.class.getName())
                    .log(System.Logger.Level.DEBUG, "segment " + segment + " of " + id + " could not be fenced", e);
        }
    }

    private void refuseIfFailed() {
        if (failed) {
            throw unknown(id + ": an earlier append failed", null);
        }
    }

    @Override
    public void putBlobs(List<EncodedEvent.Payload> payloads) {
        if (!payloads.isEmpty()) {
            blobs().put(payloads);
        }
    }

    private FileBlobs blobs() {
        FileBlobs known = blobs;
        if (known == null) {
            known = new FileBlobs(id, directory, storage);
            blobs = known;
        }
        return known;
    }

    @Override
    public byte[] load(BlobRef ref) {
        return blobs().load(ref);
    }

    @Override
    public @Nullable Log ancestor(LogId ancestor) {
        Path kept = Layout.ancestor(directory, ancestor);
        return storage.exists(kept) ? new FileLog(ancestor, kept, storage, backend) : null;
    }

    @Override
    public void keepAncestor(LogId ancestor, LogCopy content) {
        new Adoption(storage).keep(directory, ancestor, content);
    }

    @Override
    public List<Fault> verifyBeside(Set<Integer> history) {
        return new FileDamage(storage, id, directory).beside(this, blobs(), history);
    }

    @Override
    public String setAside(List<Remains> remains, byte[] report) {
        return new SetAside(storage, directory).keep(remains, report);
    }

    @Override
    public byte @Nullable [] derived() {
        try {
            return storage.readAll(directory.resolve("state.json"));
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void saveDerived(byte[] content) {
        backend.replaceDerived(directory.resolve("state.json"), content);
    }

    @Override
    public void close() {
        backend.appenders().closeBelow(directory);
    }

    Path file(int segment) {
        return segments.file(segment);
    }

    OutcomeUnknownException unknown(String message, @Nullable Throwable cause) {
        return new OutcomeUnknownException(cause == null ? message : message + " (" + cause.getMessage() + ")", cause);
    }

    static HoldfastException storageFault(String message, IOException cause) {
        return new HoldfastException(ErrorCode.STORAGE, message + ": " + cause.getMessage(), cause);
    }
}
