package dev.holdfast;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A fault reported by Holdfast: what went wrong, where, and what to do next.
 *
 * <p>The root of every exception that Holdfast throws on purpose. Expected outcomes (a conditional append that lost)
 * are results, not exceptions. Immutable and thread-safe.
 */
public class HoldfastException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What kind of fault this is. */
    private final ErrorCode code;

    /**
     * Creates a fault without a cause.
     *
     * @param code what kind of fault
     * @param message what, where and what to do next, in one line
     */
    public HoldfastException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * Creates a fault.
     *
     * @param code what kind of fault
     * @param message what, where and what to do next, in one line
     * @param cause the exception that led to it, or null
     */
    public HoldfastException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Returns what kind of fault this is.
     *
     * @return the code
     */
    public final ErrorCode code() {
        return code;
    }

    /**
     * Creates a fault about a malformed argument.
     *
     * @param message what, where and what to do next, in one line
     * @return the fault, to be thrown
     */
    public static HoldfastException invalid(String message) {
        return new HoldfastException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /**
     * Creates a fault about something that does not exist.
     *
     * @param message what, where and what to do next, in one line
     * @return the fault, to be thrown
     */
    public static HoldfastException notFound(String message) {
        return new HoldfastException(ErrorCode.NOT_FOUND, message);
    }
}
