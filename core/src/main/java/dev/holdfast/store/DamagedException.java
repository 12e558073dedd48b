package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.SessionId;
import java.io.Serial;
import java.util.List;

/** A session has damage below what was known durable: it can be read, and is written again only after a repair. */
public final class DamagedException extends HoldfastException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /**
     * Creates the fault.
     *
     * @param id the session
     * @param faults what is wrong
     */
    public DamagedException(SessionId id, List<Fault> faults) {
        super(ErrorCode.DAMAGED, message(id, faults));
        this.faults = List.copyOf(faults);
    }

    /**
     * Returns what is wrong.
     *
     * @return the faults
     */
    public List<Fault> faults() {
        return faults;
    }

    private static String message(SessionId id, List<Fault> faults) {
        Fault first = faults.stream().filter(Fault::damage).findFirst().orElse(faults.getFirst());
        return id + " is damaged: " + first.file() + " at byte " + first.offset() + ", "
                + first.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " (" + first.detail()
                + "); it stays readable, see verify, then repair";
    }
}
