package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Remains;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a damaged session writable again. Used once.
 *
 * <p>First what is damaged is copied aside, then a segment is opened that accepts what is intact. Cut short anywhere, the
 * session is as damaged as before, perhaps with copies, and is repaired by the next try; once record 0 of that segment is
 * durable, it is repaired.
 */
final class Repair {
    private final SessionId id;
    private final LogId logId;
    private final Backend backend;
    private final OpenLogs logs;

    /**
     * The segment that was opened.
     *
     * @param at its first record
     * @param defaulted whether the session's configuration was nowhere intact
     */
    record Opened(Position at, boolean defaulted) {}

    Repair(SessionId id, Backend backend, OpenLogs logs) {
        this.id = id;
        this.logId = LogId.of(id);
        this.backend = backend;
        this.logs = logs;
    }

    RepairReport run() {
        if (!backend.exists(logId)) {
            throw HoldfastException.notFound(
                    "session " + id + " does not exist in " + backend.info().location());
        }
        VerifyReport before = new Verifier(id, backend).verify();
        if (!before.isDamaged()) {
            return new RepairReport(id, before, null, null, false);
        }
        try (Lease lease = backend.drive(logId)) {
            Objects.requireNonNull(lease);
            String aside;
            try (Log log = backend.open(logId)) {
                aside = log.setAside(remains(log, before), report(before));
            }
            SessionLog log = logs.acquire(id);
            try {
                Opened opened = log.repair();
                return new RepairReport(id, before, opened.at(), aside, opened.defaulted());
            } finally {
                logs.release(log);
            }
        }
    }

    private List<Remains> remains(Log log, VerifyReport before) {
        Map<Integer, Chain.Link> history = new HashMap<>();
        try {
            new Chain(id, log).links().forEach(link -> history.put(link.segment(), link));
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
            // No segment has an intact first record.
        }
        List<Remains> all = new ArrayList<>();
        List<Integer> segments = log.segments();
        for (int segment : segments) {
            String file = Chain.file(segment);
            if (before.faults().stream()
                    .anyMatch(fault -> fault.damage() && fault.file().equals(file))) {
                // What is no part of the history yet becomes one.
                Chain.Link link = history.get(segment);
                all.add(remains(log, link == null ? Chain.unopened(id, log, segment, segments.getLast()) : link));
            }
        }
        SavedState saved = SavedState.of(id, log.derived());
        if (saved != null && !segments.isEmpty() && saved.segment() > segments.getLast()) {
            // The head is gone. Nothing of it can be kept but its number: no other record may have its positions.
            all.add(new Remains(saved.segment(), List.of()));
        }
        return all;
    }

    /** What stands between the records that count. */
    private static Remains remains(Log log, Chain.Link link) {
        // By place: a record that stands where it does not belong is history in its order all the same.
        TreeMap<Long, Long> counted = new TreeMap<>();
        TreeMap<Long, String> kinds = new TreeMap<>();
        try (RecordSource source = log.read(link.segment(), 0, 0, link.durable())) {
            for (LogRecord record = source.next();
                    record != null && record.index() < link.records();
                    record = source.next()) {
                counted.put(record.offset(), record.end());
            }
            for (Fault fault : source.faults()) {
                // A hole is no bytes: what stands in its place is told apart.
                if (fault.kind() != Fault.Kind.HOLE || !fault.damage()) {
                    kinds.put(fault.offset(), fault.kind().word());
                }
            }
        }
        counted.put(Long.MAX_VALUE, Long.MAX_VALUE);
        List<Remains.Piece> pieces = new ArrayList<>();
        long from = 0;
        for (Map.Entry<Long, Long> record : counted.entrySet()) {
            long until = record.getKey();
            if (from < until) {
                for (long cut : kinds.subMap(from, false, until, false).keySet()) {
                    pieces.add(piece(from, cut, kinds));
                    from = cut;
                }
                pieces.add(piece(from, until, kinds));
            }
            from = record.getValue();
        }
        return new Remains(link.segment(), pieces);
    }

    private static Remains.Piece piece(long from, long end, NavigableMap<Long, String> kinds) {
        Map.Entry<Long, String> told = kinds.floorEntry(from);
        return new Remains.Piece(from, end, told == null ? Fault.Kind.BAD_RECORD.word() : told.getValue());
    }

    private static byte[] report(VerifyReport before) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("format", 1)
                .put("session", before.id().value());
        out.putObject("safe")
                .put("records", before.safe().records())
                .put("bytes", before.safe().bytes());
        out.putObject("unsure")
                .put("records", before.unsure().records())
                .put("bytes", before.unsure().bytes());
        ArrayNode faults = out.putArray("faults");
        for (Fault fault : before.faults()) {
            faults.addObject()
                    .put("file", fault.file())
                    .put("offset", fault.offset())
                    .put("kind", fault.kind().word())
                    .put("damage", fault.damage())
                    .put("detail", fault.detail());
        }
        return (Json.of(out).toLine() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
