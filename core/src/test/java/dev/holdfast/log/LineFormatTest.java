package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.RandomEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final LogId LOG = LogId.of(new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a"));
    private static final LogId OTHER = LogId.of(new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6b"));
    private static final Instant AT = Instant.parse("2026-11-20T21:03:11.123456Z");

    private final LineFormat format = new LineFormat(LOG, 3);

    @Test
    void aRecordIsOneLineWithItsFieldsInOrder() {
        Draft draft = new Draft(AT, "noted", "id-1", utf8("{\"text\":\"x\"}"), utf8("{\"line\":7}"), 1, 3, true);

        assertThat(line(draft, 17, 9))
                .startsWith(
                        "{\"i\":17,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"id\":\"id-1\",\"d\":9,"
                                + "\"b\":[1,3],\"ign\":true,\"source\":{\"line\":7},\"data\":{\"text\":\"x\"},\"crc\":\"")
                .endsWith("\"}\n");
    }

    @Test
    void absentFieldsTakeNoRoom() {
        assertThat(line(Draft.single(AT, "session.started", utf8("{}")), 0, 0))
                .matches("\\{\"i\":0,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"session.started\","
                        + "\"data\":\\{},\"crc\":\"[0-9a-f]{8}\"}\n");
    }

    @Test
    void theChecksumCoversTheLineUpToItselfAndBeginsWithTheSeed() {
        String line = line(Draft.single(AT, "noted", utf8("{\"text\":\"é\"}")), 4, 4);
        CRC32C crc = new CRC32C();
        crc.update(utf8("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/3/"));
        crc.update(utf8(line.substring(0, line.length() - 19)));

        assertThat(line.substring(line.length() - 11, line.length() - 3))
                .isEqualTo(String.format("%08x", crc.getValue()));
    }

    @Test
    void everythingComesBackAsItWas() {
        Draft draft = new Draft(
                AT, "later.kind", "an \"id\" \\ é\n\uD83D\uDE00", utf8("{ \"x\" : 1 }"), utf8("{}"), 2, 5, true);
        LogRecord record = read(line(draft, 40, 12));

        assertThat(record.position()).hasToString("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/3/40");
        assertThat(record.at()).isEqualTo(AT);
        assertThat(record.type()).isEqualTo("later.kind");
        assertThat(record.id()).isEqualTo("an \"id\" \\ é\n\uD83D\uDE00");
        assertThat(record.durable()).isEqualTo(12);
        assertThat(record.batchOrdinal()).isEqualTo(2);
        assertThat(record.batchSize()).isEqualTo(5);
        assertThat(record.ignorable()).isTrue();
        assertThat(record.source()).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(record.data()).isEqualTo(draft.data());
        assertThat(record.offset()).isEqualTo(1000);
        assertThat(record.end()).isEqualTo(1000 + utf8(line(draft, 40, 12)).length);
    }

    @Test
    void aRecordCopiedAsADraftKeepsItsBytes() {
        Draft draft = new Draft(AT, "later.kind", "id", utf8("{ \"x\" : 1e400 }"), utf8("{\"l\": 1}"), 2, 5, true);
        String line = line(draft, 40, 12);

        assertThat(line(read(line).toDraft(), 40, 12)).isEqualTo(line);
    }

    @Test
    void everyChangeOfASingleByteIsRefused() {
        Draft draft = new Draft(AT, "noted", "id", utf8("{\"text\":\"é\"}"), utf8("{}"), 0, 2, false);
        byte[] line = utf8(line(draft, 12, 11));
        int length = line.length - 1;
        for (int k = 0; k < length; k++) {
            byte before = line[k];
            for (int value = 0; value < 256; value++) {
                line[k] = (byte) value;
                if (line[k] != before && format.read(line, 0, length, 0) != null) {
                    fail("byte " + k + " may be " + value);
                }
            }
            line[k] = before;
        }
        assertThat(format.read(line, 0, length, 0)).isNotNull();
    }

    @Test
    void everyCutAndEveryLostByteIsRefused() {
        byte[] line = utf8(line(Draft.single(AT, "noted", utf8("{\"text\":\"x\"}")), 12, 11));
        int length = line.length - 1;
        for (int k = 0; k < length; k++) {
            assertThat(format.read(line, 0, k, 0)).as("cut at %d", k).isNull();
            assertThat(format.read(line, k + 1, length, 0)).as("from %d", k + 1).isNull();
            byte[] lost = new byte[length - 1];
            System.arraycopy(line, 0, lost, 0, k);
            System.arraycopy(line, k + 1, lost, k, length - 1 - k);
            assertThat(format.read(lost, 0, lost.length, 0)).as("without %d", k).isNull();
        }
    }

    @Test
    void aLineOfAnotherSessionOrSegmentIsRefused() {
        byte[] line = utf8(line(Draft.single(AT, "noted", utf8("{}")), 0, 0));

        assertThat(new LineFormat(OTHER, 3).read(line, 0, line.length - 1, 0)).isNull();
        assertThat(new LineFormat(LOG, 4).read(line, 0, line.length - 1, 0)).isNull();
        assertThat(new LineFormat(LOG, 3).read(line, 0, line.length - 1, 0)).isNotNull();
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() {
        LogRecord record = read(
                sealed(
                        "{\"i\":5,\"x\":{\"a\":[\"}\",{\"b\":\"]\"}]},\"at\":\"2026-11-20T21:03:11.123456Z\","
                                + "\"y\":null,\"type\":\"noted\",\"z\":\"a,\\\"b\",\"n\":-1.5e3,\"f\":[],\"data\":{\"text\":\"t\"}"));

        assertThat(record.index()).isEqualTo(5);
        assertThat(record.type()).isEqualTo("noted");
        assertThat(record.data()).isEqualTo(utf8("{\"text\":\"t\"}"));
        assertThat(record.durable()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"i\":5",
                "{\"i\":5,\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"data\":{}",
                "{\"i\":5,\"type\":\"noted\",\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\"",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":7,\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"b\":[2,2],\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"b\":[0,0],\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"b\":7,\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"d\":-1,\"data\":{}",
                "{\"i\":5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"x\":{\"open\":1,\"data\":{}",
                "{\"i\":-5,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"data\":{}",
                "{\"i\":9999999999999999999,\"at\":\"2026-11-20T21:03:11.123456Z\",\"type\":\"noted\",\"data\":{}",
                "{\"at\":\"2026-11-20T21:03:11.123456Z\",\"i\":5,\"type\":\"noted\",\"data\":{}"
            })
    void aFormThatIsNoEnvelopeIsRefusedThoughItsChecksumHolds(String body) {
        byte[] line = utf8(sealed(body));

        assertThat(format.read(line, 0, line.length - 1, 0)).isNull();
    }

    @Test
    void arbitraryBytesUnderAGoodChecksumNeverDoMoreThanFail() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        String alphabet = "{}[]\",:\\ai0dtypeb19-n ";
        for (int k = 0; k < 20_000; k++) {
            StringBuilder body = new StringBuilder("{\"i\":1,");
            for (int n = random.nextInt(60); n > 0; n--) {
                body.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] line = utf8(sealed(body.toString()));
            if (format.read(line, 0, line.length - 1, 0) != null) {
                fail("seed " + seed + ": " + body);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"i\":0,\"at\"|0",
                "{\"i\":17,|17",
                "{\"i\":123456789012345678,|123456789012345678",
                "{\"i\":|-1",
                "{\"i\":17|-1",
                "{\"i\":x,|-1",
                "{\"i\":-1,|-1",
                "{\"i\":1 ,|-1",
                "{\"i\": 1,|-1",
                "{\"j\":1,|-1",
                "{\"i\":1234567890123456789,|-1",
                "x|-1"
            })
    void theIndexOfALineIsSeenWithoutReadingIt(String start, long index) {
        byte[] bytes = utf8("##" + start);

        assertThat(LineFormat.peekIndex(bytes, 2, bytes.length)).isEqualTo(index);
    }

    @Test
    void timesAreKeptToTheMicrosecondInTheYearsOneToNineThousand() {
        for (String time : new String[] {
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "2026-02-28T23:59:60Z".replace("60Z", "59.000001Z"),
            "9999-12-31T23:59:59.999999Z"
        }) {
            Instant at = Instant.parse(time);
            assertThat(read(line(Draft.single(at, "noted", utf8("{}")), 0, 0)).at())
                    .isEqualTo(at);
        }
        Instant fine = Instant.parse("2026-01-01T00:00:00.123456789Z");
        assertThat(read(line(Draft.single(fine, "noted", utf8("{}")), 0, 0)).at())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00.123456Z"));
    }

    @Test
    void anAgentsLogHasItsNameAsSeed() {
        LineFormat agent = new LineFormat(new LogId(LogId.Kind.AGENT, "reviewer"), 1);
        LineBuffer out = new LineBuffer(10);
        agent.write(Draft.single(AT, "noted", utf8("{}")), 0, 0, out);

        assertThat(agent.read(out.array(), 0, out.length() - 1, 0)).isNotNull();
        assertThat(new LineFormat(LOG, 1).read(out.array(), 0, out.length() - 1, 0))
                .isNull();
    }

    @Test
    void randomEventsComeBackFromTheirLines() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        RandomEvents events = new RandomEvents(random);
        for (int k = 0; k < 2_000; k++) {
            Event event = events.next();
            byte[] data = EventCodec.encode(event).data();
            int size = 1 + random.nextInt(4);
            Draft draft = new Draft(
                    AT.plusNanos(random.nextInt() * 1_000L),
                    event.type(),
                    random.nextBoolean() ? "id \" \\ \u0001 漢 " + k : null,
                    data,
                    random.nextBoolean() ? utf8("{\"line\":" + k + "}") : null,
                    random.nextInt(size),
                    size,
                    random.nextBoolean());
            int durable = random.nextInt(k + 1);
            String line = line(draft, k, durable);
            LogRecord record = read(line);
            assertThat(line(record.toDraft(), k, durable))
                    .as("seed %d, event %d", seed, k)
                    .isEqualTo(line);
            if (EventCodec.encode(event).blobs().isEmpty()) {
                assertThat(record.event(BlobSource.EMPTY))
                        .as("seed %d, event %d", seed, k)
                        .isEqualTo(event);
            }
        }
    }

    private String line(Draft draft, long index, long durable) {
        LineBuffer out = new LineBuffer(16);
        int crc = format.write(draft, index, durable, out);
        String line = new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
        assertThat(line).contains(String.format("\"crc\":\"%08x\"", crc));
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        return line;
    }

    /** Gives a line's beginning the checksum it needs. */
    private static String sealed(String body) {
        CRC32C crc = new CRC32C();
        crc.update(utf8(LOG.name() + "/3/" + body));
        return body + String.format(",\"crc\":\"%08x\"}\n", crc.getValue());
    }

    private LogRecord read(String line) {
        byte[] bytes = utf8("before\n" + line);
        @Nullable LogRecord record = format.read(bytes, 7, bytes.length - 1, 1000);
        assertThat(record).as(line).isNotNull();
        assertThat(Arrays.copyOfRange(bytes, 7, bytes.length)).isEqualTo(utf8(line));
        return record;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
