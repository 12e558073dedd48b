package dev.holdfast.log;

import dev.holdfast.HoldfastException;
import java.util.UUID;

/**
 * The id of a session: a UUID of version 7 in its canonical lower-case form (RFC 9562), so ids sort by creation time.
 *
 * @param value 36 characters, for example {@code 0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a}
 */
public record SessionId(String value) implements Comparable<SessionId> {
    private static final int LENGTH = 36;

    /** Checks the form, so that an id can never name anything but one directory. */
    public SessionId {
        if (!isValid(value)) {
            throw HoldfastException.invalid("not a session id: " + quoted(value)
                    + "; expected a UUIDv7 such as 0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a");
        }
    }

    /**
     * Tells whether a text is a session id.
     *
     * @param text any text
     * @return true if {@link #SessionId(String)} accepts it
     */
    public static boolean isValid(String text) {
        if (text.length() != LENGTH || text.charAt(14) != '7') {
            return false;
        }
        for (int k = 0; k < LENGTH; k++) {
            char c = text.charAt(k);
            boolean dash = k == 8 || k == 13 || k == 18 || k == 23;
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return "89ab".indexOf(text.charAt(19)) >= 0;
    }

    /**
     * Builds an id from a time and random bits.
     *
     * @param epochMillis milliseconds since 1970, 48 bits are used
     * @param randomHigh source of the 12 bits {@code rand_a}
     * @param randomLow source of the 62 bits {@code rand_b}
     * @return the id
     */
    public static SessionId of(long epochMillis, long randomHigh, long randomLow) {
        long high = (epochMillis << 16) | 0x7000L | (randomHigh & 0xfffL);
        long low = 0x8000_0000_0000_0000L | (randomLow & 0x3fff_ffff_ffff_ffffL);
        return new SessionId(new UUID(high, low).toString());
    }

    /**
     * Returns when the id was made, by the clock of whoever made it.
     *
     * @return milliseconds since 1970
     */
    public long epochMillis() {
        return UUID.fromString(value).getMostSignificantBits() >>> 16;
    }

    @Override
    public int compareTo(SessionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Shows foreign text in a message: short, and without control characters. */
    static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        StringBuilder out = new StringBuilder("\"");
        shown.chars().forEach(c -> {
            if (c < 0x20 || c == 0x7f) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
