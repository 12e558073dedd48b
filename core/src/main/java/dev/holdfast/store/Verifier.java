package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads everything a session has and says what is wrong, in memory bounded by a segment. Used once. */
final class Verifier {
    private final SessionId id;
    private final Backend backend;

    Verifier(SessionId id, Backend backend) {
        this.id = id;
        this.backend = backend;
    }

    /** What stands in the session's own files, and whether the sessions it goes on from are there and the same. */
    VerifyReport verifyWithAncestors() {
        VerifyReport own = verify();
        List<Fault> faults = new ArrayList<>(own.faults());
        try (Log log = backend.open(LogId.of(id))) {
            Lineage lineage = new Lineage(backend, id, log);
            lineage.history();
            lineage.faults().stream().filter(Fault::concernsAncestor).forEach(faults::add);
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
            // No segment says what it goes on from; that is told already.
        }
        return new VerifyReport(id, own.segments(), own.bytes(), own.safe(), own.unsure(), faults);
    }

    /** What stands in the session's own files: what a repair can do something about. */
    VerifyReport verify() {
        try (Log log = backend.open(LogId.of(id))) {
            VerifyReport first = new Look(id, log).report();
            boolean driven =
                    !first.faults().isEmpty() && backend.presence(LogId.of(id)).kind() == Presence.Kind.DRIVEN;
            return driven ? secondLook(first, log) : first;
        }
    }

    /** What a driver is about to finish looks like debris. So only what still stands at a second look is told. */
    private VerifyReport secondLook(VerifyReport first, Log log) {
        Set<Place> seen = new HashSet<>();
        first.faults().forEach(fault -> seen.add(Place.of(fault)));
        VerifyReport second = new Look(id, log).report();
        List<Fault> standing = second.faults().stream()
                .filter(fault -> seen.contains(Place.of(fault)) && !mayBeInTheMaking(fault))
                .toList();
        return new VerifyReport(id, second.segments(), second.bytes(), second.safe(), second.unsure(), standing);
    }

    /** A blob is there before the record that refers to it, and a passing file before it has its name. */
    private static boolean mayBeInTheMaking(Fault fault) {
        return fault.kind() == Fault.Kind.UNREFERENCED && !fault.file().endsWith(".jsonl");
    }

    private record Place(String file, long offset, Fault.Kind kind) {
        static Place of(Fault fault) {
            return new Place(fault.file(), fault.offset(), fault.kind());
        }
    }

    /** One pass over everything. */
    private static final class Look {
        private final SessionId id;
        private final Log log;
        private final List<Fault> faults = new ArrayList<>();
        private final Map<Integer, Long> ends = new HashMap<>();
        private VerifyReport.Extent safe = VerifyReport.Extent.NONE;
        private VerifyReport.Extent unsure = VerifyReport.Extent.NONE;
        private long bytes;
        private String repaired = "";

        Look(SessionId id, Log log) {
            this.id = id;
            this.log = log;
        }

        VerifyReport report() {
            List<Chain.Link> links = links();
            links.forEach(this::read);
            faults.addAll(log.verifyBeside(Set.copyOf(ends.keySet())));
            if (!links.isEmpty()) {
                DerivedState.verify(id, log, ends, faults);
            }
            List<Fault> told = faults.stream()
                    .distinct()
                    .map(fault -> fault.damage() && fault.file().compareTo(repaired) < 0 ? accepted(fault) : fault)
                    .toList();
            return new VerifyReport(id, links.size(), bytes, safe, unsure, told);
        }

        /** The segments of the history; none where no segment has an intact first record: then all are read. */
        private List<Chain.Link> links() {
            Chain chain = new Chain(id, log);
            try {
                List<Chain.Link> links = chain.links();
                faults.addAll(chain.faults());
                return links;
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.DAMAGED) {
                    throw e;
                }
            }
            List<Integer> segments = log.segments();
            if (segments.isEmpty()) {
                faults.add(new Fault(
                        Chain.file(1),
                        0,
                        Fault.Kind.MISSING_SEGMENT,
                        true,
                        "the session was there and has no segment"));
            }
            for (int segment : segments) {
                faults.add(new Fault(
                        Chain.file(segment), 0, Fault.Kind.MISSING_OPENING, true, "it has no intact first record"));
                read(Chain.unopened(id, log, segment, segments.getLast()));
            }
            return List.of();
        }

        private void read(Chain.Link link) {
            Extents extents = new Extents();
            try (RecordSource source = log.read(link.segment(), 0, 0, link.durable())) {
                long end = 0;
                LogRecord record = source.next();
                for (; record != null && record.index() < link.records(); record = source.next()) {
                    extents.add(record, link.durable());
                    end = record.end();
                    noteRepair(record);
                }
                faults.addAll(source.faults());
                if (record == null) {
                    Tail tail = source.tail();
                    extents.end(tail);
                    Chain.shortfall(link.segment(), link.records(), link.durable(), tail)
                            .ifPresent(faults::add);
                    ends.put(link.segment(), tail.index());
                    end = tail.offset();
                } else {
                    ends.put(link.segment(), Long.MAX_VALUE);
                }
                bytes += end;
            } catch (HoldfastException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                // Told by the chain already, or removed while this looks.
                ends.put(link.segment(), 0L);
            }
            safe = safe.plus(extents.safe());
            unsure = unsure.plus(extents.unsure());
        }

        /** Damage before the last repair was accepted by it. */
        private void noteRepair(LogRecord record) {
            if (record.index() == 0
                    && record.event(log) instanceof SegmentOpened opened
                    && opened.origin() instanceof Origin.Recovered recovered
                    && recovered.repaired()) {
                repaired = Chain.file(record.segment());
            }
        }

        private static Fault accepted(Fault fault) {
            return new Fault(
                    fault.file(), fault.offset(), fault.kind(), false, fault.detail() + "; accepted by a later repair");
        }
    }
}
