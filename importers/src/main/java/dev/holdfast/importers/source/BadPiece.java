package dev.holdfast.importers.source;

import dev.holdfast.event.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A piece of a line that is no record.
 *
 * @param line the line's number
 * @param offset where the piece begins in the file
 * @param length how many bytes it has
 * @param kind {@code not-json}, {@code not-an-object}, {@code nul-run} or {@code too-long}
 * @param detail what is wrong with it, in words
 * @param id a fingerprint of its bytes
 * @param content what is kept of it: {@code {"text":...}}, {@code {"base64":...}} or {@code {"nulBytes":...}}
 */
public record BadPiece(long line, long offset, long length, String kind, String detail, String id, Json content) {
    static BadPiece of(Lines lines, int from, int to, String kind, String detail) {
        byte[] bytes = java.util.Arrays.copyOfRange(lines.buffer(), from, to);
        return new BadPiece(
                lines.number(),
                lines.offset(from),
                bytes.length,
                kind,
                detail,
                Hashes.fingerprint(bytes, 0, bytes.length),
                content(bytes, kind));
    }

    static BadPiece tooLong(Lines lines) {
        long length = lines.passedOver() + lines.to() - lines.from();
        return new BadPiece(
                lines.number(),
                lines.offset(lines.from()) - lines.passedOver(),
                length,
                "too-long",
                "a line of " + length + " bytes, this heap has room for " + Lines.MAX_LINE + "; import again with more",
                "too-long:" + lines.number() + ":" + length,
                Json.of(Map.of("bytes", length)));
    }

    private static Json content(byte[] bytes, String kind) {
        if (kind.equals("nul-run")) {
            return Json.of(Map.of("nulBytes", bytes.length));
        }
        try {
            return Json.of(Map.of(
                    "text",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString()));
        } catch (CharacterCodingException e) {
            return Json.of(Map.of("base64", Base64.getEncoder().encodeToString(bytes)));
        }
    }
}
