package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.StateJson;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.RecordSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The records by which a session differs from what is elsewhere under its id, as a session of its own: a fork from the
 * last record both have. The same records make the same session, byte for byte, so taking it in again changes nothing.
 * Events are as they were; only positions that point into what moved are changed.
 */
final class Branch implements LogCopy {
    private final SessionId id;
    private final SessionId source;
    private final Log log;
    private final LogRecord first;
    private final @Nullable LogRecord last;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Fold fold;
    private SegmentOpened.@Nullable Previous previous;

    /** A run of the source's records and where it goes: to a segment, each index less a shift. */
    private record Part(Chain.Link link, long from, int segment, long shift) {
        @Nullable
        Position mapped(Position position, SessionId id) {
            return position.segment() == link.segment() && position.index() >= from
                    ? new Position(id, segment, position.index() - shift)
                    : null;
        }
    }

    /**
     * Takes the rest of a session.
     *
     * @param log the session's log
     * @param last the last record both have, as it stands elsewhere, or null
     * @param first the first record that is different
     */
    Branch(Log log, @Nullable LogRecord last, LogRecord first) {
        this.log = log;
        this.last = last;
        this.first = first;
        this.source = first.log().session();
        this.id = id(source, first);
        if (last == null && first.index() > 0) {
            throw new HoldfastException(
                    ErrorCode.DAMAGED, "session " + source + " has lost its first record; nothing was imported");
        }
        int segment = last == null || first.index() > 0 ? 1 : 2;
        for (Chain.Link link : new Chain(source, log).links()) {
            if (link.segment() >= first.segment()) {
                boolean cut = link.segment() == first.segment() && first.index() > 0;
                parts.add(new Part(link, cut ? first.index() : 0, segment, cut ? first.index() - 1 : 0));
                segment++;
            }
        }
    }

    SessionId id() {
        return id;
    }

    private static SessionId id(SessionId source, LogRecord first) {
        MessageDigest digest = RecentIds.digest();
        digest.update(source.value().getBytes(StandardCharsets.UTF_8));
        digest.update(first.line());
        String hash = RecentIds.hex(digest);
        return SessionId.of(
                source.epochMillis(),
                Long.parseUnsignedLong(hash.substring(0, 16), 16),
                Long.parseUnsignedLong(hash.substring(16, 32), 16));
    }

    @Override
    public List<Integer> segments() {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; number <= parts.getLast().segment(); number++) {
            numbers.add(number);
        }
        return numbers;
    }

    @Override
    public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
        Lines lines = new Lines(segment, out);
        if (segment == 1 && last != null) {
            lines.add(opening(last));
        }
        for (Part part : parts) {
            if (part.segment() == segment) {
                lines.add(part);
            }
        }
        previous = new SegmentOpened.Previous(segment, lines.next, lines.bytes, lines.next);
        return lines.needed;
    }

    @Override
    public byte @Nullable [] blob(BlobRef ref) {
        return new Copies(log, List.of()).blob(ref);
    }

    /** Record 0 of a fork: everything is as it was at the last record both have, but nothing is counted. */
    private Draft opening(LogRecord at) {
        SessionState then = Lineage.stateAt(log, new Position(source, at.segment(), at.index()));
        Origin origin = new Origin.Forked(at.position().toString(), String.format("%08x", at.crc()), "");
        SessionState state = new SessionState(
                then.kind(),
                then.status(),
                then.reason(),
                then.error(),
                then.summary(),
                then.result(),
                first.at(),
                then.startedAt(),
                first.at(),
                then.completedAt(),
                then.title(),
                then.tags(),
                then.metadata(),
                then.config(),
                origin,
                then.phase(),
                then.iteration(),
                then.checkpoints(),
                then.lastCheckpoint(),
                0,
                0,
                then.preview(),
                Tokens.NONE,
                null,
                0,
                List.of(),
                then.work());
        fold = new Fold(state);
        SegmentOpened opened =
                new SegmentOpened(1, id.value(), 1, origin, writer(), null, then.config(), StateJson.write(state));
        return Draft.single(first.at(), opened.type(), EventCodec.encode(opened).data());
    }

    private SegmentOpened.Writer writer() {
        try (RecordSource opening = log.read(first.segment(), 0, 0, 1)) {
            return Loaded.opened(log, Objects.requireNonNull(opening.next(), "a segment of a history has an opening"))
                    .writer();
        }
    }

    /** Record 0 of a later segment, with what this version does not know of it. */
    private byte[] reopened(LogRecord record, int segment) {
        ObjectNode data = tree(record);
        data.put("log", id.value()).put("segment", segment);
        if (data.path("origin") instanceof ObjectNode origin) {
            move(origin, "position");
            if (origin.path("kept") instanceof ArrayNode kept) {
                for (int k = 0; k < kept.size(); k++) {
                    kept.set(k, moved(kept.get(k).asString("")));
                }
            }
        }
        SegmentOpened.Previous before = previous;
        data.remove("prev");
        if (before != null) {
            data.putObject("prev")
                    .put("segment", before.segment())
                    .put("records", before.records())
                    .put("bytes", before.bytes())
                    .put("durable", before.durable());
        }
        if (fold != null) {
            data.set("state", StateJson.write(fold.toState()).toNode());
        }
        return bytes(data);
    }

    private Draft moved(LogRecord record, int segment) {
        Draft draft = record.toDraft();
        byte[] data = switch (record.type()) {
            case "segment.opened" -> reopened(record, segment);
            case "checkpoint.taken", "checkpoint.pruned" -> {
                ObjectNode tree = tree(record);
                yield move(tree, "previous") ? bytes(tree) : draft.data();
            }
            default -> draft.data();
        };
        return new Draft(
                draft.at(),
                draft.type(),
                draft.id(),
                data,
                draft.source(),
                draft.batchOrdinal(),
                draft.batchSize(),
                draft.ignorable());
    }

    private static ObjectNode tree(LogRecord record) {
        return (ObjectNode) Json.tree(new String(record.data(), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(ObjectNode tree) {
        return Json.of(tree).toLine().getBytes(StandardCharsets.UTF_8);
    }

    private boolean move(ObjectNode in, String field) {
        String before = in.path(field).asString("");
        String after = moved(before);
        if (!after.equals(before)) {
            in.put(field, after);
        }
        return !after.equals(before);
    }

    /** Where a record stands now. */
    private String moved(String text) {
        Position position;
        try {
            position = Position.parse(text);
        } catch (HoldfastException e) {
            return text;
        }
        return parts.stream()
                .filter(part -> position.session().equals(source))
                .map(part -> part.mapped(position, id))
                .filter(Objects::nonNull)
                .map(Position::toString)
                .findFirst()
                .orElse(text);
    }

    /** The lines of one segment. */
    private final class Lines {
        private final int segment;
        private final OutputStream out;
        private final LineFormat format;
        private final LineBuffer buffer = new LineBuffer(4096);
        private final Set<BlobRef> needed = new HashSet<>();
        private long next;
        private long bytes;

        Lines(int segment, OutputStream out) {
            this.segment = segment;
            this.out = out;
            this.format = new LineFormat(LogId.of(id), segment);
        }

        void add(Part part) throws IOException {
            Chain.Link link = part.link();
            try (RecordSource records = log.read(link.segment(), 0, 0, link.durable())) {
                for (LogRecord record = records.next();
                        record != null && record.index() < link.records();
                        record = records.next()) {
                    if (record.index() >= part.from()) {
                        next = record.index() - part.shift();
                        add(moved(record, segment));
                    }
                }
            }
        }

        void add(Draft draft) throws IOException {
            buffer.clear();
            format.write(draft, next, next, buffer);
            LogRecord written = Objects.requireNonNull(
                    format.read(buffer.array(), 0, buffer.length() - 1, bytes), "a line that was just written");
            if (fold == null) {
                fold = Fold.of(Loaded.opened(log, written), written.at());
            }
            fold.apply(written, log);
            needed.addAll(Copies.references(written.line()));
            out.write(buffer.array(), 0, buffer.length());
            next++;
            bytes += buffer.length();
        }
    }
}
