package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    private static final SessionId SESSION = new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a");

    @Test
    void aPositionIsReadBackFromItsText() {
        Position position = new Position(SESSION, 12, 3_000_000_000L);

        assertThat(position).hasToString("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/12/3000000000");
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @Test
    void positionsSortBySessionThenSegmentThenIndex() {
        SessionId later = new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6b");
        List<Position> sorted = List.of(
                new Position(SESSION, 1, 0),
                new Position(SESSION, 1, 9),
                new Position(SESSION, 1, 10),
                new Position(SESSION, 2, 0),
                new Position(SESSION, 10, 0),
                new Position(later, 1, 0));

        assertThat(sorted.reversed().stream().sorted()).isEqualTo(sorted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a//1",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/2/",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/2/3",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/0/2",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/-1/2",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/-2",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/x",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/1.5",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/ 1/2",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/99999999999/2",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/99999999999999999999",
                "../0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1",
                "../../1",
                "/etc/passwd"
            })
    void whatIsNoPositionIsRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> new Cursor("after:" + text)).isInstanceOf(HoldfastException.class);
    }

    @Test
    void aCursorStandsAtTheStartOrBehindARecord() {
        Cursor start = Cursor.startOf(SESSION);
        Cursor after = Cursor.after(new Position(SESSION, 2, 7));

        assertThat(new Cursor(start.token())).isEqualTo(start);
        assertThat(start.session()).isEqualTo(SESSION);
        assertThat(start.position()).isNull();
        assertThat(new Cursor(after.token())).isEqualTo(after);
        assertThat(after.session()).isEqualTo(SESSION);
        assertThat(after.position()).isEqualTo(new Position(SESSION, 2, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "start:",
                "after:",
                "start:../../x",
                "start:0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/0",
                "after:0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a",
                "after:after:0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/0",
                "0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/0",
                "START:0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a"
            })
    void whatIsNoCursorIsRefused(String token) {
        assertThatThrownBy(() -> new Cursor(token)).isInstanceOf(HoldfastException.class);
    }
}
