package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.ImportResult;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import dev.holdfast.store.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A session in one file that loses nothing: its lines and payloads byte for byte, with what it reads of the sessions it
 * came from. A ZIP; {@code docs/format.md} says what is in it. Stateless.
 */
public final class Archive {
    /** How every ZIP begins, and then, since the manifest comes first, how an archive does. */
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private static final int NAME_OFFSET = 30;

    /**
     * What an archive holds.
     *
     * @param session the session
     * @param ancestors the sessions it came from, as far as they are in it
     * @param entries how many files are in it, the manifest not counted
     * @param bytes how many bytes these have
     * @param lost what could not come along because the store had lost it, in words
     */
    public record Content(SessionId session, List<SessionId> ancestors, int entries, long bytes, List<String> lost) {
        /** Copies the lists. */
        public Content {
            ancestors = List.copyOf(ancestors);
            lost = List.copyOf(lost);
        }

        static Content of(Manifest manifest) {
            List<SessionId> ancestors = manifest.sessions().stream()
                    .filter(each -> !each.equals(manifest.session()))
                    .toList();
            return new Content(
                    manifest.session(), ancestors, manifest.entries().size(), manifest.bytes(), manifest.lost());
        }
    }

    private Archive() {}

    /**
     * Writes a session. Memory is bounded by its largest payload. What is appended meanwhile is not in it.
     *
     * @param store where the session is
     * @param id the session
     * @param program what writes, for whoever looks at the archive
     * @param out where to; not closed
     * @return what was written
     * @throws IOException if writing fails
     * @throws HoldfastException NOT_FOUND
     */
    public static Content write(SessionStore store, SessionId id, String program, OutputStream out) throws IOException {
        return Content.of(new Packing(store, id, program).writeTo(out));
    }

    /**
     * Writes a session into a file that only its owner may read. The file has its name only when it is whole and durable.
     *
     * @param store where the session is
     * @param id the session
     * @param program what writes, for whoever looks at the archive
     * @param file the file
     * @param overwrite whether a file that is there may be replaced
     * @return what was written
     * @throws HoldfastException NOT_FOUND; CONFLICT if the file is there; STORAGE if writing fails
     */
    public static Content write(SessionStore store, SessionId id, String program, Path file, boolean overwrite) {
        Content[] written = new Content[1];
        try {
            PassingFile.write(file, overwrite, out -> written[0] = write(store, id, program, out));
        } catch (IOException e) {
            throw new HoldfastException(
                    ErrorCode.STORAGE, "cannot write " + file + ": " + e.getMessage() + "; nothing is there", e);
        }
        return written[0];
    }

    /**
     * Tells, by its first bytes, whether a file is an archive.
     *
     * @param file any path
     * @return true if it begins as an archive does
     */
    public static boolean isArchive(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        byte[] name = Manifest.NAME.getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(NAME_OFFSET + name.length);
            return start.length == NAME_OFFSET + name.length
                    && Arrays.equals(start, 0, ZIP.length, ZIP, 0, ZIP.length)
                    && Arrays.equals(start, NAME_OFFSET, start.length, name, 0, name.length);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Takes the session of an archive into a store. Everything is unpacked beside the store and verified first, line by
     * line; then it is taken over as {@link Transfer} says. Memory is bounded by the largest payload.
     *
     * @param file the archive
     * @param store where to
     * @return what became of the session
     * @throws HoldfastException DAMAGED if the archive is damaged, cut or forged: nothing was imported;
     *     UNSUPPORTED if it is of a newer format; STORAGE if it cannot be read; and as for {@link Transfer#bring}
     */
    public static ImportResult read(Path file, SessionStore store) {
        try {
            Path passing = Files.createTempDirectory("holdfast-import-");
            try (SessionStore journey = SessionStore.create(
                    passing.resolve("store"), StoreOptions.usual().unsafeFileSystem(true))) {
                return new Transfer(journey, store).bring(unpacked(file, passing.resolve("store"), journey));
            } finally {
                remove(passing);
            }
        } catch (IOException e) {
            throw new HoldfastException(
                    ErrorCode.STORAGE, "cannot unpack " + file + ": " + e.getMessage() + "; nothing was imported", e);
        }
    }

    private static SessionId unpacked(Path file, Path root, SessionStore journey) throws IOException {
        try {
            return new Unpacking(file, root, journey).unpack();
        } catch (HoldfastException e) {
            throw new HoldfastException(e.code(), file + ": " + e.getMessage(), e);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
