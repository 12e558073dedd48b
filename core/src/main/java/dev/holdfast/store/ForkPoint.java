package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import dev.holdfast.spi.Tail;

/** Finds the record a fork goes on from, and makes it durable: what is referred to is durable before the reference. */
final class ForkPoint {
    private ForkPoint() {}

    static Origin.Forked origin(Backend backend, Position at) {
        try (Log log = backend.open(LogId.of(at.session()));
                RecordSource source = log.read(at.segment(), at.index(), -1, 0)) {
            LogRecord found = source.next();
            if (found == null || found.index() != at.index()) {
                throw HoldfastException.notFound("there is no record " + at);
            }
            Tail tail = Loaded.load(at.session(), log).tail();
            if (tail.segment() == at.segment() && at.index() >= tail.durable()) {
                log.force(tail);
            }
            return new Origin.Forked(at.toString(), String.format("%08x", found.crc()));
        }
    }
}
