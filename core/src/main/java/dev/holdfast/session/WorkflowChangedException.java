package dev.holdfast.session;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.Serial;

/** A session is to go on with another definition of its workflow than it has. Nothing was written. */
public final class WorkflowChangedException extends HoldfastException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String recorded;
    private final String given;

    /**
     * Creates the fault.
     *
     * @param recorded the hash of the recorded definition, or "none"
     * @param given the hash of the given one
     */
    public WorkflowChangedException(String recorded, String given) {
        super(
                ErrorCode.CONFLICT,
                "the workflow's definition changed since the session was begun (" + recorded + " is recorded, " + given
                        + " is given); go on with the recorded one, or accept the change");
        this.recorded = recorded;
        this.given = given;
    }

    /**
     * Returns the recorded definition.
     *
     * @return its hash, or "none"
     */
    public String recorded() {
        return recorded;
    }

    /**
     * Returns the given definition.
     *
     * @return its hash
     */
    public String given() {
        return given;
    }
}
