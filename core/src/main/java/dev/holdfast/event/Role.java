package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.Locale;

/** Who speaks in a message, after the OpenTelemetry GenAI message schema. */
public enum Role {
    /** Instructions from whoever runs the agent. */
    SYSTEM,
    /** The person or program that asks. */
    USER,
    /** The model. */
    ASSISTANT,
    /** A tool that answers a call. */
    TOOL;

    /**
     * Returns the wire name.
     *
     * @return the name in lower case
     */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a wire name.
     *
     * @param name {@code system}, {@code user}, {@code assistant} or {@code tool}
     * @return the role
     * @throws HoldfastException INVALID_ARGUMENT for any other name
     */
    public static Role of(String name) {
        for (Role role : values()) {
            if (role.wireName().equals(name)) {
                return role;
            }
        }
        throw HoldfastException.invalid("unknown role \"" + name + "\"; one of system, user, assistant, tool");
    }
}
