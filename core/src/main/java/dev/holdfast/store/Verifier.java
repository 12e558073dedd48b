package dev.holdfast.store;

import dev.holdfast.HoldfastException;
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
        List<Chain.Link> links = chain.links();
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
                        "segment " + segment, 0, Fault.Kind.UNREFERENCED, false, "no later segment refers to it"));
            }
        }
        faults.addAll(log.verifyBlobs());
        verifyDerived(faults);
        return new VerifyReport(
                id, links.size(), records, bytes, faults.stream().distinct().toList());
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
