package dev.holdfast.importers.source;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a line into its records: usually one, two where a line's end was lost, and what lies between them if it is
 * damaged. Every byte that is not white space ends up in a record or in a bad piece. Stateless.
 */
public final class RecordReader {
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** How the records of the known systems begin, to find one behind damaged bytes. */
    private static final List<byte[]> BEGINNINGS = List.of(
            ascii("{\"parentUuid\":"), ascii("{\"type\":\""), ascii("{\"timestamp\":\""), ascii("{\"isSidechain\":"));

    private static final int MAX_ATTEMPTS = 16;

    private final Predicate<ObjectNode> isRecord;

    /** Receives what a line holds, in order. */
    public interface Handler {
        /**
         * Takes a record.
         *
         * @param record the record
         * @param joined whether it stands behind another one on its line
         */
        void onRecord(SourceRecord record, boolean joined);

        /**
         * Takes a damaged piece.
         *
         * @param piece the piece
         */
        void onBad(BadPiece piece);

        /**
         * Takes note of a last line that is not finished yet.
         *
         * @param offset where the unfinished piece begins
         */
        void onIncomplete(long offset);
    }

    /**
     * Creates a reader.
     *
     * @param isRecord tells a record of the system from an object that is part of one
     */
    public RecordReader(Predicate<ObjectNode> isRecord) {
        this.isRecord = isRecord;
    }

    /**
     * Reads the current line.
     *
     * @param lines the lines, standing at one
     * @param handler receives what it holds
     */
    public void read(Lines lines, Handler handler) {
        if (lines.passedOver() > 0) {
            handler.onBad(BadPiece.tooLong(lines));
            return;
        }
        int at = skipBlank(lines, lines.from());
        boolean joined = false;
        while (at < lines.to()) {
            Parsed parsed = parse(lines, at);
            if (parsed.node instanceof ObjectNode tree) {
                handler.onRecord(record(lines, at, parsed.end, tree), joined);
                joined = true;
            } else if (!lines.isTerminated()) {
                handler.onIncomplete(lines.offset(at));
                return;
            } else {
                handler.onBad(BadPiece.of(lines, at, parsed.end, parsed.kind, parsed.detail));
            }
            at = skipBlank(lines, parsed.end);
        }
    }

    private static SourceRecord record(Lines lines, int from, int to, ObjectNode tree) {
        return new SourceRecord(lines.number(), lines.offset(from), tree, lines.buffer(), from, to - from);
    }

    private record Parsed(@Nullable JsonNode node, int end, String kind, String detail) {}

    private Parsed parse(Lines lines, int at) {
        byte[] bytes = lines.buffer();
        if (bytes[at] == 0) {
            int end = at;
            while (end < lines.to() && bytes[end] == 0) {
                end++;
            }
            return new Parsed(null, end, "nul-run", (end - at) + " NUL bytes");
        }
        try (JsonParser parser = MAPPER.createParser(bytes, at, lines.to() - at)) {
            JsonNode node = MAPPER.readTree(parser);
            int end = at + (int) parser.currentLocation().getByteOffset();
            if (node instanceof ObjectNode) {
                return new Parsed(node, end, "", "");
            }
            return new Parsed(node, lines.to(), "not-an-object", "a JSON value that is not an object");
        } catch (JacksonException e) {
            return new Parsed(null, nextRecord(lines, at + 1), "not-json", e.getOriginalMessage());
        }
    }

    /** Finds the record that begins behind damaged bytes, or the line's end. */
    private int nextRecord(Lines lines, int start) {
        int attempts = 0;
        for (int at = start; at < lines.to() && attempts < MAX_ATTEMPTS; at++) {
            if (beginsAt(lines, at)) {
                attempts++;
                if (isRecordAt(lines, at)) {
                    return at;
                }
            }
        }
        return lines.to();
    }

    private static boolean beginsAt(Lines lines, int at) {
        byte[] bytes = lines.buffer();
        if (bytes[at] != '{') {
            return false;
        }
        for (byte[] beginning : BEGINNINGS) {
            if (at + beginning.length <= lines.to()
                    && java.util.Arrays.equals(bytes, at, at + beginning.length, beginning, 0, beginning.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRecordAt(Lines lines, int at) {
        try (JsonParser parser = MAPPER.createParser(lines.buffer(), at, lines.to() - at)) {
            JsonNode node = MAPPER.readTree(parser);
            int behind = skipBlank(lines, at + (int) parser.currentLocation().getByteOffset());
            return node instanceof ObjectNode object
                    && isRecord.test(object)
                    && (behind == lines.to() || lines.buffer()[behind] == '{');
        } catch (JacksonException e) {
            return false;
        }
    }

    private static int skipBlank(Lines lines, int from) {
        byte[] bytes = lines.buffer();
        int at = from;
        while (at < lines.to() && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
        return at;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
