package dev.holdfast.bench;

import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What an append costs without its force: the whole way from the call to the written line. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class AppendBenchmark {
    private final Payload payload = new Payload();
    private long number;
    private @Nullable Path directory;
    private @Nullable SessionStore store;
    private @Nullable Session session;

    /**
     * Makes a new store, so that no iteration finds a longer history than another.
     *
     * @throws IOException if that fails
     */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        Files.createDirectories(Path.of("target"));
        Path made = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "append-");
        SessionStore opened = SessionStore.create(made);
        Session created = opened.create(SessionConfig.conversation("relaxed"));
        created.start();
        directory = made;
        store = opened;
        session = created;
    }

    /** Appends one event of 512 bytes, relaxed. */
    @Benchmark
    public AppendResult relaxed() {
        return driven().append(Append.of(payload.event(number++)).relaxed());
    }

    /**
     * Removes the store.
     *
     * @throws IOException if that fails
     */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        driven().close();
        Objects.requireNonNull(store).close();
        Directories.delete(Objects.requireNonNull(directory));
    }

    private Session driven() {
        return Objects.requireNonNull(session);
    }
}
