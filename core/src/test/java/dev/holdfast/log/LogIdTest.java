package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"reviewer", "a", "_x", "-x", "A.b-c_d", "0", "a.b"})
    void namesOfAgentsAreLettersDigitsDotsDashesAndUnderscores(String name) {
        assertThat(new LogId(LogId.Kind.AGENT, name)).hasToString(name);
        assertThat(new LogId(LogId.Kind.AGENT, "x".repeat(128))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "...", ".hidden", "a..b", "a.", "../a", "a/b", "/a", "a\\b", "C:a", "a b", "a\n",
                "a\u0000", "é", "a*", "~"
            })
    void namesThatCouldLeaveTheirDirectoryAreRefused(String name) {
        refused(LogId.Kind.AGENT, name);
    }

    @Test
    void overlongNamesAreRefused() {
        refused(LogId.Kind.AGENT, "x".repeat(129));
    }

    @ParameterizedTest
    @MethodSource("dev.holdfast.log.SessionIdTest#notIds")
    void aSessionsLogHasASessionsId(String name) {
        refused(LogId.Kind.SESSION, name);
    }

    @Test
    void aSessionsLogKnowsItsSession() {
        SessionId id = new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a");

        assertThat(LogId.of(id).session()).isEqualTo(id);
        assertThatThrownBy(() -> new LogId(LogId.Kind.AGENT, "reviewer").session())
                .isInstanceOf(HoldfastException.class);
    }

    private static void refused(LogId.Kind kind, String name) {
        assertThatThrownBy(() -> new LogId(kind, name))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
