package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.log.Fault.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A segment in the making, and what is read of it. */
abstract class SegmentFixture {
    static final LogId LOG = LogId.of(SessionId.of(1_800_000_000_000L, 1, 1));
    static final int SEGMENT = 3;

    final ByteArrayOutputStream file = new ByteArrayOutputStream();

    // ---- what a segment is made of ----

    static byte[] line(LogId log, int segment, long index, long durable, int ordinal, int size, String data) {
        LineBuffer out = new LineBuffer(256);
        Draft draft = new Draft(
                Instant.EPOCH, "noted", null, data.getBytes(StandardCharsets.UTF_8), null, ordinal, size, false);
        new LineFormat(log, segment).write(draft, index, durable, out);
        return Arrays.copyOf(out.array(), out.length());
    }

    static byte[] single(long index) {
        return durable(index, index);
    }

    /** A record written when only so many had been forced. */
    static byte[] durable(long index, long durable) {
        return line(LOG, SEGMENT, index, durable, 0, 1, "{\"n\":" + index + "}");
    }

    static byte[] part(long index, long durable, int ordinal, int size) {
        return line(LOG, SEGMENT, index, durable, ordinal, size, "{\"n\":" + index + "}");
    }

    SegmentFixture with(byte[]... lines) {
        for (byte[] each : lines) {
            file.writeBytes(each);
        }
        return this;
    }

    static byte[] flipped(byte[] line, int at) {
        byte[] changed = line.clone();
        changed[at] ^= 1;
        return changed;
    }

    static byte[] withoutNewline(byte[] line) {
        return Arrays.copyOf(line, line.length - 1);
    }

    // ---- what is read ----

    record Read(List<Long> indexes, List<Fault> faults, SegmentReader reader) {
        Read has(long... expected) {
            assertThat(indexes)
                    .containsExactlyElementsOf(Arrays.stream(expected).boxed().toList());
            return this;
        }

        Read clean() {
            assertThat(faults).isEmpty();
            assertThat(reader.endsInDebris()).isFalse();
            return this;
        }

        Read fault(Kind kind, long offset, boolean damage) {
            assertThat(faults)
                    .extracting(Fault::kind, Fault::offset, Fault::damage)
                    .contains(tuple(kind, offset, damage));
            return this;
        }

        Read undamaged() {
            assertThat(faults).noneMatch(Fault::damage);
            return this;
        }

        Read blocked(boolean expected) {
            assertThat(reader.endsInDebris()).isEqualTo(expected);
            return this;
        }
    }

    Read read() {
        return read(0, 0, 0);
    }

    Read read(long offset, long index, long knownDurable) {
        byte[] bytes = file.toByteArray();
        SegmentReader reader = new SegmentReader(
                (at, into, from, length) -> {
                    int count = (int) Math.min(length, bytes.length - at);
                    if (count <= 0) {
                        return -1;
                    }
                    System.arraycopy(bytes, (int) at, into, from, count);
                    return count;
                },
                LOG,
                SEGMENT,
                "file",
                offset,
                index,
                knownDurable);
        List<Long> indexes = new ArrayList<>();
        try {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                byte[] line = Arrays.copyOfRange(bytes, (int) record.offset(), (int) record.end() - 1);
                assertThat(new String(line, StandardCharsets.UTF_8)).startsWith("{\"i\":" + record.index() + ",");
                indexes.add(record.index());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Read(indexes, reader.faults(), reader);
    }

    static long length(byte[]... lines) {
        return Arrays.stream(lines).mapToLong(each -> each.length).sum();
    }
}
