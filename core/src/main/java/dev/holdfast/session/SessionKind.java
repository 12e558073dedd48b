package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import java.util.Locale;

/** What kind of history a session holds. */
public enum SessionKind {
    /** A conversation with a model. */
    CONVERSATION,
    /** A run of a workflow's steps. */
    WORKFLOW,
    /** A run over many items: setup, map, reduce. */
    MAPREDUCE;

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
     * @param name {@code conversation}, {@code workflow} or {@code mapreduce}
     * @return the kind
     * @throws HoldfastException INVALID_ARGUMENT for any other name
     */
    public static SessionKind of(String name) {
        for (SessionKind kind : values()) {
            if (kind.wireName().equals(name)) {
                return kind;
            }
        }
        throw HoldfastException.invalid("unknown kind \"" + name + "\"; one of conversation, workflow, mapreduce");
    }
}
