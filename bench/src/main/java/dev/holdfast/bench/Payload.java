package dev.holdfast.bench;

import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Message;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/** Events whose whole line in the log has 512 bytes, and the same lines for those who write bytes only. */
final class Payload {
    static final int LINE_BYTES = 512;

    private static final int VARIANTS = 256;
    private static final Instant AT = Instant.parse("2026-11-20T21:03:11.123456Z");
    private static final int INDEX = 1_000;
    private static final LineFormat FORMAT = new LineFormat(LogId.of(SessionId.of(AT.toEpochMilli(), 1, 2)), 1);

    private final Message[] events = new Message[VARIANTS];
    private final byte[][] lines = new byte[VARIANTS][];

    Payload() {
        int room = LINE_BYTES - line(Message.assistant("")).length;
        Random random = new Random(7);
        for (int k = 0; k < VARIANTS; k++) {
            events[k] = Message.assistant(Words.text(random, room));
            lines[k] = line(events[k]);
        }
    }

    Message event(long number) {
        return events[(int) (number % VARIANTS)];
    }

    /** The line as a log would hold it, newline included. */
    byte[] line(long number) {
        return lines[(int) (number % VARIANTS)];
    }

    private static byte[] line(Message event) {
        LineBuffer out = new LineBuffer(1024);
        Draft draft = Draft.single(AT, event.type(), EventCodec.encode(event).data());
        FORMAT.write(draft, INDEX, INDEX, out);
        return Arrays.copyOf(out.array(), out.length());
    }
}
