package dev.holdfast.log;

import dev.holdfast.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line is that holds no record of its segment.
 *
 * @param kind its kind
 * @param detail the same in words
 */
record Debris(Fault.Kind kind, String detail) {
    /** So many zeros in a row are no flipped bit. */
    private static final int NUL_RUN = 4;
    /** A line that strayed comes from nearby, and each segment to try costs a checksum over the line. */
    private static final int NEIGHBOURS = 32;

    private static final Pattern OWNER = Pattern.compile(
            "\"type\":\"segment\\.opened\".{0,200}?\"log\":\"([^\"]{1,128})\",\"segment\":(\\d{1,9})[,}]");

    static Debris of(LogId log, int segment, byte[] bytes, int from, int to) {
        int zeros = zeros(bytes, from, to);
        if (zeros >= 0) {
            return new Debris(
                    Fault.Kind.NUL_RUN, (to - from) + " bytes, zeros begin behind " + (zeros - from) + " of them");
        }
        boolean begins = LineFormat.startsRecord(bytes, from, to);
        int trailer = to - LineFormat.TRAILER_BYTES;
        boolean ends = trailer >= from && LineFormat.trailerChecksum(bytes, trailer, to) >= 0;
        if (!begins && !ends) {
            boolean json = to - from >= 2 && bytes[from] == '{' && bytes[to - 1] == '}';
            return new Debris(
                    Fault.Kind.FOREIGN_LINE,
                    (to - from) + " bytes of " + (json ? "other JSON" : "text or parts of it"));
        }
        if (!begins) {
            return new Debris(Fault.Kind.BAD_RECORD, (to - from) + " bytes that end as a record does");
        }
        String record = "record " + LineFormat.peekIndex(bytes, from, to);
        if (!ends) {
            return new Debris(Fault.Kind.BAD_RECORD, record + " has no intact end, " + (to - from) + " bytes");
        }
        String home = home(log, segment, bytes, from, to);
        return home == null
                ? new Debris(
                        Fault.Kind.BAD_RECORD,
                        "checksum or form of " + record + " is wrong: damaged, or perhaps of another session, "
                                + (to - from) + " bytes")
                : new Debris(Fault.Kind.FOREIGN_RECORD, record + " of " + home + ", " + (to - from) + " bytes");
    }

    /** Returns where a line is a record, if that can be found out. */
    private static @Nullable String home(LogId log, int segment, byte[] bytes, int from, int to) {
        for (int distance = 1; distance <= NEIGHBOURS; distance++) {
            for (int other : new int[] {segment - distance, segment + distance}) {
                if (other > 0 && new LineFormat(log, other).read(bytes, from, to, 0) != null) {
                    return "segment " + other + " of this log";
                }
            }
        }
        String start = new String(bytes, from, Math.min(to - from, 512), StandardCharsets.ISO_8859_1);
        Matcher owner = OWNER.matcher(start);
        if (!owner.find()) {
            return null;
        }
        try {
            LogId other = new LogId(log.kind(), owner.group(1));
            int number = Integer.parseInt(owner.group(2));
            return new LineFormat(other, number).read(bytes, from, to, 0) == null
                    ? null
                    : "segment " + number + " of " + other;
        } catch (HoldfastException e) {
            // What it names is no name.
            return null;
        }
    }

    /** Returns where a run of zeros begins, or -1. */
    private static int zeros(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == 0) {
            return from;
        }
        int run = 0;
        for (int k = from; k < to; k++) {
            run = bytes[k] == 0 ? run + 1 : 0;
            if (run == NUL_RUN) {
                return k - NUL_RUN + 1;
            }
        }
        return -1;
    }
}
