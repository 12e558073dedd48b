package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an archive says it holds: its first entry.
 *
 * @param store the store it comes from
 * @param session the session that travels
 * @param at when it was written
 * @param program what wrote it
 * @param lost what the store had lost when it was written, in words
 * @param entries everything else in the archive, in its order
 */
record Manifest(String store, SessionId session, Instant at, String program, List<String> lost, List<Entry> entries) {
    static final String NAME = "holdfast-export.json";
    /** Room for over 100,000 entries. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    private static final int FORMAT = 1;
    private static final Pattern SEGMENT = Pattern.compile("([0-9a-f-]{36})/([0-9]{6})\\.jsonl");
    private static final Pattern BLOB = Pattern.compile("([0-9a-f-]{36})/blobs/([0-9a-f]{64})");
    private static final long MAX_SEGMENT_BYTES = 256L * 1024 * 1024;
    private static final long MAX_BLOB_BYTES = 1024L * 1024 * 1024;

    /**
     * One file in an archive.
     *
     * @param name its name: a session, and a segment or a blob of it
     * @param sha256 the SHA-256 of its bytes
     * @param bytes how many they are
     */
    record Entry(String name, String sha256, long bytes) {
        /** Takes no name that could mean another place than it says, and no size that nothing real has. */
        Entry {
            Matcher segment = SEGMENT.matcher(name);
            Matcher blob = BLOB.matcher(name);
            boolean isSegment = segment.matches() && !segment.group(2).equals("000000");
            boolean isBlob = blob.matches() && blob.group(2).equals(sha256);
            long max = isBlob ? MAX_BLOB_BYTES : MAX_SEGMENT_BYTES;
            if ((!isSegment && !isBlob)
                    || !SessionId.isValid(name.substring(0, 36))
                    || !sha256.matches("[0-9a-f]{64}")
                    || bytes < 0
                    || bytes > max) {
                throw refused("it lists an entry that no export has: " + Clean.line(name));
            }
        }

        String session() {
            return name.substring(0, 36);
        }
    }

    /** Copies the lists; no name comes twice. */
    Manifest {
        lost = List.copyOf(lost);
        entries = List.copyOf(entries);
        Set<String> names = new HashSet<>();
        for (Entry entry : entries) {
            if (!names.add(entry.name())) {
                throw refused("it lists " + entry.name() + " twice");
            }
        }
    }

    static HoldfastException refused(String why) {
        return new HoldfastException(
                ErrorCode.DAMAGED,
                "this export is damaged or forged: " + why + "; nothing was imported, export it again");
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** The sessions that are in it, ancestors among them. */
    List<SessionId> sessions() {
        return entries.stream()
                .map(Entry::session)
                .distinct()
                .map(SessionId::new)
                .toList();
    }

    byte[] toBytes() {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("format", FORMAT)
                .put("store", store)
                .put("session", session.value())
                .put("at", at.toString())
                .put("program", program);
        lost.forEach(out.putArray("lost")::add);
        ArrayNode list = out.putArray("entries");
        for (Entry entry : entries) {
            list.addObject()
                    .put("name", entry.name())
                    .put("sha256", entry.sha256())
                    .put("bytes", entry.bytes());
        }
        return (out + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static Manifest of(byte[] content) {
        JsonNode in;
        try {
            in = Json.tree(new String(content, StandardCharsets.UTF_8));
        } catch (HoldfastException e) {
            throw refused("its " + NAME + " is not JSON");
        }
        int format = in.path("format").asInt(0);
        if (format != FORMAT) {
            throw new HoldfastException(
                    ErrorCode.UNSUPPORTED,
                    "the export has format " + format + ", this version knows " + FORMAT + "; use a newer Holdfast");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : in.path("entries").values()) {
            entries.add(new Entry(
                    entry.path("name").asString(""),
                    entry.path("sha256").asString(""),
                    entry.path("bytes").asLong(-1)));
        }
        List<String> lost = new ArrayList<>();
        in.path("lost").values().forEach(each -> lost.add(each.asString("")));
        String session = in.path("session").asString("");
        if (!SessionId.isValid(session)
                || entries.stream().noneMatch(each -> each.session().equals(session))) {
            throw refused("it does not hold the session it is of");
        }
        Instant at;
        try {
            at = Instant.parse(in.path("at").asString(""));
        } catch (java.time.DateTimeException e) {
            throw refused("it does not say when it was written");
        }
        return new Manifest(
                in.path("store").asString(""),
                new SessionId(session),
                at,
                in.path("program").asString(""),
                lost,
                entries);
    }
}
