package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "30m, 2026-11-20T20:30:00Z",
        "2h, 2026-11-20T19:00:00Z",
        "3d, 2026-11-17T21:00:00Z",
        "1w, 2026-11-13T21:00:00Z",
        "90s, 2026-11-20T20:58:30Z",
        "2026-11-01T10:00:00Z, 2026-11-01T10:00:00Z",
        "2026-11-01T10:00:00+02:00, 2026-11-01T08:00:00Z"
    })
    void timesAreReadAsPeopleWriteThem(String text, Instant expected) {
        assertThat(Times.past(text, NOW)).isEqualTo(expected);
    }

    @Test
    void aDateIsMidnightHere() {
        assertThat(Duration.between(Times.past("2026-11-01", NOW), Times.past("2026-11-02T00:00", NOW)))
                .isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "2", "2y", "-2h", "2026-13-01", "now", "99999999999h"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Times.past(text, NOW))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("not a time");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "59, 59s",
        "60, 1m",
        "3599, 59m",
        "3600, 1h",
        "172799, 47h",
        "172800, 2d",
        "86400000, 2y",
        "-5, 0s"
    })
    void agesAreShort(long seconds, String expected) {
        assertThat(Times.age(NOW.minusSeconds(seconds), NOW)).isEqualTo(expected);
    }
}
