package dev.holdfast.event;

import dev.holdfast.HoldfastException;

/**
 * An event whose type or form this version does not know, kept byte for byte.
 *
 * @param type the wire name as it was read: lower-case words joined by dots
 * @param data the payload as it was read
 */
public record Unknown(String type, Json data) implements Event {
    /** Checks the name. */
    public Unknown {
        if (!isName(type)) {
            throw HoldfastException.invalid("not an event type: \"" + type
                    + "\"; expected lower-case words joined by dots, such as tool.started");
        }
    }

    static boolean isName(String type) {
        return type.length() <= 128 && type.matches("[a-z][a-z0-9_]*(\\.[a-z0-9_-]+)*");
    }
}
