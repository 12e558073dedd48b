package dev.holdfast.spi;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An append was attempted and it is not known whether it is durable. The handle accepts nothing more: open the session
 * again, look at its last records, and repeat what is missing (an idempotency id makes that safe).
 */
public final class OutcomeUnknownException extends HoldfastException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the fault.
     *
     * @param message what happened and where
     * @param cause the I/O error, or null
     */
    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(
                ErrorCode.OUTCOME_UNKNOWN,
                message
                        + "; it is not known whether the append is durable: open the session again and look before repeating it",
                cause);
    }
}
