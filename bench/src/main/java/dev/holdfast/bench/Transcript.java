package dev.holdfast.bench;

import dev.holdfast.event.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file that another system's agent left, or one of the same shape.
 *
 * @param name its path below the corpus
 * @param content its bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record Transcript(String name, byte[] content) {
    private static final List<String> SYSTEMS = List.of("claude-code", "codex");
    private static final int MADE_UP_TURNS = 150;

    /** Reads the corpus; makes some up if there is none. */
    static List<Transcript> all(@Nullable Path corpus) throws IOException {
        if (corpus == null) {
            return List.of(claude(1), claude(2), claude(3), codex(4));
        }
        List<Transcript> found = new ArrayList<>();
        for (String system : SYSTEMS) {
            try (Stream<Path> files = Files.walk(corpus.resolve(system))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    found.add(new Transcript(corpus.relativize(file).toString(), Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }

    boolean isClaude() {
        return name.startsWith("claude-code");
    }

    private static Transcript claude(int seed) {
        Random random = new Random(seed);
        String session = uuid(random);
        StringBuilder lines = new StringBuilder();
        Instant at = Instant.parse("2026-01-20T09:00:00Z");
        @Nullable String parent = null;
        for (int turn = 0; turn < MADE_UP_TURNS; turn++) {
            String request = "req_01" + token(random);
            String call = "toolu_01" + token(random);
            Map<String, Object> use = object(
                    "type", "tool_use", "id", call, "name", "Read", "input", object("file_path", "src/Main.java"));
            Map<String, Object> text = object("type", "text", "text", Words.text(random, 900));
            Map<String, Object> result = object(
                    "type",
                    "tool_result",
                    "tool_use_id",
                    call,
                    "content",
                    Words.text(random, 1_000 + random.nextInt(9_000)));
            String message = "msg_01" + token(random);
            List<Map<String, Object>> records = List.of(
                    object("type", "user", "message", object("role", "user", "content", Words.text(random, 300))),
                    object("type", "assistant", "requestId", request, "message", answer(message, text)),
                    object("type", "assistant", "requestId", request, "message", answer(message, use)),
                    object("type", "user", "message", object("role", "user", "content", List.of(result))),
                    object("type", "progress", "toolUseID", call, "data", object("type", "hook_progress")));
            for (Map<String, Object> record : records) {
                String uuid = uuid(random);
                at = at.plusMillis(700 + random.nextInt(5_000));
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("parentUuid", parent);
                line.putAll(
                        object("isSidechain", false, "userType", "external", "cwd", "project", "version", "2.1.12"));
                line.putAll(
                        object("sessionId", session, "gitBranch", "main", "uuid", uuid, "timestamp", at.toString()));
                line.putAll(record);
                lines.append(Json.of(line).text()).append('\n');
                parent = uuid;
            }
        }
        return of("claude-code/made-up-" + seed + ".jsonl", lines);
    }

    private static Map<String, Object> answer(String id, Map<String, Object> part) {
        Map<String, Object> usage =
                object("input_tokens", 12, "cache_creation_input_tokens", 1_200, "cache_read_input_tokens", 31_000);
        usage.put("output_tokens", 350);
        Map<String, Object> message =
                object("id", id, "type", "message", "role", "assistant", "model", "claude-opus-4-5");
        message.put("content", List.of(part));
        message.put("usage", usage);
        return message;
    }

    private static Transcript codex(int seed) {
        Random random = new Random(seed);
        Instant at = Instant.parse("2026-02-03T10:00:00Z");
        List<Map<String, Object>> records = new ArrayList<>();
        Map<String, Object> meta = object("id", uuid(random), "timestamp", at.toString(), "cwd", "project");
        meta.putAll(object("originator", "codex_cli_rs", "cli_version", "0.106.0", "source", "cli"));
        records.add(object("type", "session_meta", "payload", meta));
        for (int turn = 1; turn <= MADE_UP_TURNS; turn++) {
            String call = "call_" + token(random);
            records.add(item(message("user", "input_text", Words.text(random, 300))));
            records.add(item(object(
                    "type", "function_call", "name", "shell", "arguments", "{\"command\":[\"ls\"]}", "call_id", call)));
            records.add(
                    item(object("type", "function_call_output", "call_id", call, "output", Words.text(random, 2_000))));
            records.add(item(message("assistant", "output_text", Words.text(random, 900))));
            Map<String, Object> total = object("input_tokens", 900 * turn, "cached_input_tokens", 600 * turn);
            total.putAll(object("output_tokens", 120 * turn, "total_tokens", 1_020 * turn));
            Map<String, Object> info = object("total_token_usage", total);
            records.add(object("type", "event_msg", "payload", object("type", "token_count", "info", info)));
        }
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> record : records) {
            at = at.plusMillis(700 + random.nextInt(5_000));
            Map<String, Object> line = object("timestamp", at.toString());
            line.putAll(record);
            lines.append(Json.of(line).text()).append('\n');
        }
        return of("codex/made-up-" + seed + ".jsonl", lines);
    }

    private static Map<String, Object> item(Map<String, Object> payload) {
        return object("type", "response_item", "payload", payload);
    }

    private static Map<String, Object> message(String role, String part, String text) {
        return object("type", "message", "role", role, "content", List.of(object("type", part, "text", text)));
    }

    private static Transcript of(String name, StringBuilder lines) {
        return new Transcript(name, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int k = 0; k < namesAndValues.length; k += 2) {
            object.put((String) namesAndValues[k], namesAndValues[k + 1]);
        }
        return object;
    }

    private static String uuid(Random random) {
        return new UUID(
                        (random.nextLong() & ~0xf000L) | 0x4000L,
                        (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L)
                .toString();
    }

    private static String token(Random random) {
        return Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
    }
}
