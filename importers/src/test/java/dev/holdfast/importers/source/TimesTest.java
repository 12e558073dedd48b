package dev.holdfast.importers.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final String USUAL = "2026-01-02T03:04:05.678Z";

    @ParameterizedTest
    @ValueSource(
            strings = {
                USUAL,
                "2026-02-29T00:00:00.000Z",
                "2024-02-29T23:59:59.999Z",
                "2026-13-01T00:00:00.000Z",
                "2026-01-01T24:00:00.000Z",
                "2026-01-01T25:00:00.000Z",
                "2016-12-31T23:59:60.000Z",
                "0000-01-01T00:00:00.000Z",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.678901Z",
                "2026-01-02T03:04:05.678+01:00",
                "2026-01-02t03:04:05.678z",
                "2026-01-02 03:04:05.678Z",
                "0",
                "1770000000000",
                "\u0662026-01-02T03:04:05.67Z"
            })
    void readsATimeAsTheLibraryDoes(String text) {
        assertThat(Times.parse(text)).isEqualTo(library(text));
    }

    @Test
    void whatIsNoTimeIsNone() {
        assertThat(Times.parse(null)).isNull();
        assertThat(Times.parse("")).isNull();
        assertThat(Times.parse("yesterday")).isNull();
    }

    @Test
    void readsDamagedTimesAsTheLibraryDoes() {
        long seed = new Random().nextLong();
        System.out.println("TimesTest, seed " + seed);
        Random random = new Random(seed);
        for (int k = 0; k < 50_000; k++) {
            Instant at = Instant.ofEpochMilli(random.nextLong(-62_000_000_000_000L, 250_000_000_000_000L));
            assertThat(Times.parse(at.toString())).isEqualTo(at);
            StringBuilder text = new StringBuilder(random.nextBoolean() ? USUAL : at.toString());
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), "0123456789-:.TZ ".charAt(random.nextInt(16)));
            }
            assertThat(Times.parse(text.toString())).as(text.toString()).isEqualTo(library(text.toString()));
        }
    }

    private static @Nullable Instant library(String text) {
        try {
            return Character.isDigit(text.charAt(0)) ? Instant.parse(text) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
