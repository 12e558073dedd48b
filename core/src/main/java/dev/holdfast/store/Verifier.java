package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads everything a session has and says what is wrong. Used once. */
final class Verifier {
    private final SessionId id;
    private final Log log;

    Verifier(SessionId id, Log log) {
        this.id = id;
        this.log = log;
    }

    VerifyReport verify() {
        List<Fault> faults = new ArrayList<>();
        Chain chain = new Chain(id, log);
        List<Chain.Link> links;
        try {
            links = chain.links();
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
            return withoutHead();
        }
        Set<Integer> inChain = new HashSet<>();
        links.forEach(link -> inChain.add(link.segment()));
        long records = 0;
        long bytes;
        try (RecordReader reader = new RecordReader(log, chain, null)) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                records++;
            }
            faults.addAll(reader.faults());
            bytes = reader.bytes();
        }
        int head = links.getLast().segment();
        for (int segment : log.segments()) {
            if (!inChain.contains(segment) && segment < head) {
                faults.add(new Fault(
                        Chain.file(segment), 0, Fault.Kind.UNREFERENCED, false, "no later segment refers to it"));
            }
        }
        faults.addAll(log.verifyBlobs());
        verifyDerived(faults);
        String repaired = lastRepair(links);
        List<Fault> told = faults.stream()
                .distinct()
                .map(fault -> fault.damage() && fault.file().compareTo(repaired) < 0 ? accepted(fault) : fault)
                .toList();
        return new VerifyReport(id, links.size(), records, bytes, told);
    }

    /** A session none of whose segments has an intact first record: what is left in them is all there is to tell. */
    private VerifyReport withoutHead() {
        List<Fault> faults = new ArrayList<>();
        long records = 0;
        long bytes = 0;
        for (int segment : log.segments()) {
            try (RecordSource source = log.read(segment, 0, 0, Long.MAX_VALUE)) {
                while (source.next() != null) {
                    records++;
                }
                bytes += source.tail().offset();
                faults.add(new Fault(
                        Chain.file(segment), 0, Fault.Kind.MISSING_OPENING, true, "it has no intact first record"));
                faults.addAll(source.faults());
            }
        }
        return new VerifyReport(id, 0, records, bytes, faults);
    }

    /** Returns the file that the last repair opened, or an empty name: damage before it was accepted. */
    private String lastRepair(List<Chain.Link> links) {
        for (Chain.Link link : links.reversed()) {
            try (RecordSource source = log.read(link.segment(), 0, 0, 0)) {
                LogRecord first = source.next();
                if (first != null
                        && first.event(log) instanceof SegmentOpened opened
                        && opened.origin() instanceof Origin.Recovered recovered
                        && recovered.repaired()) {
                    return Chain.file(link.segment());
                }
            } catch (HoldfastException e) {
                // Reported already: the segment is missing. Another one may tell.
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return "";
    }

    private static Fault accepted(Fault fault) {
        return new Fault(
                fault.file(), fault.offset(), fault.kind(), false, fault.detail() + "; accepted by a later repair");
    }

    private void verifyDerived(List<Fault> faults) {
        byte[] derived = log.derived();
        if (derived == null) {
            return;
        }
        SavedState saved = SavedState.of(derived);
        boolean holds = false;
        if (saved != null) {
            try (RecordSource source = saved.resume(log)) {
                holds = source != null;
            } catch (HoldfastException e) {
                holds = false;
            }
        }
        if (!holds) {
            faults.add(new Fault(
                    "state.json", 0, Fault.Kind.STALE_DERIVED_FILE, false, "it does not match the log and is ignored"));
        }
    }
}
