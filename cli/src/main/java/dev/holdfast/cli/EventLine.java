package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An event as a user writes it: {@code {"type":...,"data":{...},"id":...,"at":...}}, the last three optional.
 *
 * @param event the event
 * @param id makes the append idempotent, or null
 * @param at when it happened, or null for now
 */
record EventLine(Event event, @Nullable String id, @Nullable Instant at) {
    static EventLine parse(String text) {
        // Read piece by piece, so that data keeps its exact text.
        try (JsonParser parser = Json.mapper().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw HoldfastException.invalid("not a JSON object; write {\"type\":...,\"data\":{...}}");
            }
            Fields fields = new Fields();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                fields.read(name, parser, text);
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw HoldfastException.invalid("more than one JSON value; write one event a line");
            }
            return fields.event();
        } catch (JacksonException e) {
            throw HoldfastException.invalid("not JSON: " + e.getOriginalMessage());
        }
    }

    private static final class Fields {
        private @Nullable String type;
        private @Nullable String id;
        private @Nullable Instant at;
        private Json data = Json.EMPTY_OBJECT;

        void read(String name, JsonParser parser, String text) {
            switch (name) {
                case "type" -> type = string(name, parser);
                case "id" -> id = string(name, parser);
                case "at" -> at = time(string(name, parser));
                case "data" -> data = object(parser, text);
                default ->
                    throw HoldfastException.invalid(
                            "unknown field \"" + name + "\"; an event has type, data and, if need be, id and at");
            }
        }

        EventLine event() {
            if (type == null) {
                throw HoldfastException.invalid("field \"type\" is missing; write {\"type\":...,\"data\":{...}}");
            }
            return new EventLine(EventCodec.parse(type, data), id, at);
        }

        private static String string(String name, JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw HoldfastException.invalid("field \"" + name + "\" is not a string");
            }
            return parser.getString();
        }

        private static Instant time(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw HoldfastException.invalid(
                        "field \"at\" is not a time: \"" + text + "\"; write 2026-11-20T21:03:00Z");
            }
        }

        private static Json object(JsonParser parser, String text) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw HoldfastException.invalid("field \"data\" is not a JSON object");
            }
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            int end = (int) parser.currentLocation().getCharOffset();
            return Json.parse(text.substring(start, end));
        }
    }
}
