package dev.holdfast.spi;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Somebody else drives what was to be driven. Nothing was written. */
public final class DrivenByOtherException extends HoldfastException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Holder holder;

    /**
     * Creates the fault.
     *
     * @param what the session or agent
     * @param holder who drives it, or null if they left no word
     */
    public DrivenByOtherException(String what, @Nullable Holder holder) {
        super(ErrorCode.DRIVEN_BY_OTHER, message(what, holder));
        this.holder = holder;
    }

    /**
     * Returns who drives.
     *
     * @return the holder, or null if unknown
     */
    public @Nullable Holder holder() {
        return holder;
    }

    private static String message(String what, @Nullable Holder holder) {
        return holder == null
                ? what + " is driven by another process; wait for it or stop it, then try again"
                : what + " is driven by process " + holder.pid() + " on " + holder.host() + " since " + holder.since()
                        + "; wait for it or stop it, then try again";
    }
}
