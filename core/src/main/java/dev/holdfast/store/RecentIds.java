package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The idempotency ids among a session's last 1,024 records, and what was appended under them. Not thread-safe. */
final class RecentIds {
    static final int REMEMBERED_RECORDS = 1_024;

    private final LinkedHashMap<String, Seen> seen = new LinkedHashMap<>();
    private long records;
    private @Nullable MessageDigest open;
    private @Nullable String openId;
    private @Nullable Position openFirst;

    record Seen(Position first, String hash, long record) {}

    /** Reads the last records of a log up to its end. */
    static RecentIds load(SessionId id, Log log, Tail end) {
        RecentIds loaded = new RecentIds();
        List<Chain.Link> links = new Chain(id, log).links();
        // A few more for the openings between them, which are no events.
        long needed = (long) REMEMBERED_RECORDS + links.size();
        int first = links.size() - 1;
        long available = end.index();
        while (first > 0 && available < needed) {
            needed -= available;
            first--;
            available = links.get(first).records();
        }
        for (int k = first; k < links.size(); k++) {
            Chain.Link link = links.get(k);
            long from = k == first ? Math.max(0, available - needed) : 0;
            try (RecordSource source = log.read(link.segment(), from, from == 0 ? 0 : -1, link.durable())) {
                for (LogRecord record = source.next();
                        record != null && record.index() < link.records();
                        record = source.next()) {
                    if (!record.type().equals("segment.opened")) {
                        loaded.read(record);
                    }
                }
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                // A segment whose loss a repair accepted.
            }
        }
        return loaded;
    }

    @Nullable
    Seen find(String id) {
        return seen.get(id);
    }

    void add(String id, Position first, String hash, int events) {
        seen.put(id, new Seen(first, hash, records));
        count(events);
    }

    void count(int events) {
        records += events;
        for (Iterator<Map.Entry<String, Seen>> oldest = seen.entrySet().iterator(); oldest.hasNext(); ) {
            if (oldest.next().getValue().record() > records - REMEMBERED_RECORDS - 1) {
                break;
            }
            oldest.remove();
        }
    }

    /** Takes in a record that was read; an append's events come one after the other, its id with the first. */
    void read(LogRecord record) {
        String id = record.id();
        if (id != null && record.batchOrdinal() == 0) {
            open = digest();
            openId = id;
            openFirst = record.position();
        }
        MessageDigest digest = open;
        if (digest != null && openId != null && openFirst != null) {
            update(digest, record.type(), record.data());
            if (record.batchOrdinal() == record.batchSize() - 1) {
                seen.put(openId, new Seen(openFirst, hex(digest), records));
                open = null;
            }
        }
        count(1);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static void update(MessageDigest digest, String type, byte[] data) {
        digest.update(type.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(data);
        digest.update((byte) 0);
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
