package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import org.jspecify.annotations.Nullable;

/** The ranges that fields of work events have in common. */
final class Ranges {
    private static final int MAX_NAME = 200;

    private Ranges() {}

    /** An id or a name: something visible that fits a line. */
    static void requireName(String what, @Nullable String name) {
        if (name != null
                && (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl))) {
            throw HoldfastException.invalid(
                    "not " + what + ": 1 to " + MAX_NAME + " characters, not blank, no control characters");
        }
    }

    static void requireNotNegative(String what, long number) {
        if (number < 0) {
            throw HoldfastException.invalid(what + " is " + number + "; at least 0");
        }
    }

    static void requirePositive(String what, long number) {
        if (number < 1) {
            throw HoldfastException.invalid(what + " is " + number + "; numbers begin at 1");
        }
    }
}
