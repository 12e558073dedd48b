package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.StateJson;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Writes the first record of new sessions. */
final class Beginnings {
    private static final int MAX_CONFIG_BYTES = 64 * 1024;

    private final Backend backend;
    private final Clock clock;
    private final SegmentOpened.Writer writer;

    Beginnings(Backend backend, Clock clock, SegmentOpened.Writer writer) {
        this.backend = backend;
        this.clock = clock;
        this.writer = writer;
    }

    /** Creates a session's log. Durable when it returns. */
    Log create(SessionId id, Forks.Start start) {
        EncodedEvent opening = opening(id, 1, start);
        if (start.config().toJson().text().length() > MAX_CONFIG_BYTES) {
            throw new HoldfastException(
                    ErrorCode.TOO_LARGE,
                    "configuration of over " + MAX_CONFIG_BYTES + " bytes; keep large inputs in messages or metadata");
        }
        return backend.create(
                LogId.of(id),
                (segment, previous, unseen) -> {
                    EncodedEvent numbered = segment == 1 ? opening : opening(id, segment, start);
                    return Draft.single(
                            clock.instant().truncatedTo(ChronoUnit.MICROS), numbered.type(), numbered.data());
                },
                opening.blobs());
    }

    private EncodedEvent opening(SessionId id, int segment, Forks.Start start) {
        return EventCodec.encode(new SegmentOpened(
                1,
                id.value(),
                segment,
                start.origin(),
                writer,
                null,
                start.config().toJson(),
                start.state() == null ? null : StateJson.write(start.state())));
    }
}
