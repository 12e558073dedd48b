package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.RecordSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The intact records of some segments of one log, to be taken elsewhere. What is debris stays behind. */
final class Copies implements LogCopy {
    private static final Pattern REFERENCE =
            Pattern.compile("\"\\$blob\":\\{\"sha256\":\"([0-9a-f]{64})\",\"bytes\":(\\d{1,18})");

    private final Log log;
    private final List<Piece> pieces;
    private final Map<LogId, LogCopy> ancestors;
    /** Where a segment that still grows ended when it was written first: written again, it is the same. */
    private final Map<Integer, Long> ends = new HashMap<>();

    /** Takes the pieces of one log, each the beginning of a segment. */
    Copies(Log log, List<Piece> pieces) {
        this(log, pieces, Map.of());
    }

    private Copies(Log log, List<Piece> pieces, Map<LogId, LogCopy> ancestors) {
        this.log = log;
        this.pieces = pieces;
        this.ancestors = ancestors;
    }

    /** All that a session has and reads, its ancestors' part as well. What is not there is left out. */
    static Copies whole(Backend backend, SessionId id, Log log) {
        Map<SessionId, List<Piece>> bySession = new LinkedHashMap<>();
        for (Piece piece : new Lineage(backend, id, log).history()) {
            if (piece.log().segments().contains(piece.segment())) {
                bySession
                        .computeIfAbsent(piece.session(), key -> new ArrayList<>())
                        .add(piece);
            }
        }
        List<Piece> own = bySession.remove(id);
        Map<LogId, LogCopy> ancestors = new LinkedHashMap<>();
        bySession.forEach((session, pieces) ->
                ancestors.put(LogId.of(session), new Copies(pieces.getFirst().log(), pieces)));
        return new Copies(log, own == null ? List.of() : own, ancestors);
    }

    /** The same without the ancestors. */
    Copies alone() {
        return new Copies(log, pieces);
    }

    @Override
    public Map<LogId, LogCopy> ancestors() {
        return ancestors;
    }

    /** The payloads that a line refers to. */
    static Set<BlobRef> references(byte[] line) {
        Set<BlobRef> found = new HashSet<>();
        Matcher reference = REFERENCE.matcher(new String(line, StandardCharsets.UTF_8));
        while (reference.find()) {
            found.add(new BlobRef(reference.group(1), Long.parseLong(reference.group(2))));
        }
        return found;
    }

    @Override
    public List<Integer> segments() {
        return pieces.stream().map(Piece::segment).toList();
    }

    @Override
    public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
        Piece piece = pieces.stream()
                .filter(each -> each.segment() == segment)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no segment " + segment));
        Set<BlobRef> needed = new HashSet<>();
        long to = ends.getOrDefault(segment, piece.to());
        long written = 0;
        try (RecordSource source = log.read(segment, 0, 0, piece.durable())) {
            // An append counts only whole, so the one that the end falls into goes along whole.
            for (LogRecord record = source.next();
                    record != null && (record.index() < to || record.batchOrdinal() > 0);
                    record = source.next()) {
                byte[] line = record.line();
                needed.addAll(references(line));
                out.write(line);
                out.write('\n');
                written = record.index() + 1;
            }
        }
        ends.put(segment, written);
        return needed;
    }

    @Override
    public byte @Nullable [] blob(BlobRef ref) {
        try {
            return log.load(ref);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.DAMAGED) {
                return null;
            }
            throw e;
        }
    }
}
