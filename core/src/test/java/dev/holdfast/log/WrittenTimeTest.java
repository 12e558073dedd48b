package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WrittenTimeTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);
    private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static @Nullable Instant parse(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return WrittenTime.parse(bytes, 1, bytes.length - 1);
    }

    @Test
    void everyTimeThatIsWrittenIsRead() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        for (int k = 0; k < 20_000; k++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(FIRST, LAST + 1), random.nextInt(1_000_000_000))
                    .truncatedTo(ChronoUnit.MICROS);
            LineBuffer out = new LineBuffer(64);
            WrittenTime.write(at, out);
            String text = new String(Arrays.copyOf(out.array(), out.length()), StandardCharsets.US_ASCII);

            assertThat(parse(text)).as(text).isEqualTo(at).isEqualTo(Instant.parse(text));
        }
    }

    @Test
    void whatIsReadIsWhatTheLibraryReads() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        List<String> digits = List.of("0", "1", "2", "3", "5", "6", "9", "-", ":", "T", "Z", " ");
        for (int k = 0; k < 50_000; k++) {
            StringBuilder text = new StringBuilder("2024-02-28T23:59:59.999999Z");
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                text.replace(at, at + 1, digits.get(random.nextInt(digits.size())));
            }
            Instant read = parse(text.toString());
            if (read != null) {
                assertThat(read).as(text.toString()).isEqualTo(Instant.parse(text));
            }
        }
        for (String odd : List.of("2023-02-29T00:00:00.000000Z", "2024-01-01T24:00:00.000000Z", "", "2024")) {
            assertThat(parse(odd)).as(odd).isNull();
        }
        assertThat(parse("2024-02-29T00:00:00.000000Z")).isEqualTo(Instant.parse("2024-02-29T00:00:00Z"));
    }

    @Test
    void aTimeInAnotherFormOfTheStandardIsStillRead() {
        byte[] line = "2024-02-29T12:00:00+02:00".getBytes(StandardCharsets.US_ASCII);
        Envelope envelope = new Envelope(0, "noted", null, 0, 0, 1, false, 0, line.length, -1, 0, 0, 0, 0);

        assertThat(envelope.at(line)).isEqualTo(Instant.parse("2024-02-29T10:00:00Z"));
        assertThat(new Envelope(0, "noted", null, 0, 0, 1, false, 0, 3, -1, 0, 0, 0, 0).at(line))
                .isEqualTo(Instant.EPOCH);
    }
}
