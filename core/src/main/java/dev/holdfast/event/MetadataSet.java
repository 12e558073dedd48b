package dev.holdfast.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries of the session's metadata were set or removed. Wire name {@code metadata.set}. Removals apply first.
 *
 * @param set entries to set, in order
 * @param unset keys to remove
 */
public record MetadataSet(Map<String, Json> set, List<String> unset) implements Event {
    /** Copies both. */
    public MetadataSet {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        unset = List.copyOf(unset);
    }

    @Override
    public String type() {
        return "metadata.set";
    }
}
