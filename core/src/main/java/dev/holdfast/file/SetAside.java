package dev.holdfast.file;

import dev.holdfast.event.Json;
import dev.holdfast.spi.Remains;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Keeps damaged segments as they were, in {@code repairs/<number>/}. A number shows a whole repair or nothing: the
 * directory is filled and forced under a passing name.
 */
final class SetAside {
    static final String DIRECTORY = "repairs";

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Storage storage;
    private final Path directory;

    SetAside(Storage storage, Path directory) {
        this.storage = storage;
        this.directory = directory;
    }

    /** Returns where the copies are, relative to the log's directory. */
    String keep(List<Remains> remains, byte[] report) {
        Path repairs = directory.resolve(DIRECTORY);
        Path passing = repairs.resolve(".tmp-" + UUID.randomUUID());
        try {
            storage.createDirectories(passing);
            for (Remains each : remains) {
                String name = Layout.segment(each.segment());
                Path segment = directory.resolve(name);
                if (!storage.exists(segment)) {
                    storage.create(segment).close();
                    continue;
                }
                try (Storage.Input in = storage.open(segment)) {
                    long length = storage.length(segment);
                    copy(in, length, passing.resolve(name));
                    rest(in, length, each, passing.resolve(name.replace(".jsonl", ".rest")));
                }
            }
            try (Storage.Appender out = storage.create(passing.resolve("report.json"))) {
                out.write(report, 0, report.length);
                out.force();
            }
            storage.forceDirectory(passing);
            // The name of an empty segment, and that of the repairs, which somebody may have made who died before this.
            storage.forceDirectory(directory);
            int number = nextNumber(repairs);
            storage.move(passing, repairs.resolve(String.valueOf(number)));
            storage.forceDirectory(repairs);
            return DIRECTORY + "/" + number;
        } catch (IOException e) {
            discard(passing);
            throw FileLog.storageFault("cannot set aside what is damaged in " + directory + ", nothing was changed", e);
        }
    }

    private int nextNumber(Path repairs) throws IOException {
        int last = 0;
        for (String name : storage.names(repairs)) {
            if (name.matches("[1-9]\\d{0,8}")) {
                last = Math.max(last, Integer.parseInt(name));
            }
        }
        return last + 1;
    }

    private void copy(Storage.Input in, long length, Path to) throws IOException {
        try (Storage.Appender out = storage.create(to)) {
            copy(in, 0, length, out);
            out.force();
        }
    }

    /** Writes each piece behind a line that says what it is. */
    private void rest(Storage.Input in, long length, Remains remains, Path to) throws IOException {
        try (Storage.Appender out = storage.create(to)) {
            for (Remains.Piece piece : remains.pieces()) {
                long end = Math.min(length, piece.end());
                if (piece.offset() < end) {
                    byte[] header = (Json.mapper()
                                            .createObjectNode()
                                            .put("offset", piece.offset())
                                            .put("length", end - piece.offset())
                                            .put("kind", piece.kind())
                                            .toString()
                                    + "\n")
                            .getBytes(StandardCharsets.UTF_8);
                    out.write(header, 0, header.length);
                    copy(in, piece.offset(), end, out);
                    out.write(new byte[] {'\n'}, 0, 1);
                }
            }
            out.force();
        }
    }

    private static void copy(Storage.Input in, long from, long to, Storage.Appender out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = from; at < to; ) {
            int read = in.read(at, chunk, 0, (int) Math.min(chunk.length, to - at));
            if (read <= 0) {
                throw new IOException("the file ends at byte " + at + " while it is copied");
            }
            out.write(chunk, 0, read);
            at += read;
        }
    }

    /** A copy that is not whole is worth nothing; what is copied is still there. */
    private void discard(Path passing) {
        try {
            for (String name : storage.names(passing)) {
                storage.delete(passing.resolve(name));
            }
            storage.delete(passing);
        } catch (IOException e) {
            System.getLogger(SetAside.class.getName())
                    .log(System.Logger.Level.DEBUG, "left half a copy in " + passing, e);
        }
    }
}
