package dev.holdfast.importers.source;

import dev.holdfast.log.SessionId;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks at a file's first records, decides whether a system wrote them, and finds out which session they belong to. */
public interface Probe {
    /**
     * Looks at a record.
     *
     * @param record the record
     * @return true if no further record needs to be looked at
     */
    boolean look(ObjectNode record);

    /**
     * Tells whether the records are this system's.
     *
     * @return true if one was
     */
    boolean isRecognised();

    /**
     * Makes the translator for the file.
     *
     * @param file the file
     * @param exists tells whether a session is in the store
     * @return the translator
     */
    Translator translator(Path file, Predicate<SessionId> exists);

    /**
     * Tells a record of the system from an object that is part of one.
     *
     * @param object an object
     * @return true for a record
     */
    boolean isRecord(ObjectNode object);

    /**
     * Returns a text field that is a word: an id, a name.
     *
     * @param object the object
     * @param name the field's name
     * @return the text, or null if there is none of at most 200 characters
     */
    static @Nullable String word(JsonNode object, String name) {
        String text = text(object, name);
        return text == null || text.length() > 200 ? null : text;
    }

    /**
     * Returns a text field.
     *
     * @param object the object
     * @param name the field's name
     * @return the text, or null if there is none
     */
    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
