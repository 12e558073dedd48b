package dev.holdfast.file;

import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a writer that failed leaves in place of the next segment: from which record on the page cache may lie. Not forced:
 * a power cut takes the lie with it.
 *
 * @param segment the segment that failed
 * @param offset the byte where the record's line begins
 * @param crc the record's checksum; another writer's record at that byte is none of the failed writer's business
 */
record Fence(int segment, long offset, int crc) {
    byte[] toBytes() {
        return String.format("failed at %d %08x\n", offset, crc).getBytes(StandardCharsets.US_ASCII);
    }

    static @Nullable Fence read(Storage storage, Path file) throws IOException {
        byte[] start = new byte[64];
        int read;
        try (Storage.Input in = storage.open(file)) {
            read = in.read(0, start, 0, start.length);
        }
        String text = read <= 0 ? "" : new String(start, 0, read, StandardCharsets.US_ASCII);
        if (!text.startsWith("failed at ") || !text.endsWith("\n")) {
            return null;
        }
        try {
            String[] words = text.strip().split(" ", -1);
            int number = Layout.segmentNumber(file.getFileName().toString());
            return new Fence(number - 1, Long.parseLong(words[2]), Integer.parseUnsignedInt(words[3], 16));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return null;
        }
    }

    /** Whether the record it names stands there. */
    boolean holds(FileLog log, LogId id, Storage storage, Path file) {
        byte[] line = new byte[LineFormat.MAX_LINE_BYTES];
        try (Storage.Input in = storage.open(file)) {
            int read = in.read(offset, line, 0, line.length);
            for (int k = 0; k < read; k++) {
                if (line[k] == '\n') {
                    var record = new LineFormat(id, segment).read(line, 0, k, offset);
                    return record != null && record.crc() == crc;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
