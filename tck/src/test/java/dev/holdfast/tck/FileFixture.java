package dev.holdfast.tck;

import dev.holdfast.file.FileBackend;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The file backend in a real directory. */
final class FileFixture implements BackendFixture {
    private final Path root;
    private final Path store;

    FileFixture() {
        try {
            root = Files.createTempDirectory("holdfast-tck");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store = root.resolve("store");
    }

    @Override
    public Set<Trait> traits() {
        return EnumSet.allOf(Trait.class);
    }

    @Override
    public Backend create() {
        return FileBackend.create(store, true);
    }

    @Override
    public Backend open() {
        return FileBackend.open(store, true);
    }

    @Override
    public Backend reopen() {
        return open();
    }

    @Override
    public void driveAndDie(LogId id) {
        try {
            Process process = new ProcessBuilder(List.of(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            DyingDriver.class.getName(),
                            store.toString(),
                            id.name()))
                    .inheritIO()
                    .start();
            if (process.waitFor() != DyingDriver.STATUS) {
                throw new AssertionError("the other process did not get to drive");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void damage(LogId id, int segment, long index) {
        Path file = SegmentFile.of(store, id, segment);
        try {
            Files.write(file, SegmentFile.damaged(Files.readAllBytes(file), index));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
