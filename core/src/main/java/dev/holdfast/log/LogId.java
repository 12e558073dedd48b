package dev.holdfast.log;

import dev.holdfast.HoldfastException;
import java.util.Locale;
import java.util.Set;

/**
 * Names one log of a store. Sessions and agents are kept by the same mechanism and differ only in the kind.
 *
 * @param kind what the log belongs to
 * @param name its name, safe as a file name
 */
public record LogId(Kind kind, String name) {
    /** What a log belongs to. */
    public enum Kind {
        /** A session's history. */
        SESSION,
        /** An agent's pointer log. */
        AGENT
    }

    /** Names that some file systems keep for devices, whatever follows a dot. */
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    /** Checks the name against what its kind allows. */
    public LogId {
        if (kind == Kind.SESSION && !SessionId.isValid(name)) {
            throw HoldfastException.invalid("not a session id: " + SessionId.quoted(name));
        }
        if (kind == Kind.AGENT
                && (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
                        || name.contains("..")
                        || name.endsWith(".")
                        || isDevice(name))) {
            throw HoldfastException.invalid("not an agent id: " + SessionId.quoted(name)
                    + "; expected letters, digits and . _ - (128 at most, no \"..\", no dot at either end)");
        }
    }

    private static boolean isDevice(String name) {
        String stem = name.toLowerCase(Locale.ROOT).replaceFirst("\\..*", "");
        return DEVICES.contains(stem) || stem.matches("(com|lpt)[0-9]");
    }

    /**
     * Names a session's log.
     *
     * @param id the session
     * @return its log
     */
    public static LogId of(SessionId id) {
        return new LogId(Kind.SESSION, id.value());
    }

    /**
     * Returns the session this log belongs to.
     *
     * @return the session's id
     * @throws HoldfastException INVALID_ARGUMENT if it belongs to something else
     */
    public SessionId session() {
        return new SessionId(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
