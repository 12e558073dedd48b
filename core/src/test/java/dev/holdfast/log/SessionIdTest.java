package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.RandomEvents;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionIdTest {
    private static final String ID = "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a";

    static Stream<String> notIds() {
        return Stream.of(
                "",
                " " + ID,
                ID + " ",
                ID + "\n",
                ID + "\u0000",
                ID.substring(1),
                ID.toUpperCase(java.util.Locale.ROOT),
                ID.replace("-7d41", "-4d41"),
                ID.replace("-9c55", "-cc55"),
                ID.replace('-', '_'),
                ID.replace('6', '\u0666'),
                "0196f5a27c3b7d419c553c1f0e2d4b6a",
                "{" + ID + "}",
                "..",
                "../" + ID,
                "../../../../../../../../../etc/passwd",
                "..\\" + ID,
                "/" + ID,
                "/etc/passwd",
                "C:\\Windows",
                "\\\\server\\share",
                "0196f5a2/../7d41-9c55-3c1f0e2d4b6a12",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b/a",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b..",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6\u0000",
                "%2e%2e%2f",
                "~",
                "x".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("notIds")
    void whatIsNotACanonicalUuidOfVersionSevenIsRefused(String text) {
        assertThat(SessionId.isValid(text)).isFalse();
        assertThatThrownBy(() -> new SessionId(text))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .message()
                .hasSizeLessThan(300)
                .doesNotContain("\n", "\u0000");
    }

    @Test
    void idsSortByTheTimeTheyWereMade() {
        SessionId early = SessionId.of(1_000, -1, -1);
        SessionId late = SessionId.of(1_001, 0, 0);

        assertThat(early).isLessThan(late);
        assertThat(early.epochMillis()).isEqualTo(1_000);
        assertThat(late.epochMillis()).isEqualTo(1_001);
    }

    @Test
    void everyIdThatIsMadeIsValid() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        for (int k = 0; k < 10_000; k++) {
            long millis = random.nextLong() >>> 16;
            SessionId id = SessionId.of(millis, random.nextLong(), random.nextLong());
            UUID uuid = UUID.fromString(id.value());
            assertThat(uuid.version()).as("seed %d", seed).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(id.epochMillis()).isEqualTo(millis);
        }
    }
}
