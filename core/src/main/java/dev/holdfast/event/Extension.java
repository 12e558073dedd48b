package dev.holdfast.event;

import dev.holdfast.HoldfastException;

/**
 * Data that belongs to somebody else's namespace, kept as it is. Wire name {@code extension}.
 *
 * @param namespace whose it is, for example {@code claude-code.file-history-snapshot}: letters, digits, {@code . _ - /}
 * @param data any JSON
 */
public record Extension(String namespace, Json data) implements Event {
    /** Checks the namespace. */
    public Extension {
        if (!namespace.matches("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")) {
            throw HoldfastException.invalid("not a namespace: \"" + namespace
                    + "\"; at most 128 letters, digits and . _ - / starting with a letter or digit");
        }
    }

    @Override
    public String type() {
        return "extension";
    }
}
