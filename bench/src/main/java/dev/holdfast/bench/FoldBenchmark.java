package dev.holdfast.bench;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Draft;
import dev.holdfast.log.LineBuffer;
import dev.holdfast.log.LineFormat;
import dev.holdfast.log.LogId;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one record costs when a history is folded into a state: mostly messages, some usage, few annotations. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class FoldBenchmark {
    private static final int RECORDS = 1_000;

    private final SessionState start = start();
    private final List<LogRecord> records = new ArrayList<>();

    /** Makes the records. */
    public FoldBenchmark() {
        LineFormat format = new LineFormat(LogId.of(SessionId.of(1_700_000_000_000L, 1, 2)), 1);
        LineBuffer line = new LineBuffer(1024);
        Random random = new Random(5);
        for (int k = 0; k < RECORDS; k++) {
            Event event = k % 50 == 0
                    ? new Annotation.TitleSet("title " + k)
                    : k % 5 == 0
                            ? new UsageRecorded(new Tokens(10, 20, 30, 40, 5), "model", "resp_" + k, null)
                            : Message.assistant(Words.text(random, 400));
            EncodedEvent encoded = EventCodec.encode(event);
            line.clear();
            format.write(Draft.single(Instant.EPOCH, encoded.type(), encoded.data()), k + 1, k + 1, line);
            records.add(Objects.requireNonNull(format.read(line.array(), 0, line.length() - 1, 0)));
        }
    }

    private static SessionState start() {
        try (SessionStore store = SessionStore.inMemory();
                Session session = store.create(SessionConfig.conversation("fold"))) {
            session.start();
            return session.state();
        }
    }

    /** Folds all records; the figure is for one. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public SessionState fold() {
        Fold fold = new Fold(start);
        for (LogRecord record : records) {
            fold.apply(record);
        }
        return fold.toState();
    }
}
