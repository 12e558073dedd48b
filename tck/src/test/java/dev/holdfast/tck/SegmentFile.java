package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import java.nio.file.Path;

/** Where the file backend keeps a session's segment, and how to spoil it. */
final class SegmentFile {
    private SegmentFile() {}

    static Path of(Path store, LogId id, int segment) {
        String name = id.name();
        return store.resolve("sessions")
                .resolve(name.substring(name.length() - 2))
                .resolve(name)
                .resolve(String.format("%06d.jsonl", segment));
    }

    /** Changes a byte in the middle of a line. */
    static byte[] damaged(byte[] content, long line) {
        byte[] damaged = content.clone();
        int at = 0;
        for (long k = 0; k < line; k++) {
            while (damaged[at++] != '\n') {
                continue;
            }
        }
        damaged[at + 20] ^= 1;
        return damaged;
    }
}
