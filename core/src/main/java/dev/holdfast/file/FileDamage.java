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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks closer at files that are not what they should be. */
final class FileDamage {
    private static final Pattern OWNER =
            Pattern.compile("\"type\":\"segment\\.opened\".{0,80}?\"log\":\"([A-Za-z0-9._-]+)\"");
    private static final Pattern REFERENCE =
            Pattern.compile("\"\\$blob\":\\{\"sha256\":\"([0-9a-f]{64})\",\"bytes\":(\\d{1,18})");
    private static final int MAX_FAULTS = 1_000;

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
        Fence fence = fence(number);
        if (fence != null) {
            return new Fault(
                    name,
                    0,
                    Fault.Kind.FENCE,
                    false,
                    "a writer failed here: what " + Layout.segment(fence.segment()) + " has from byte " + fence.offset()
                            + " on may not be durable");
        }
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

    private @Nullable Fence fence(int number) {
        try {
            return Fence.read(storage, directory.resolve(Layout.segment(number)));
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read " + directory.resolve(Layout.segment(number)), e);
        }
    }

    /** Checks everything beside the segments of the history. */
    List<Fault> beside(FileLog log, FileBlobs blobs, Set<Integer> history) {
        List<Fault> faults = new ArrayList<>();
        int head = history.stream().mapToInt(Integer::intValue).max().orElse(0);
        for (int segment : log.segments()) {
            if (!history.contains(segment) && segment < head) {
                faults.add(leftOut(log, segment));
            }
        }
        // Names first: a record that is appended while this reads may refer to a blob, but not the other way round.
        List<String> kept = names(blobs.directory());
        Set<String> referenced = references(log, blobs, faults);
        for (String name : kept) {
            if (!referenced.contains(name)) {
                unreferenced("blobs/" + name, "no record refers to it", faults);
            }
        }
        for (String place : new String[] {"", SetAside.DIRECTORY + "/"}) {
            for (String name : names(directory.resolve(place))) {
                if (name.startsWith(".tmp-")) {
                    unreferenced(place + name, "its writing was cut short", faults);
                }
            }
        }
        return faults;
    }

    private void unreferenced(String file, String detail, List<Fault> faults) {
        if (faults.size() < MAX_FAULTS) {
            String told = file.contains("/.tmp-") ? "its writing was cut short" : detail;
            faults.add(new Fault(file, 0, Fault.Kind.UNREFERENCED, false, told));
        }
    }

    /** What a file below the head is that no later segment refers to. */
    private Fault leftOut(FileLog log, int segment) {
        try (RecordSource source = log.read(segment, 0, 0, 0)) {
            LogRecord first = source.next();
            if (first != null && first.index() == 0 && first.type().equals("segment.opened")) {
                return new Fault(
                        Layout.segment(segment), 0, Fault.Kind.UNREFERENCED, false, "no later segment refers to it");
            }
        }
        Fault fault = notASegment(segment, null);
        return fault.damage()
                ? new Fault(fault.file(), 0, Fault.Kind.UNREFERENCED, false, "no later segment refers to it")
                : fault;
    }

    /** Compares the blobs that records refer to with those that are there. */
    private Set<String> references(FileLog log, FileBlobs blobs, List<Fault> faults) {
        Set<String> referenced = new HashSet<>();
        for (int segment : log.segments()) {
            // Whatever is intact may refer to a blob, whether it counts or not.
            try (RecordSource source = log.read(segment, 0, 0, Long.MAX_VALUE)) {
                for (LogRecord record = source.next(); record != null; record = source.next()) {
                    Matcher reference = REFERENCE.matcher(new String(record.data(), StandardCharsets.ISO_8859_1));
                    while (reference.find()) {
                        if (referenced.add(reference.group(1))) {
                            check(blobs, reference, record, faults);
                        }
                    }
                }
            }
        }
        return referenced;
    }

    private static void check(FileBlobs blobs, Matcher reference, LogRecord record, List<Fault> faults) {
        BlobRef ref = new BlobRef(reference.group(1), Long.parseLong(reference.group(2)));
        Fault.Kind kind = blobs.fault(ref);
        if (kind != null) {
            faults.add(new Fault(
                    Layout.segment(record.segment()),
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
