package dev.holdfast.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stands round an event in its line. Offsets count from the line's first byte.
 *
 * @param index the field {@code i}
 * @param type the field {@code type}
 * @param id the field {@code id}, or null
 * @param durable the field {@code d}, or {@code i} where it is absent
 * @param batchOrdinal first number of the field {@code b}, or 0
 * @param batchSize second number of the field {@code b}, or 1
 * @param ignorable the field {@code ign}
 * @param atFrom where the text of the field {@code at} begins
 * @param atTo where it ends
 * @param sourceFrom where the value of the field {@code source} begins, or -1
 * @param sourceTo where it ends
 * @param dataFrom where the value of the field {@code data} begins
 * @param dataTo where it ends
 * @param crc the field {@code crc}
 */
record Envelope(
        long index,
        String type,
        @Nullable String id,
        long durable,
        int batchOrdinal,
        int batchSize,
        boolean ignorable,
        int atFrom,
        int atTo,
        int sourceFrom,
        int sourceTo,
        int dataFrom,
        int dataTo,
        int crc) {
    Instant at(byte[] line) {
        Instant usual = WrittenTime.parse(line, atFrom, atTo);
        if (usual != null) {
            return usual;
        }
        String text = new String(line, atFrom, atTo - atFrom, StandardCharsets.US_ASCII);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
