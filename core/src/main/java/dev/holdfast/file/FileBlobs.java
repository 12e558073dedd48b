package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The payloads of one log, each a file named by the SHA-256 of its bytes. */
final class FileBlobs implements BlobSource {
    private final LogId id;
    private final Path directory;
    private final Storage storage;
    private volatile boolean nameForced;

    FileBlobs(LogId id, Path directory, Storage storage) {
        this.id = id;
        this.directory = directory.resolve("blobs");
        this.storage = storage;
    }

    Path directory() {
        return directory;
    }

    /** Writes each payload under a passing name, forces it, then gives it its name: a name never shows half a blob. */
    void put(List<EncodedEvent.Payload> payloads) {
        try {
            storage.createDirectories(directory);
            for (EncodedEvent.Payload payload : payloads) {
                Path file = directory.resolve(payload.ref().sha256());
                if (!holds(file, payload.ref())) {
                    write(payload, file);
                }
            }
            // A blob that was there may have been named a moment ago by somebody who has not forced the name yet.
            storage.forceDirectory(directory);
            if (!nameForced) {
                // The directory may have been made a moment ago by somebody who died before forcing its name.
                storage.forceDirectory(Objects.requireNonNull(directory.getParent(), "a log's directory"));
                nameForced = true;
            }
        } catch (IOException e) {
            throw FileLog.storageFault(
                    "cannot keep a blob of " + id + " in " + directory + ", nothing was recorded", e);
        }
    }

    private boolean holds(Path file, BlobRef ref) throws IOException {
        return storage.length(file) == ref.bytes()
                && sha256(storage.readAll(file)).equals(ref.sha256());
    }

    private void write(EncodedEvent.Payload payload, Path file) throws IOException {
        Path passing = directory.resolve(".tmp-" + UUID.randomUUID());
        try {
            try (Storage.Appender out = storage.create(passing)) {
                out.write(payload.content(), 0, payload.content().length);
                out.force();
            }
            storage.move(passing, file);
        } catch (IOException e) {
            try {
                storage.delete(passing);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public byte[] load(BlobRef ref) {
        Path file = directory.resolve(ref.sha256());
        byte[] content;
        try {
            content = storage.readAll(file);
        } catch (NoSuchFileException e) {
            throw HoldfastException.notFound(id + ": blob " + ref.sha256() + " is not there (" + file + ")");
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read blob " + file, e);
        }
        if (content.length != ref.bytes() || !sha256(content).equals(ref.sha256())) {
            throw new HoldfastException(
                    ErrorCode.DAMAGED, id + ": blob " + file + " does not have the content its name says; see verify");
        }
        return content;
    }

    /** Says what is wrong with a blob, in memory that does not grow with it; null if nothing is. */
    Fault.@Nullable Kind fault(BlobRef ref) {
        Path file = directory.resolve(ref.sha256());
        MessageDigest digest = digest();
        long length = 0;
        byte[] chunk = new byte[64 * 1024];
        try (Storage.Input in = storage.open(file)) {
            for (int read = in.read(0, chunk, 0, chunk.length);
                    read > 0 && length <= ref.bytes();
                    read = in.read(length, chunk, 0, chunk.length)) {
                digest.update(chunk, 0, read);
                length += read;
            }
        } catch (NoSuchFileException e) {
            return Fault.Kind.MISSING_BLOB;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read blob " + file, e);
        }
        boolean right = length == ref.bytes()
                && HexFormat.of().formatHex(digest.digest()).equals(ref.sha256());
        return right ? null : Fault.Kind.WRONG_BLOB;
    }

    /** Takes everything away: only for a log that was never born. */
    void deleteAll() throws IOException {
        for (String name : storage.names(directory)) {
            storage.delete(directory.resolve(name));
        }
        storage.delete(directory);
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
