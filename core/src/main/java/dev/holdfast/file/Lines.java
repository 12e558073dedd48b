package dev.holdfast.file;

import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Tail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of one write, and what must be known of them afterwards. Used by one thread at a time. */
final class Lines {
    private final LogId id;
    private final LineBuffer buffer = new LineBuffer(1024);
    private @Nullable LineFormat format;
    private int formatSegment;
    private int firstLength;
    private int firstCrc;
    private int lastFrom;
    private int lastCrc;

    Lines(LogId id) {
        this.id = id;
    }

    /** Writes the lines of records that go to a log's end. */
    void write(Tail end, List<Draft> records) {
        buffer.clear();
        LineFormat known = format;
        if (known == null || formatSegment != end.segment()) {
            known = new LineFormat(id, end.segment());
            format = known;
            formatSegment = end.segment();
        }
        long index = end.index();
        for (Draft draft : records) {
            lastFrom = buffer.length();
            lastCrc = known.write(draft, index, Math.min(end.durable(), index), buffer);
            if (index == end.index()) {
                firstCrc = lastCrc;
                firstLength = buffer.length();
            }
            index++;
        }
    }

    void clear() {
        buffer.clear();
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
}
