package dev.holdfast.log;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a line whose checksum holds, without decoding its data. Unknown fields are passed over. Used for
 * one line.
 */
final class EnvelopeScanner {
    // The names that count, as numbers.
    private static final long INDEX = word("i");
    private static final long AT = word("at");
    private static final long TYPE = word("type");
    private static final long ID = word("id");
    private static final long DURABLE = word("d");
    private static final long BATCH = word("b");
    private static final long IGNORABLE = word("ign");
    private static final long SOURCE = word("source");
    private static final long DATA = word("data");

    private final byte[] line;
    private final int end;
    private final int crc;
    private int at;

    private long index = -1;
    private long durable = -1;
    private int batchOrdinal;
    private int batchSize = 1;
    private boolean ignorable;
    private @Nullable String type;
    private @Nullable String id;
    private int atFrom;
    private int atTo;
    private int sourceFrom = -1;
    private int sourceTo;
    private int dataFrom = -1;

    EnvelopeScanner(byte[] line, int end, int crc) {
        this.line = line;
        this.end = end;
        this.crc = crc;
    }

    @Nullable
    Envelope scan() {
        at = 1;
        while (dataFrom < 0) {
            if (!field()) {
                return null;
            }
        }
        if (index < 0 || type == null || atTo == 0 || batchSize < 1 || batchOrdinal < 0 || batchOrdinal >= batchSize) {
            return null;
        }
        if (durable < 0 || durable > index) {
            durable = index;
        }
        return new Envelope(
                index,
                type,
                id,
                durable,
                batchOrdinal,
                batchSize,
                ignorable,
                atFrom,
                atTo,
                sourceFrom,
                sourceTo,
                dataFrom,
                end,
                crc);
    }

    private boolean field() {
        if (at + 4 >= end || line[at] != '"') {
            return false;
        }
        int nameFrom = at + 1;
        int nameEnd = stringEnd(at);
        if (nameEnd < 0 || nameEnd >= end || line[nameEnd] != ':') {
            return false;
        }
        long name = word(line, nameFrom, nameEnd - 1);
        int from = nameEnd + 1;
        if (name == DATA) {
            dataFrom = from;
            return true;
        }
        int to = valueEnd(from);
        if (to < 0 || to >= end || line[to] != ',') {
            return false;
        }
        boolean fits = take(name, from, to);
        at = to + 1;
        return fits;
    }

    private boolean take(long name, int from, int to) {
        if (name == INDEX) {
            index = number(from, to);
            return index >= 0;
        }
        if (name == DURABLE) {
            durable = number(from, to);
            return durable >= 0;
        }
        if (name == BATCH) {
            return batch(from, to);
        }
        if (name == AT) {
            atFrom = from + 1;
            atTo = to - 1;
        } else if (name == TYPE) {
            type = string(from, to, true);
        } else if (name == ID) {
            id = string(from, to, false);
        } else if (name == IGNORABLE) {
            ignorable = line[from] == 't';
        } else if (name == SOURCE) {
            sourceFrom = from;
            sourceTo = to;
        }
        // else a field of a later version: it stays in the line
        return true;
    }

    private static long word(String name) {
        byte[] bytes = LineFormat.ascii(name);
        return word(bytes, 0, bytes.length);
    }

    /** A name of up to seven bytes as a number that no other name has; 0 for longer ones, which nobody knows. */
    private static long word(byte[] bytes, int from, int to) {
        if (to - from > 7) {
            return 0;
        }
        long word = (long) to - from;
        for (int k = from; k < to; k++) {
            word = word << 8 | (bytes[k] & 0xff);
        }
        return word;
    }

    private boolean batch(int from, int to) {
        int comma = from;
        while (comma < to && line[comma] != ',') {
            comma++;
        }
        if (line[from] != '[' || comma >= to || line[to - 1] != ']') {
            return false;
        }
        long ordinal = number(from + 1, comma);
        long size = number(comma + 1, to - 1);
        if (ordinal < 0 || size < 1 || size > Integer.MAX_VALUE) {
            return false;
        }
        batchOrdinal = (int) ordinal;
        batchSize = (int) size;
        return true;
    }

    private long number(int from, int to) {
        if (from >= to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int k = from; k < to; k++) {
            if (line[k] < '0' || line[k] > '9') {
                return -1;
            }
            value = value * 10 + (line[k] - '0');
        }
        return value;
    }

    private @Nullable String string(int from, int to, boolean shared) {
        if (line[from] != '"') {
            return null;
        }
        for (int k = from + 1; k < to - 1; k++) {
            if (line[k] == '\\') {
                return Json.tree(new String(line, from, to - from, StandardCharsets.UTF_8))
                        .stringValue();
            }
        }
        return shared
                ? TypeNames.of(line, from + 1, to - 1)
                : new String(line, from + 1, to - from - 2, StandardCharsets.UTF_8);
    }

    /** Returns the offset just past a string's closing quote, or -1. */
    private int stringEnd(int from) {
        for (int k = from + 1; k < end; k++) {
            if (line[k] == '\\') {
                k++;
            } else if (line[k] == '"') {
                return k + 1;
            }
        }
        return -1;
    }

    /** Returns the offset just past a value, or -1. */
    private int valueEnd(int from) {
        int depth = 0;
        for (int k = from; k < end; k++) {
            byte c = line[k];
            if (c == '"') {
                k = stringEnd(k) - 1;
                if (k < 0) {
                    return -1;
                }
                if (depth == 0) {
                    return k + 1;
                }
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return k + 1;
                }
            } else if (c == ',' && depth == 0) {
                return k;
            }
        }
        return -1;
    }
}
