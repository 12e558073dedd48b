package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks an archive into a store of its own and believes nothing before it was checked: names, sizes, digests, then every
 * line by the reader of sessions.
 */
final class Unpacking {
    /** A transcript compresses to a twentieth; what compresses better than to a two-hundredth was made to. */
    private static final long MAX_RATIO = 200;

    private static final long ALWAYS_ALLOWED_BYTES = 256L * 1024 * 1024;

    /** What a session may have that says itself it lost something. Everything else is no export's. */
    private static final Set<Fault.Kind> LOSSES = EnumSet.of(
            Fault.Kind.HOLE,
            Fault.Kind.INCOMPLETE_BATCH,
            Fault.Kind.SHORT_SEGMENT,
            Fault.Kind.MISSING_SEGMENT,
            Fault.Kind.MISSING_OPENING,
            Fault.Kind.MISSING_BLOB,
            Fault.Kind.MISSING_ANCESTOR,
            Fault.Kind.WRONG_ANCESTOR);

    private final Path file;
    private final Path root;
    private final SessionStore store;

    Unpacking(Path file, Path root, SessionStore store) {
        this.file = file;
        this.root = root;
        this.store = store;
    }

    SessionId unpack() throws IOException {
        Manifest manifest;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            manifest = manifest(zip, entries);
            requireSame(entries, manifest);
            requireRoom(manifest);
            for (Manifest.Entry entry : manifest.entries()) {
                unpack(zip, entry);
            }
        } catch (ZipException | java.io.EOFException e) {
            throw Manifest.refused("it is damaged or cut (" + Clean.line(String.valueOf(e.getMessage())) + ")");
        } catch (IllegalArgumentException e) {
            throw Manifest.refused("it has names that are no text");
        }
        verify(manifest);
        return manifest.session();
    }

    private static Manifest manifest(ZipFile zip, List<? extends ZipEntry> entries) throws IOException {
        if (entries.isEmpty() || !entries.getFirst().getName().equals(Manifest.NAME)) {
            throw Manifest.refused("it does not begin with " + Manifest.NAME);
        }
        try (InputStream in = zip.getInputStream(entries.getFirst())) {
            byte[] content = in.readNBytes(Manifest.MAX_BYTES + 1);
            if (content.length > Manifest.MAX_BYTES) {
                throw Manifest.refused("its " + Manifest.NAME + " is over " + Manifest.MAX_BYTES + " bytes");
            }
            return Manifest.of(content);
        }
    }

    /** The archive holds what its manifest lists, each once, in that order, and nothing else. */
    private static void requireSame(List<? extends ZipEntry> entries, Manifest manifest) {
        List<String> there = new ArrayList<>();
        entries.subList(1, entries.size()).forEach(entry -> there.add(entry.getName()));
        List<String> listed =
                manifest.entries().stream().map(Manifest.Entry::name).toList();
        if (!there.equals(listed)) {
            throw Manifest.refused("it does not hold the entries that it lists");
        }
    }

    private void requireRoom(Manifest manifest) throws IOException {
        long bytes = manifest.bytes();
        if (bytes > Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * Files.size(file))) {
            throw Manifest.refused("unpacked it would have " + bytes + " bytes, more than any export of its size");
        }
        long room = Files.getFileStore(root).getUsableSpace();
        if (bytes > room) {
            throw new HoldfastException(
                    ErrorCode.STORAGE,
                    "unpacking needs " + bytes + " bytes, " + root + " has room for " + room
                            + "; make room, or name another place for temporary files (java.io.tmpdir)");
        }
    }

    private void unpack(ZipFile zip, Manifest.Entry entry) throws IOException {
        String session = entry.session();
        Path target = root.resolve("sessions").resolve(session.substring(34)).resolve(entry.name());
        Files.createDirectories(Objects.requireNonNull(target.getParent(), "a file in a directory"));
        MessageDigest digest = Packing.sha256();
        long bytes = 0;
        try (InputStream in = zip.getInputStream(zip.getEntry(entry.name()));
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > entry.bytes()) {
                    break;
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        if (bytes != entry.bytes() || !HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
            throw Manifest.refused(entry.name() + " is not what it was when it was exported");
        }
    }

    private void verify(Manifest manifest) {
        List<Fault> faults = new ArrayList<>();
        try {
            for (SessionId id : manifest.sessions()) {
                faults.addAll(store.verify(id).faults());
                store.summary(id);
            }
            try (RecordReader reader = store.read(manifest.session()).history().reader()) {
                LogRecord record = reader.next();
                while (record != null) {
                    record = reader.next();
                }
                faults.addAll(reader.faults());
            }
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.STORAGE || e.code() == ErrorCode.UNSUPPORTED) {
                throw e;
            }
            throw Manifest.refused(Clean.line(String.valueOf(e.getMessage())));
        }
        for (Fault fault : faults) {
            boolean told = !fault.damage() || !manifest.lost().isEmpty();
            if (!LOSSES.contains(fault.kind()) || !told) {
                throw Manifest.refused(fault.file() + " at byte " + fault.offset() + ": " + Clean.line(fault.detail()));
            }
        }
    }
}
