package dev.holdfast.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The records of the golden file {@code golden/000001.jsonl}, which has every feature of the envelope. */
public final class GoldenSegment {
    /** The session the golden file belongs to. */
    public static final SessionId SESSION = new SessionId("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a");

    /** The number of the golden segment. */
    public static final int SEGMENT = 1;

    /** The payload that record 5 refers to, and its name. */
    public static final String PAYLOAD = "all 212 tests passed\n";

    /** The payload's name. */
    public static final String PAYLOAD_NAME = "8b3860e43f8f31d83662ba2b32e7c92792dc358bdba5f65b8aae169c7d87d260";

    /**
     * A record and how many were forced when it was written.
     *
     * @param draft the record
     * @param durable the count
     */
    record Written(Draft draft, long durable) {}

    private GoldenSegment() {}

    static List<Written> records() {
        return Stream.concat(opening().stream(), rest().stream()).toList();
    }

    private static List<Written> opening() {
        return List.of(
                at(
                        0,
                        0,
                        draft(
                                "2026-11-20T21:03:11.123456Z",
                                "segment.opened",
                                "{\"format\":1,\"log\":\"0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a\",\"segment\":1,"
                                        + "\"origin\":{\"kind\":\"fresh\"},"
                                        + "\"writer\":{\"program\":\"holdfast\",\"version\":\"0.1.0\",\"host\":\"example\",\"pid\":4711},"
                                        + "\"config\":{\"kind\":\"conversation\",\"title\":\"Parser work\",\"executionMode\":\"direct\"}}")),
                at(1, 1, draft("2026-11-20T21:03:11.200000Z", "session.started", "{}")),
                at(
                        2,
                        2,
                        new Draft(
                                Instant.parse("2026-11-20T21:03:12.000001Z"),
                                "message.added",
                                "turn-1",
                                utf8(
                                        "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Split the parser ✂ \\\"now\\\"\"}]}"),
                                null,
                                0,
                                1,
                                false)),
                at(
                        3,
                        3,
                        new Draft(
                                Instant.parse("2026-11-20T21:03:15.500000Z"),
                                "message.added",
                                "turn-1 \"answer\"",
                                utf8(
                                        "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"c1\",\"name\":\"run\","
                                                + "\"arguments\":{\"command\":\"mvn test\"}}],\"model\":\"m-1\",\"response_id\":\"r1\"}"),
                                null,
                                0,
                                2,
                                false)),
                at(
                        4,
                        3,
                        new Draft(
                                Instant.parse("2026-11-20T21:03:15.500000Z"),
                                "usage.recorded",
                                null,
                                utf8(
                                        "{\"input\":1200,\"output\":34,\"cache_read\":900,\"cache_write\":0,\"reasoning\":0,"
                                                + "\"model\":\"m-1\",\"response_id\":\"r1\",\"cost_usd\":0.0123}"),
                                null,
                                1,
                                2,
                                false)));
    }

    private static List<Written> rest() {
        return List.of(
                at(
                        5,
                        5,
                        draft(
                                "2026-11-20T21:04:02.000000Z",
                                "message.added",
                                "{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"c1\",\"response\":{\"$blob\":{\"sha256\":\""
                                        + PAYLOAD_NAME + "\",\"bytes\":21,\"as\":\"text\"}}}]}")),
                at(
                        6,
                        6,
                        draft(
                                "2026-11-20T21:04:03.000000Z",
                                "output.appended",
                                "{\"text\":\"{\\\"type\\\":\\\"result\\\"}\"}")),
                at(
                        7,
                        6,
                        new Draft(
                                Instant.parse("2026-11-20T21:04:03.000000Z"),
                                "later.kind",
                                null,
                                utf8("{ \"kept\" : \"byte for byte\", \"n\" : 1e400 }"),
                                null,
                                0,
                                1,
                                true)),
                at(
                        8,
                        8,
                        new Draft(
                                Instant.parse("2026-01-02T03:04:05.000000Z"),
                                "noted",
                                null,
                                utf8("{\"text\":\"from an older file\",\"author\":\"ann\"}"),
                                utf8("{\"system\":\"codex\",\"line\":12}"),
                                0,
                                1,
                                false)));
    }

    /**
     * Reads the golden file.
     *
     * @return its bytes
     * @throws IOException if it is not there
     */
    public static byte[] bytes() throws IOException {
        try (InputStream in = GoldenSegment.class.getResourceAsStream("/golden/000001.jsonl")) {
            return Objects.requireNonNull(in, "golden/000001.jsonl").readAllBytes();
        }
    }

    private static Written at(int index, long durable, Draft draft) {
        if (durable > index) {
            throw new IllegalArgumentException("record " + index);
        }
        return new Written(draft, durable);
    }

    private static Draft draft(String at, String type, String data) {
        return Draft.single(Instant.parse(at), type, utf8(data));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
