package dev.holdfast.importers.source;

import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import java.util.regex.Pattern;

/** Names what is kept as it is. Stateless. */
public final class Extensions {
    private static final int MAX_NAMESPACE = 128;
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._/-]");

    private Extensions() {}

    /**
     * Makes an extension of a system's record.
     *
     * @param system the system
     * @param kind the record's kind, any text
     * @param data what to keep
     * @return the event
     */
    public static Extension of(String system, String kind, Json data) {
        String namespace = system + "." + UNFIT.matcher(kind).replaceAll("_");
        return new Extension(namespace.substring(0, Math.min(namespace.length(), MAX_NAMESPACE)), data);
    }
}
