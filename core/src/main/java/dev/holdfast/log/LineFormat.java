package dev.holdfast.log;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The one-line form of a record, format 1. {@code docs/format.md} is normative; a test parses its example.
 *
 * <p>One instance serves one segment and is thread-safe. Fields come in the order {@code i at type id d b ign source
 * data crc}; {@code i} is first, so that a position is found by binary search, and {@code data} and {@code crc} are
 * last, so that both are found from the line's end.
 */
public final class LineFormat {
    /** The longest line, newline included: a 1 MiB data object and 64 KiB of envelope. */
    public static final int MAX_LINE_BYTES = 1024 * 1024 + 64 * 1024;

    private static final byte[] START = ascii("{\"i\":");
    private static final byte[] TRAILER = ascii(",\"crc\":\"");
    /** Trailer with checksum, closing quote and brace, without the newline. */
    static final int TRAILER_BYTES = TRAILER.length + 8 + 2;

    private static final byte[] HEX = ascii("0123456789abcdef");

    private final LogId log;
    private final int segment;
    private final byte[] seed;

    /**
     * Creates the format of one segment.
     *
     * @param log the log the segment belongs to; its name seeds the checksums
     * @param segment the segment's number; it seeds the checksums too
     */
    public LineFormat(LogId log, int segment) {
        this.log = log;
        this.segment = segment;
        this.seed = ascii(log.name() + "/" + segment + "/");
    }

    /**
     * Writes a record's line, newline included.
     *
     * @param draft the record
     * @param index its index
     * @param durable how many records of the segment, from index 0, are forced by now; at most {@code index}
     * @param out where the line goes
     * @return the record's checksum
     */
    public int write(Draft draft, long index, long durable, LineBuffer out) {
        int from = out.length();
        out.ascii("{\"i\":").number(index).ascii(",\"at\":\"");
        WrittenTime.write(draft.at(), out);
        out.ascii("\",\"type\":\"").ascii(draft.type()).ascii("\"");
        if (draft.id() != null) {
            out.ascii(",\"id\":").bytes(Json.of(draft.id()).text().getBytes(StandardCharsets.UTF_8));
        }
        if (durable != index) {
            out.ascii(",\"d\":").number(durable);
        }
        if (draft.batchSize() > 1) {
            out.ascii(",\"b\":[")
                    .number(draft.batchOrdinal())
                    .ascii(",")
                    .number(draft.batchSize())
                    .ascii("]");
        }
        if (draft.ignorable()) {
            out.ascii(",\"ign\":true");
        }
        if (draft.source() != null) {
            out.ascii(",\"source\":").bytes(draft.source());
        }
        out.ascii(",\"data\":").bytes(draft.data());
        int crc = checksum(out.array(), from, out.length());
        out.bytes(TRAILER);
        for (int shift = 28; shift >= 0; shift -= 4) {
            out.one(HEX[crc >>> shift & 0xf]);
        }
        out.ascii("\"}\n");
        return crc;
    }

    /**
     * Reads a line.
     *
     * @param bytes where the line stands
     * @param from its first byte
     * @param to just past its last byte, the newline not included
     * @param offset where the line begins in the segment's file
     * @return the record, or null if this is not an intact record of this segment
     */
    public @Nullable LogRecord read(byte[] bytes, int from, int to, long offset) {
        int length = to - from;
        if (length < START.length + TRAILER_BYTES || !matches(bytes, from, START)) {
            return null;
        }
        int trailer = to - TRAILER_BYTES;
        long crc = trailerChecksum(bytes, trailer, to);
        if (crc < 0 || (int) crc != checksum(bytes, from, trailer)) {
            return null;
        }
        byte[] line = java.util.Arrays.copyOfRange(bytes, from, to);
        Envelope envelope = new EnvelopeScanner(line, length - TRAILER_BYTES, (int) crc).scan();
        return envelope == null ? null : new LogRecord(log, segment, offset, length + 1, line, envelope);
    }

    /**
     * Reads the index of a line without checking it: for searching, not for believing.
     *
     * @param bytes where the line stands
     * @param from its first byte
     * @param to the end of what may be read
     * @return the index, or -1 if the line does not begin as a record does
     */
    public static long peekIndex(byte[] bytes, int from, int to) {
        if (to - from <= START.length || !matches(bytes, from, START)) {
            return -1;
        }
        long index = 0;
        int k = from + START.length;
        int digits = 0;
        for (; k < to && bytes[k] >= '0' && bytes[k] <= '9' && digits < 18; k++, digits++) {
            index = index * 10 + (bytes[k] - '0');
        }
        return digits == 0 || k >= to || bytes[k] != ',' ? -1 : index;
    }

    /** Tells whether a record's line may begin here. */
    static boolean startsRecord(byte[] bytes, int at, int to) {
        return peekIndex(bytes, at, to) >= 0;
    }

    /** Returns the checksum of a trailer that stands here, or -1 if none does. */
    static long trailerChecksum(byte[] bytes, int at, int to) {
        return at + TRAILER_BYTES <= to
                        && matches(bytes, at, TRAILER)
                        && bytes[at + TRAILER_BYTES - 2] == '"'
                        && bytes[at + TRAILER_BYTES - 1] == '}'
                ? hex(bytes, at + TRAILER.length)
                : -1;
    }

    /** The checksum of nothing but the seed. */
    int seedChecksum() {
        return checksum(seed, 0, 0);
    }

    private int checksum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(seed);
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    private static boolean matches(byte[] bytes, int at, byte[] expected) {
        for (int k = 0; k < expected.length; k++) {
            if (bytes[at + k] != expected[k]) {
                return false;
            }
        }
        return true;
    }

    private static long hex(byte[] bytes, int at) {
        long value = 0;
        for (int k = at; k < at + 8; k++) {
            int c = bytes[k];
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
