package dev.holdfast.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where an intact line stands, so that it can be read again.
 *
 * @param offset the byte where it begins
 * @param length how long it is, the newline not included
 * @param newline whether a newline of its own follows
 */
record LinePlace(long offset, int length, boolean newline) {
    static LinePlace of(LogRecord record) {
        boolean newline = !record.isWithoutNewline();
        return new LinePlace(record.offset(), (int) (record.end() - record.offset()) - (newline ? 1 : 0), newline);
    }

    /** Returns the record, or null if it is there no more. */
    @Nullable
    LogRecord read(ByteInput in, LineFormat format) throws IOException {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            int read = in.read(offset + filled, bytes, filled, length - filled);
            if (read <= 0) {
                return null;
            }
            filled += read;
        }
        LogRecord record = format.read(bytes, 0, length, offset);
        return record == null || newline ? record : record.withoutNewline();
    }
}
