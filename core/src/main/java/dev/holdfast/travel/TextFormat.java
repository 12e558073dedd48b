package dev.holdfast.travel;

import dev.holdfast.HoldfastException;
import java.util.Locale;

/** How a session is written for people and other programs to read. None of these can be imported again. */
public enum TextFormat {
    /** One JSON object a record: position, at, type, data with its payloads, and id and source where there are any. */
    JSONL,
    /** A transcript in Markdown (CommonMark with tables). */
    MARKDOWN,
    /** A transcript as one HTML page that needs nothing else and runs nothing. */
    HTML;

    /**
     * Returns the name as users write it.
     *
     * @return lower case
     */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a format by its name.
     *
     * @param name as {@link #wireName} gives it
     * @return the format
     * @throws HoldfastException INVALID_ARGUMENT if there is none
     */
    public static TextFormat of(String name) {
        for (TextFormat format : values()) {
            if (format.wireName().equals(name)) {
                return format;
            }
        }
        throw HoldfastException.invalid(
                "there is no format \"" + Clean.line(name) + "\"; one of jsonl, markdown, html");
    }
}
