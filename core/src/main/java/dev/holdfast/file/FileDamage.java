package dev.holdfast.file;

import dev.holdfast.event.BlobRef;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.RecordSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks closer at files that are not what they should be. */
final class FileDamage {
    private static final Pattern OWNER =
            Pattern.compile("\"type\":\"segment\\.opened\".{0,80}?\"log\":\"([A-Za-z0-9._-]+)\"");
    private static final Pattern REFERENCE =
            Pattern.compile("\"\\$blob\":\\{\"sha256\":\"([0-9a-f]{64})\",\"bytes\":(\\d+)");

    private final Storage storage;
    private final LogId id;
    private final Path directory;

    FileDamage(Storage storage, LogId id, Path directory) {
        this.storage = storage;
        this.id = id;
        this.directory = directory;
    }

    /** Says what a file is that has the name of a segment and no intact record 0. */
    Fault notASegment(int number, @Nullable Fence cut) {
        String name = Layout.segment(number);
        if (cut != null && cut.offset() == 0) {
            return new Fault(name, 0, Fault.Kind.UNREFERENCED, false, "a segment whose opening failed");
        }
        String owner = foreignOwner(number);
        if (owner != null) {
            return new Fault(name, 0, Fault.Kind.FOREIGN_RECORD, true, "the file belongs to " + owner);
        }
        if (hasRecordsWithoutOpening(number)) {
            return new Fault(
                    name, 0, Fault.Kind.MISSING_OPENING, true, "the file has records but no intact first record");
        }
        return new Fault(name, 0, Fault.Kind.UNREFERENCED, false, "a segment that was never opened");
    }

    /** Whether a file without an intact record 0 has other records of this segment: then something was lost. */
    private boolean hasRecordsWithoutOpening(int segment) {
        Path file = directory.resolve(Layout.segment(segment));
        if (beginsWithWholeLine(file)) {
            return true;
        }
        // Everything counts as forced, so that the reader goes on behind the missing first record.
        try (RecordSource source = FileRecords.open(storage, file, id, segment, 0, 0, Long.MAX_VALUE, null)) {
            return source.next() != null;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read " + file, e);
        }
    }

    /** A crash leaves an opening short or with zeros in it; a whole line that is no record was one. */
    private boolean beginsWithWholeLine(Path file) {
        byte[] start = new byte[LineFormat.MAX_LINE_BYTES];
        try (Storage.Input in = storage.open(file)) {
            int read = in.read(0, start, 0, start.length);
            for (int k = 0; k < read && start[k] != 0; k++) {
                if (start[k] == '\n') {
                    return start[0] == '{';
                }
            }
            return false;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read " + file, e);
        }
    }

    /** Returns whose segment a file is, if it says so and it is not this log's. */
    @Nullable
    String foreignOwner(int segment) {
        Path file = directory.resolve(Layout.segment(segment));
        byte[] start = new byte[4096];
        try (Storage.Input in = storage.open(file)) {
            int read = in.read(0, start, 0, start.length);
            Matcher owner = OWNER.matcher(new String(start, 0, Math.max(0, read), StandardCharsets.ISO_8859_1));
            return owner.find() && !owner.group(1).equals(id.name()) ? owner.group(1) : null;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read " + file, e);
        }
    }

    /** Compares the blobs that records refer to with those that are there. */
    List<Fault> blobs(FileLog log, FileBlobs blobs) {
        List<Fault> faults = new ArrayList<>();
        Map<String, Long> referenced = new HashMap<>();
        for (int segment : log.segments()) {
            try (RecordSource source = log.read(segment, 0, 0, 0)) {
                for (LogRecord record = source.next(); record != null; record = source.next()) {
                    Matcher reference = REFERENCE.matcher(new String(record.data(), StandardCharsets.UTF_8));
                    while (reference.find()) {
                        String place = Layout.segment(segment);
                        if (referenced.put(reference.group(1), record.offset()) == null) {
                            check(blobs, reference, place, record, faults);
                        }
                    }
                }
            }
        }
        for (String name : names(blobs.directory())) {
            if (!referenced.containsKey(name)) {
                faults.add(new Fault("blobs/" + name, 0, Fault.Kind.UNREFERENCED, false, "no record refers to it"));
            }
        }
        return faults;
    }

    private static void check(FileBlobs blobs, Matcher reference, String place, LogRecord record, List<Fault> faults) {
        BlobRef ref = new BlobRef(reference.group(1), Long.parseLong(reference.group(2)));
        try {
            blobs.load(ref);
        } catch (dev.holdfast.HoldfastException e) {
            Fault.Kind kind = switch (e.code()) {
                case NOT_FOUND -> Fault.Kind.MISSING_BLOB;
                default -> Fault.Kind.WRONG_BLOB;
            };
            faults.add(new Fault(
                    place,
                    record.offset(),
                    kind,
                    true,
                    "record " + record.index() + " (" + record.type() + ") needs blobs/" + ref.sha256()));
        }
    }

    private List<String> names(Path path) {
        try {
            return storage.names(path);
        } catch (IOException e) {
            throw FileLog.storageFault("cannot list " + path, e);
        }
    }
}
