package dev.holdfast.bench;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The least a durable append can be in Java: the finished line is written to the end of a file, which is forced. */
final class BareSide implements Side {
    private final Path file;
    private final Payload payload;
    private final FileOutputStream out;

    BareSide(Path file, Payload payload) throws IOException {
        this.file = file;
        this.payload = payload;
        this.out = new FileOutputStream(file.toFile(), true);
    }

    @Override
    public String name() {
        return "bare write + force loop";
    }

    @Override
    public Turn run(long nanos) throws Exception {
        return Crew.run(1, Thread::new, nanos, (member, end) -> {
            long done = 0;
            while (System.nanoTime() < end) {
                out.write(payload.line(done));
                out.getFD().sync();
                done++;
            }
            return done;
        });
    }

    @Override
    public long recount() throws IOException {
        close();
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
