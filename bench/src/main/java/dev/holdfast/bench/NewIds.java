package dev.holdfast.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Gives a copy of a transcript ids of its own: every UUID and every id with a known prefix changes, each to the same new
 * one wherever it stands. Works on bytes, so that damaged lines stay damaged in the same way.
 */
final class NewIds {
    private static final int UUID_BYTES = 36;
    private static final byte[][] PREFIXES = {
        ascii("msg_"), ascii("req_"), ascii("toolu_"), ascii("ses_"), ascii("call_"), ascii("resp_"), ascii("rs_"),
    };
    private static final int MIN_TAIL_BYTES = 4;

    private final long mask;
    private final byte[] suffix;
    private final Set<String> sessions;
    private final byte[] session;

    /** Ids for one copy. */
    NewIds(int copy) {
        this(copy, Set.of(), "");
    }

    /**
     * Ids for one copy of what becomes one session.
     *
     * @param copy the copy's number
     * @param sessions the UUIDs that name sessions
     * @param session what they all become
     */
    NewIds(int copy, Set<String> sessions, String session) {
        long mixed = (copy + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        this.mask = mixed >>> 16;
        this.suffix = ascii("x" + Integer.toString(copy, 36));
        this.sessions = sessions;
        this.session = ascii(session);
    }

    String rewrite(String text) {
        return new String(rewrite(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    byte[] rewrite(byte[] in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length + in.length / 64 + 64);
        int at = 0;
        boolean inWord = false;
        while (at < in.length) {
            int next = inWord ? at : id(in, at, out);
            if (next == at) {
                out.write(in[at]);
                next++;
            }
            inWord = isWord(in[next - 1]);
            at = next;
        }
        return out.toByteArray();
    }

    /** Writes the new form of the id that begins here and returns where it ends, or writes nothing. */
    private int id(byte[] in, int at, ByteArrayOutputStream out) {
        if (isUuid(in, at)) {
            String old = new String(in, at, UUID_BYTES, StandardCharsets.US_ASCII);
            if (sessions.contains(old)) {
                out.writeBytes(session);
            } else {
                long tail = Long.parseLong(old.substring(24), 16) ^ mask;
                out.writeBytes(ascii(old.substring(0, 24) + String.format("%012x", tail)));
            }
            return at + UUID_BYTES;
        }
        for (byte[] prefix : PREFIXES) {
            if (startsWith(in, at, prefix)) {
                int end = at + prefix.length;
                while (end < in.length && isWord(in[end])) {
                    end++;
                }
                if (end - at - prefix.length >= MIN_TAIL_BYTES) {
                    out.write(in, at, end - at);
                    out.writeBytes(suffix);
                    return end;
                }
            }
        }
        return at;
    }

    private static boolean isUuid(byte[] in, int at) {
        if (at + UUID_BYTES > in.length || in[at + 8] != '-' || in[at + 13] != '-') {
            return false;
        }
        for (int k = 0; k < UUID_BYTES; k++) {
            boolean dash = k == 8 || k == 13 || k == 18 || k == 23;
            if (dash ? in[at + k] != '-' : !isHex(in[at + k])) {
                return false;
            }
        }
        return at + UUID_BYTES == in.length || !isWord(in[at + UUID_BYTES]);
    }

    private static boolean isHex(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
    }

    private static boolean isWord(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_';
    }

    private static boolean startsWith(byte[] in, int at, byte[] prefix) {
        if (at + prefix.length > in.length) {
            return false;
        }
        for (int k = 0; k < prefix.length; k++) {
            if (in[at + k] != prefix[k]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
