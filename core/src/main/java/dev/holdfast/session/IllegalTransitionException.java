package dev.holdfast.session;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.Serial;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An event that the session's status does not admit. Nothing was written. */
public final class IllegalTransitionException extends HoldfastException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SessionStatus from;
    private final @Nullable SessionStatus to;

    /**
     * Creates the fault.
     *
     * @param event the wire name of what was refused
     * @param from the session's status
     * @param to the status it would have led to, or null if it is no transition
     */
    public IllegalTransitionException(String event, SessionStatus from, @Nullable SessionStatus to) {
        super(ErrorCode.ILLEGAL_TRANSITION, message(event, from, to));
        this.from = from;
        this.to = to;
    }

    /**
     * Returns the session's status.
     *
     * @return the status when the event was refused
     */
    public SessionStatus from() {
        return from;
    }

    /**
     * Returns where the refused transition would have led.
     *
     * @return the status, or null if the event is no transition
     */
    public @Nullable SessionStatus to() {
        return to;
    }

    private static String message(String event, SessionStatus from, @Nullable SessionStatus to) {
        String what = to == null
                ? event + " is not accepted while the session is " + from.wireName()
                : event + ": no way from " + from.wireName() + " to " + to.wireName();
        if (from.isFinal()) {
            return what + "; " + from.wireName() + " is final, only annotations (title, tags, notes) may follow;"
                    + " to go on, fork or retry the session";
        }
        String allowed = from.next().stream().map(SessionStatus::wireName).collect(Collectors.joining(", "));
        return what + "; from " + from.wireName() + " it may become " + allowed;
    }
}
