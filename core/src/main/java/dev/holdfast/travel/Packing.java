package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes one archive: reads everything once for the manifest, which comes first, and again for the content. */
final class Packing {
    private final SessionStore store;
    private final SessionId id;
    private final String program;
    private final Map<LogId, LogCopy> copies = new LinkedHashMap<>();
    private final Map<String, Piece> pieces = new LinkedHashMap<>();
    private final List<Manifest.Entry> entries = new ArrayList<>();
    private final Set<String> lost = new LinkedHashSet<>();

    /** Writes the bytes of one entry. */
    private interface Piece {
        void writeTo(OutputStream out) throws IOException;
    }

    Packing(SessionStore store, SessionId id, String program) {
        this.store = store;
        this.id = id;
        this.program = program;
        LogCopy own = store.read(id).copy();
        copies.put(LogId.of(id), own);
        copies.putAll(own.ancestors());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Manifest writeTo(OutputStream target) throws IOException {
        noteDamage();
        for (Map.Entry<LogId, LogCopy> copy : copies.entrySet()) {
            list(copy.getKey().name(), copy.getValue());
        }
        Manifest manifest = new Manifest(
                store.info().id(),
                id,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                program,
                List.copyOf(lost),
                entries);
        byte[] first = manifest.toBytes();
        if (first.length > Manifest.MAX_BYTES) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "session " + id + " has " + entries.size()
                            + " files, more than one export holds; copy its directory");
        }
        ZipOutputStream zip = new ZipOutputStream(target);
        begin(zip, Manifest.NAME);
        zip.write(first);
        for (Manifest.Entry entry : entries) {
            begin(zip, entry.name());
            String written = digest(
                            zip, Objects.requireNonNull(pieces.get(entry.name()), "every entry has its content"))
                    .sha256();
            if (!written.equals(entry.sha256())) {
                throw new HoldfastException(
                        ErrorCode.DAMAGED, entry.name() + " changed while it was exported; see verify, then try again");
            }
        }
        zip.finish();
        return manifest;
    }

    private static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // A time that says nothing, so that the same content makes the same bytes.
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
    }

    /** What reading tells that is not there. */
    private void noteDamage() {
        store.verify(id).faults().stream().filter(Fault::damage).forEach(this::note);
        try (RecordReader reader = store.read(id).history().reader()) {
            LogRecord record = reader.next();
            while (record != null) {
                record = reader.next();
            }
            reader.faults().stream().filter(Fault::damage).forEach(this::note);
        }
    }

    private void note(Fault fault) {
        lost.add(fault.file() + ": " + fault.detail());
    }

    private void list(String session, LogCopy copy) throws IOException {
        Set<BlobRef> needed = new TreeSet<>(Comparator.comparing(BlobRef::sha256));
        for (int segment : copy.segments()) {
            String name = String.format("%s/%06d.jsonl", session, segment);
            add(name, out -> needed.addAll(copy.write(segment, out)));
        }
        for (BlobRef ref : needed) {
            if (copy.blob(ref) == null) {
                lost.add(session + "/blobs/" + ref.sha256() + " is not there, or not what it was");
            } else {
                String name = session + "/blobs/" + ref.sha256();
                entries.add(new Manifest.Entry(name, ref.sha256(), ref.bytes()));
                pieces.put(name, out -> blob(copy, ref, out));
            }
        }
    }

    private static void blob(LogCopy copy, BlobRef ref, OutputStream out) throws IOException {
        byte[] content = copy.blob(ref);
        if (content != null) {
            out.write(content);
        }
    }

    private void add(String name, Piece piece) throws IOException {
        entries.add(digest(OutputStream.nullOutputStream(), piece).named(name));
        pieces.put(name, piece);
    }

    /** What was written, before it has a name. */
    private record Written(String sha256, long bytes) {
        Manifest.Entry named(String name) {
            return new Manifest.Entry(name, sha256, bytes);
        }
    }

    private static Written digest(OutputStream target, Piece piece) throws IOException {
        MessageDigest digest = sha256();
        long[] bytes = {0};
        piece.writeTo(new DigestOutputStream(target, digest) {
            @Override
            public void write(int b) throws IOException {
                super.write(b);
                bytes[0]++;
            }

            @Override
            public void write(byte[] content, int from, int length) throws IOException {
                super.write(content, from, length);
                bytes[0] += length;
            }
        });
        return new Written(HexFormat.of().formatHex(digest.digest()), bytes[0]);
    }
}
