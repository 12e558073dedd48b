package dev.holdfast.store;

import dev.holdfast.event.Json;
import org.jspecify.annotations.Nullable;

/**
 * How to go on with a session. Immutable; each method returns a changed copy.
 *
 * @param workflow the workflow's definition as it is now, or null to go on with the recorded one
 * @param changeAccepted whether another definition than the recorded one is taken over
 */
public record Resume(@Nullable Json workflow, boolean changeAccepted) {
    /**
     * Goes on with the recorded workflow.
     *
     * @return the request
     */
    public static Resume asRecorded() {
        return new Resume(null, false);
    }

    /**
     * Goes on only if the workflow is still the recorded one.
     *
     * @param definition the workflow's definition as it is now
     * @return the request
     */
    public static Resume with(Json definition) {
        return new Resume(definition, false);
    }

    /**
     * Takes a changed workflow over.
     *
     * @return a changed copy
     */
    public Resume acceptChange() {
        return new Resume(workflow, true);
    }
}
