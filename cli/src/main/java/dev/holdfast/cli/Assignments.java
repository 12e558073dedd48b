package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code KEY=VALUE} arguments. */
final class Assignments {
    private Assignments() {}

    record Assignment(String key, String value) {}

    static Assignment split(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw HoldfastException.invalid("not an assignment: \"" + text + "\"; write KEY=VALUE");
        }
        return new Assignment(text.substring(0, equals), text.substring(equals + 1));
    }

    static Map<String, Json> values(List<String> texts) {
        Map<String, Json> values = new LinkedHashMap<>();
        for (String text : texts) {
            Assignment assignment = split(text);
            values.put(assignment.key(), value(assignment.value()));
        }
        return values;
    }

    /** JSON if it is JSON, else a string. */
    static Json value(String text) {
        try {
            return Json.parse(text);
        } catch (HoldfastException e) {
            return Json.of(text);
        }
    }
}
