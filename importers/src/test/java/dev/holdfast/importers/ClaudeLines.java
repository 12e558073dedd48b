package dev.holdfast.importers;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** Writes transcripts as Claude Code does. */
final class ClaudeLines {
    private final StringBuilder text = new StringBuilder();
    private final String session;
    private int records;

    ClaudeLines(String session) {
        this.session = session;
    }

    /** A conversation of so many records with messages of so many characters; each response has three records. */
    static byte[] conversation(String session, int records, int characters) {
        ClaudeLines lines = new ClaudeLines(session);
        String filler = "x".repeat(characters);
        for (int k = 0; k < records; k++) {
            if (k % 4 == 0) {
                lines.user("Question " + k + " " + filler);
            } else {
                lines.assistant("msg_" + k / 4, "Answer " + k + " " + filler, k % 4);
            }
        }
        return lines.bytes();
    }

    ClaudeLines user(String content) {
        ObjectNode record = record("user");
        record.putObject("message").put("role", "user").put("content", content);
        return line(record);
    }

    ClaudeLines assistant(String response, String content, int output) {
        ObjectNode record = record("assistant").put("requestId", "req_" + response);
        ObjectNode message = record.putObject("message");
        message.put("id", response).put("model", "claude-test-1").put("role", "assistant");
        message.putArray("content").addObject().put("type", "text").put("text", content);
        message.putObject("usage").put("input_tokens", 10).put("output_tokens", output);
        return line(record);
    }

    ClaudeLines raw(String line) {
        text.append(line).append('\n');
        return this;
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode record(String type) {
        records++;
        return Json.mapper()
                .createObjectNode()
                .put("isSidechain", false)
                .put("userType", "external")
                .put("cwd", "/home/ann/lines")
                .put("sessionId", session)
                .put("type", type)
                .put("uuid", String.format("%08x-0000-4000-8000-%s", records, session.substring(24)))
                .put(
                        "timestamp",
                        Instant.ofEpochMilli(1_770_000_000_000L + records * 1_000L)
                                .toString());
    }

    private ClaudeLines line(ObjectNode record) {
        return raw(record.toString());
    }
}
