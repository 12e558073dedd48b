package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.StateJson;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A state that was folded before, and the record it is true at. Derived: used only if that record stands where it says,
 * with the checksum it says.
 *
 * @param id the session; another one's state says nothing here
 * @param segment the record's segment
 * @param index the record's index
 * @param offset the byte where its line begins
 * @param crc its checksum
 * @param lastSegment segment of the last record that is no opening
 * @param lastIndex index of that record
 * @param stamp how the segment looked when all of it up to the record was known to be sound, or null
 * @param state the state after the record
 */
record SavedState(
        SessionId id,
        int segment,
        long index,
        long offset,
        int crc,
        int lastSegment,
        long lastIndex,
        @Nullable String stamp,
        SessionState state) {
    private static final int FORMAT = 1;
    /** The last field, {@code ,"sum":"xxxxxxxx"}} and a newline: a checksum of everything before it. */
    private static final int SEAL_BYTES = 8 + 8 + 3;

    byte[] toBytes() {
        ObjectNode out = Json.mapper().createObjectNode();
        out.put("format", FORMAT)
                .put("log", id.value())
                .put("segment", segment)
                .put("index", index)
                .put("offset", offset)
                .put("crc", String.format("%08x", crc))
                .put("lastSegment", lastSegment)
                .put("lastIndex", lastIndex);
        if (stamp != null) {
            out.put("stamp", stamp);
        }
        out.set("config", state.config().toNode());
        out.set("state", StateJson.write(state).toNode());
        String text = Json.of(out).toLine();
        byte[] unsealed = text.substring(0, text.length() - 1).getBytes(StandardCharsets.UTF_8);
        byte[] seal = String.format(",\"sum\":\"%08x\"}\n", sum(unsealed, unsealed.length))
                .getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(unsealed, unsealed.length + seal.length);
        System.arraycopy(seal, 0, bytes, unsealed.length, seal.length);
        return bytes;
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    static @Nullable SavedState of(SessionId id, byte @Nullable [] bytes) {
        if (bytes == null || bytes.length < SEAL_BYTES) {
            return null;
        }
        try {
            JsonNode in = Json.mapper().readTree(bytes);
            int sum = Integer.parseUnsignedInt(in.path("sum").asString(""), 16);
            if (in.path("format").asInt(0) != FORMAT
                    || !in.path("log").asString("").equals(id.value())
                    || sum != sum(bytes, bytes.length - SEAL_BYTES)) {
                return null;
            }
            return new SavedState(
                    id,
                    in.path("segment").asInt(0),
                    in.path("index").asLong(-1),
                    in.path("offset").asLong(-1),
                    Integer.parseUnsignedInt(in.path("crc").asString(""), 16),
                    in.path("lastSegment").asInt(0),
                    in.path("lastIndex").asLong(-1),
                    in.path("stamp").asString(null),
                    StateJson.read(in.path("state"), Json.of(in.path("config"))));
        } catch (HoldfastException | JacksonException | DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    /** How many records of a segment a saved state shows to have been forced: it is saved only behind a force. */
    static long forced(@Nullable SavedState saved, int segment) {
        return saved != null && saved.segment == segment ? saved.index + 1 : 0;
    }

    /** Whether nobody wrote to the segment since: what was sound then, before the record, is sound now. */
    boolean isUntouched(Log log) {
        return stamp != null && stamp.equals(log.stamp(segment));
    }

    /** Reads on from the saved record, or returns null if it does not stand where it should, in the head segment. */
    @Nullable
    RecordSource resume(Log log) {
        if (segment < 1 || index < 0 || offset < 0 || !log.isHead(segment)) {
            return null;
        }
        RecordSource source;
        try {
            source = log.read(segment, index, offset, index + 1);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
        LogRecord record = source.next();
        if (record == null || record.index() != index || record.crc() != crc) {
            source.close();
            return null;
        }
        return source;
    }
}
