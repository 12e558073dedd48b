package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.Append;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a session remembers of a file that was imported to its end: name, length, time of the last change and a hash of
 * its first and last 64 KiB. Kept in the session's metadata, which is read without reading the history.
 *
 * @param name the file's name, without directories
 * @param bytes its length
 * @param changed when it was changed last, milliseconds since 1970
 * @param digest a fingerprint of its first and last 64 KiB
 */
record FileMark(String name, long bytes, long changed, String digest) {
    private static final String KEY = "holdfast.import";
    private static final int SAMPLE = 64 * 1024;
    private static final int REMEMBERED = 8;

    static FileMark of(Path file, long bytes) throws IOException {
        byte[] samples = new byte[(int) Math.min(2 * SAMPLE, bytes)];
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            InputStream in = Channels.newInputStream(channel);
            int first = in.readNBytes(samples, 0, Math.min(SAMPLE, samples.length));
            channel.position(Math.max(first, bytes - SAMPLE));
            in.readNBytes(samples, first, samples.length - first);
        }
        return new FileMark(
                String.valueOf(file.getFileName()),
                bytes,
                Files.getLastModifiedTime(file).toMillis(),
                Hashes.fingerprint(samples, 0, samples.length));
    }

    /** Returns how many records the file had when it was imported to its end, or -1 if it was not. */
    long recordsIn(SessionStore store, SessionId id) {
        if (!store.exists(id)) {
            return -1;
        }
        for (JsonNode mark : marks(store.read(id).state().metadata().get(KEY)).values()) {
            if (bytes == mark.path("bytes").asLong(-1)
                    && changed == mark.path("changed").asLong(-1)
                    && name.equals(mark.path("name").asString(""))
                    && digest.equals(mark.path("digest").asString(""))) {
                return mark.path("records").asLong(-1);
            }
        }
        return -1;
    }

    /** Remembers the file. What cannot be remembered is read again next time, so refusals do not matter. */
    void leaveIn(SessionStore store, SessionId id, long records) {
        try (Session session = store.drive(id)) {
            leaveIn(session, records);
        } catch (HoldfastException e) {
            passOver(e);
        }
    }

    /** Remembers the file in a session that is driven already. */
    void leaveIn(Session session, long records) {
        try {
            SessionState state = session.state();
            ArrayNode marks = marks(state.metadata().get(KEY));
            ArrayNode kept = marks.arrayNode();
            int from = Math.max(0, marks.size() - REMEMBERED + 1);
            for (int k = from; k < marks.size(); k++) {
                kept.add(marks.get(k));
            }
            ObjectNode mark = kept.addObject();
            mark.put("name", name).put("bytes", bytes).put("changed", changed);
            mark.put("digest", digest).put("records", records);
            // Bookkeeping is no news of the session: it does not make it look as if it were just updated.
            MetadataSet remembered = new MetadataSet(Map.of(KEY, Json.of(kept)), List.of());
            session.append(Append.entries(List.of(new Entry(remembered, state.updatedAt(), null))));
        } catch (HoldfastException e) {
            passOver(e);
        }
    }

    private static void passOver(HoldfastException e) {
        switch (e.code()) {
            case DRIVEN_BY_OTHER, ILLEGAL_TRANSITION, DAMAGED, BUSY, TOO_LARGE, CONFLICT, NOT_FOUND -> {}
            case INVALID_ARGUMENT, OUTCOME_UNKNOWN, UNSUPPORTED, STORAGE, CLOSED -> throw e;
        }
    }

    private static ArrayNode marks(@Nullable Json kept) {
        return kept != null && kept.toNode() instanceof ArrayNode marks
                ? marks
                : Json.mapper().createArrayNode();
    }
}
