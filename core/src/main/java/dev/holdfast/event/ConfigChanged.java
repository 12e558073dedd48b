package dev.holdfast.event;

import dev.holdfast.HoldfastException;

/**
 * The session's configuration changed. Wire name {@code config.changed}.
 *
 * @param patch a JSON merge patch (RFC 7396) over the configuration; always an object
 */
public record ConfigChanged(Json patch) implements Event {
    /** Checks that the patch is an object. */
    public ConfigChanged {
        if (!patch.text().startsWith("{")) {
            throw HoldfastException.invalid("a configuration patch is a JSON object");
        }
    }

    @Override
    public String type() {
        return "config.changed";
    }
}
