package dev.holdfast.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds whole records in bytes that are not one record: joined ones, or some between torn bytes.
 *
 * <p>Any beginning may belong to any trailer behind it, so trying each pair would take as long as the square of the
 * bytes, and a damaged record that quotes records by the thousand would stop its readers. Instead one pass computes for
 * each beginning, and for each trailer, a number that is equal where the checksum between the two is right. The numbers
 * are the checksum's register taken back to where the pass began: a CRC's step from byte to byte can be undone, and is
 * linear, so the way back is a matrix that grows by one step with each byte.
 */
final class JoinedRecords {
    private static final int POLYNOMIAL = 0x82F63B78;
    /** One step of the register by a zero byte is {@code (v >>> 8) ^ STEP[v & 0xff]}. */
    private static final int[] STEP = new int[256];
    /** Which entry of {@link #STEP} has this top byte: each has another one, so a step can be undone. */
    private static final int[] BACK = new int[256];

    static {
        for (int k = 0; k < 256; k++) {
            int value = k;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
            }
            STEP[k] = value;
            BACK[value >>> 24] = k;
        }
    }

    private final LineFormat format;
    private final byte[] bytes;
    /** Takes a register at the current byte back to the first one; column k is for its bit k. */
    private final int[] back = new int[32];
    /** What the bytes so far add to a register that began with zero, taken back to the first byte. */
    private int content;

    private final Map<Integer, List<Integer>> beginnings = new HashMap<>();
    /** Where checksums are right: from, to. */
    private final TreeMap<Integer, Integer> spans = new TreeMap<>();

    private JoinedRecords(LineFormat format, byte[] bytes) {
        this.format = format;
        this.bytes = bytes;
        for (int bit = 0; bit < 32; bit++) {
            back[bit] = 1 << bit;
        }
    }

    /**
     * Finds records.
     *
     * @param format the segment's format
     * @param bytes where they may stand
     * @param from the first byte to look at
     * @param to just past the last byte to look at
     * @param limit records that begin here or later are left alone
     * @param offset the offset in the file of the first byte
     * @return the records, in order, none inside another; their lengths count a newline that may not be there
     */
    static List<LogRecord> find(LineFormat format, byte[] bytes, int from, int to, int limit, long offset) {
        JoinedRecords joined = new JoinedRecords(format, bytes);
        joined.pass(from, to);
        List<LogRecord> found = new ArrayList<>();
        int end = from;
        for (Map.Entry<Integer, Integer> span : joined.spans.entrySet()) {
            int start = span.getKey();
            if (start >= end && start < limit) {
                LogRecord record = format.read(bytes, start, span.getValue(), offset + (start - from));
                if (record != null) {
                    found.add(record);
                    end = span.getValue();
                }
            }
        }
        return found;
    }

    private void pass(int from, int to) {
        int seeded = ~format.seedChecksum();
        for (int at = from; at < to; at++) {
            byte here = bytes[at];
            if (here == '{' && LineFormat.startsRecord(bytes, at, to)) {
                beginnings
                        .computeIfAbsent(takenBack(seeded) ^ content, key -> new ArrayList<>(1))
                        .add(at);
            } else if (here == ',') {
                long crc = LineFormat.trailerChecksum(bytes, at, to);
                List<Integer> matching = crc < 0 ? null : beginnings.remove(takenBack(~(int) crc) ^ content);
                if (matching != null) {
                    int end = at + LineFormat.TRAILER_BYTES;
                    matching.forEach(start -> spans.put(start, end));
                }
            }
            content ^= takenBack(here & 0xff);
            for (int bit = 0; bit < 32; bit++) {
                int value = back[bit];
                int entry = BACK[value >>> 24];
                back[bit] = (value ^ STEP[entry]) << 8 | entry;
            }
        }
    }

    private int takenBack(int register) {
        int result = 0;
        for (int rest = register; rest != 0; rest &= rest - 1) {
            result ^= back[Integer.numberOfTrailingZeros(rest)];
        }
        return result;
    }
}
