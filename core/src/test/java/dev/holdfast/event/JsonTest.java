package dev.holdfast.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "{} {}", "1 2", "nul", "'x'", "{\"a\":NaN}", "\"\n\"", "{\"a\" 1}"})
    void whatIsNotExactlyOneValueIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(HoldfastException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ \"a\" : 1.0 }", "1e400", "\"\\u0041\"", "[ ]", "null"})
    void theTextIsKept(String text) {
        assertThat(Json.parse("  " + text + "\n").text()).isEqualTo(text);
    }

    @Test
    void nestingBeyondTheLimitIsRefused() {
        assertThatThrownBy(() -> Json.parse("[".repeat(1_001) + "]".repeat(1_001)))
                .isInstanceOf(HoldfastException.class);
    }

    @Test
    void stringsAreWrittenAsTheMapperWritesThem() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String string = "a" + (char) c + "b\\\n" + (char) c;
            String written = Json.of(string).text();
            assertThat(written).isEqualTo(Json.mapper().writeValueAsString(string));
            assertThat(Json.of(Json.mapper().stringNode(string)).text()).isEqualTo(written);
        }
        assertThat(Json.of("").text()).isEqualTo("\"\"");
        assertThat(Json.of("\ud83d\ude00").text()).isEqualTo("\"\ud83d\ude00\"");
    }

    @Test
    void plainValuesBecomeJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("json", Json.parse("{\"x\":1.50}"));
        map.put("list", List.of(1, "two", true));
        map.put("none", null);

        assertThat(Json.of(map).text()).isEqualTo("{\"json\":{\"x\":1.50},\"list\":[1,\"two\",true],\"none\":null}");
        assertThat(Json.of(null)).isEqualTo(Json.NULL);
        assertThat(Json.of("x").text()).isEqualTo("\"x\"");
    }

    @Test
    void aLineHasNoBreaksAndNoLoneSurrogates() {
        String text = "{\r\n\"a\": \"\uD800 \uD83D\uDE00 \uDC00\"\n}";

        assertThat(Json.parse(text).toLine())
                .doesNotContain("\n", "\r", "\uD800")
                .contains("\\ud800", "\\udc00", "\uD83D\uDE00");
        assertThat(Json.parse(Json.parse(text).toLine()).toNode())
                .isEqualTo(Json.parse(text).toNode());
    }
}
