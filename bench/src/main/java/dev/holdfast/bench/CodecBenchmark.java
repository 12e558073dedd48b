package dev.holdfast.bench;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Message;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one record costs between an event and its line, without any file. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class CodecBenchmark {
    private static final int INDEX = 123_456;

    /** How many bytes of text the message has. */
    @Param({"300", "20000"})
    public int textBytes = 300;

    private final LineFormat format =
            new LineFormat(LogId.of(SessionId.of(Instant.EPOCH.toEpochMilli() + 1_700_000_000_000L, 1, 2)), 1);
    private final LineBuffer buffer = new LineBuffer(64 * 1024);
    private Event event = Message.assistant("");
    private Draft draft = Draft.single(Instant.EPOCH, "", new byte[0]);
    private byte[] line = new byte[0];

    /** Makes the event and its line. */
    @Setup
    public void prepare() {
        event = Message.assistant(Words.text(new Random(textBytes), textBytes));
        EncodedEvent encoded = EventCodec.encode(event);
        draft = Draft.single(Instant.parse("2026-11-20T21:03:11.123456Z"), encoded.type(), encoded.data());
        buffer.clear();
        format.write(draft, INDEX, INDEX, buffer);
        line = Arrays.copyOf(buffer.array(), buffer.length());
    }

    /** Event to JSON. */
    @Benchmark
    public EncodedEvent encodeEvent() {
        return EventCodec.encode(event);
    }

    /** JSON to event. */
    @Benchmark
    public Event decodeEvent() {
        return EventCodec.decode(draft.type(), draft.data(), BlobSource.EMPTY);
    }

    /** JSON to line, checksum included. */
    @Benchmark
    public int encodeLine() {
        buffer.clear();
        return format.write(draft, INDEX, INDEX, buffer);
    }

    /** Line to record: checksum and envelope, the event left alone. */
    @Benchmark
    public @Nullable LogRecord decodeLine() {
        return format.read(line, 0, line.length - 1, 0);
    }

    /** The checksum alone: the floor of the two above. */
    @Benchmark
    public long checksum() {
        CRC32C crc = new CRC32C();
        crc.update(line, 0, line.length);
        return crc.getValue();
    }
}
