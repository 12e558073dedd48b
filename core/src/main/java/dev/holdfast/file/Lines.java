package dev.holdfast.file;

import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Tail;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** The lines of one write, and what must be known of them afterwards. Used by one thread at a time. */
final class Lines {
    private final LineBuffer buffer = new LineBuffer(1024);
    private int firstLength;
    private int firstCrc;
    private int lastFrom;
    private int lastCrc;

    /** Writes the lines of records that go to a log's end. */
    void write(LogId id, Tail end, List<Draft> records) {
        buffer.clear();
        LineFormat format = new LineFormat(id, end.segment());
        long index = end.index();
        for (Draft draft : records) {
            lastFrom = buffer.length();
            lastCrc = format.write(draft, index, Math.min(end.durable(), index), buffer);
            if (index == end.index()) {
                firstCrc = lastCrc;
                firstLength = buffer.length();
            }
            index++;
        }
    }

    byte[] array() {
        return buffer.array();
    }

    int length() {
        return buffer.length();
    }

    int firstLength() {
        return firstLength;
    }

    int firstCrc() {
        return firstCrc;
    }

    int lastFrom() {
        return lastFrom;
    }

    int lastCrc() {
        return lastCrc;
    }

    /**
     * Lines for whoever writes now, so that ten thousand open sessions hold no ten thousand buffers. Thread-safe; what is
     * borrowed is nobody else's until it is given back.
     */
    static final class Pool {
        private static final int KEPT = 64;
        private static final int KEPT_BYTES = 128 * 1024;

        private final ArrayBlockingQueue<Lines> idle = new ArrayBlockingQueue<>(KEPT);

        Lines borrow() {
            Lines known = idle.poll();
            return known == null ? new Lines() : known;
        }

        void giveBack(Lines lines) {
            if (lines.array().length <= KEPT_BYTES) {
                idle.offer(lines);
            }
        }
    }
}
