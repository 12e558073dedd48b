package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins format 1: the golden file is never written anew, whatever changes here. */
class GoldenFileTest {
    private static final BlobSource BLOBS = ref -> {
        assertThat(ref).isEqualTo(new BlobRef(GoldenSegment.PAYLOAD_NAME, 21));
        return GoldenSegment.PAYLOAD.getBytes(StandardCharsets.UTF_8);
    };

    private static List<LogRecord> read() throws IOException {
        byte[] bytes = GoldenSegment.bytes();
        SegmentReader reader = new SegmentReader(
                (offset, into, from, length) -> {
                    int count = (int) Math.min(length, bytes.length - offset);
                    if (count <= 0) {
                        return -1;
                    }
                    System.arraycopy(bytes, (int) offset, into, from, count);
                    return count;
                },
                LogId.of(GoldenSegment.SESSION),
                GoldenSegment.SEGMENT,
                "000001.jsonl",
                0,
                0,
                0);
        List<LogRecord> records = new ArrayList<>();
        for (LogRecord record = reader.next(); record != null; record = reader.next()) {
            records.add(record);
        }
        assertThat(reader.faults()).isEmpty();
        assertThat(reader.endsInDebris()).isFalse();
        assertThat(reader.intactEnd()).isEqualTo(bytes.length);
        assertThat(reader.durable()).isEqualTo(8);
        return records;
    }

    @Test
    void theSameRecordsMakeTheSameBytes() throws IOException {
        LineFormat format = new LineFormat(LogId.of(GoldenSegment.SESSION), GoldenSegment.SEGMENT);
        LineBuffer out = new LineBuffer(16);
        int index = 0;
        for (GoldenSegment.Written written : GoldenSegment.records()) {
            format.write(written.draft(), index++, written.durable(), out);
        }

        assertThat(new String(out.array(), 0, out.length(), StandardCharsets.UTF_8))
                .isEqualTo(new String(GoldenSegment.bytes(), StandardCharsets.UTF_8));
        assertThat(Arrays.copyOf(out.array(), out.length())).isEqualTo(GoldenSegment.bytes());
    }

    @Test
    void theEnvelopesAreReadAsTheyWereWritten() throws IOException {
        List<GoldenSegment.Written> written = GoldenSegment.records();
        List<LogRecord> records = read();

        assertThat(records).hasSameSizeAs(written);
        for (int k = 0; k < records.size(); k++) {
            LogRecord record = records.get(k);
            assertThat(record.index()).isEqualTo(k);
            assertThat(record.durable()).isEqualTo(written.get(k).durable());
            assertThat(record.toDraft())
                    .usingRecursiveComparison()
                    .isEqualTo(written.get(k).draft());
        }
        assertThat(records.get(2).id()).isEqualTo("turn-1");
        assertThat(records.get(4).batchOrdinal()).isEqualTo(1);
        assertThat(records.get(4).batchSize()).isEqualTo(2);
        assertThat(records.get(7).ignorable()).isTrue();
        assertThat(records.get(8).source()).isEqualTo(Json.parse("{\"system\":\"codex\",\"line\":12}"));
    }

    @Test
    void theEventsAreThese() throws IOException {
        List<Event> events = read().stream().map(record -> record.event(BLOBS)).toList();

        assertThat(events)
                .containsExactly(
                        new SegmentOpened(
                                1,
                                GoldenSegment.SESSION.value(),
                                1,
                                new Origin.Fresh(),
                                new SegmentOpened.Writer("holdfast", "0.1.0", "example", 4711),
                                null,
                                Json.parse(
                                        "{\"kind\":\"conversation\",\"title\":\"Parser work\",\"executionMode\":\"direct\"}"),
                                null),
                        new Lifecycle.Started(),
                        Message.user("Split the parser ✂ \"now\""),
                        new Message(
                                Role.ASSISTANT,
                                List.of(new Part.ToolCall("c1", "run", Json.parse("{\"command\":\"mvn test\"}"))),
                                "m-1",
                                "r1"),
                        new UsageRecorded(new Tokens(1200, 34, 900, 0, 0), "m-1", "r1", new BigDecimal("0.0123")),
                        Message.tool("c1", Json.of("all 212 tests passed\n")),
                        OutputAppended.of("{\"type\":\"result\"}"),
                        new Unknown("later.kind", Json.parse("{ \"kept\" : \"byte for byte\", \"n\" : 1e400 }")),
                        new Annotation.Noted("from an older file", "ann"));
    }
}
