package dev.holdfast.file;

import dev.holdfast.event.BlobRef;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.LogCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Writes the content of a log under a passing name, forces it, and then gives it its place: whoever finds the place finds
 * all of it.
 */
final class Adoption {
    private final Storage storage;

    Adoption(Storage storage) {
        this.storage = storage;
    }

    /** Takes a log over into a directory that must not exist yet. Durable when it returns. */
    void into(Path target, LogCopy copy) throws IOException {
        Path parent = Objects.requireNonNull(target.getParent(), "a directory in a store");
        storage.createDirectories(parent);
        Path passing = parent.resolve(".tmp-" + UUID.randomUUID());
        try {
            storage.createDirectories(passing);
            fill(passing, copy);
            storage.move(passing, target);
            storage.forceDirectory(parent);
        } catch (IOException | RuntimeException e) {
            try {
                remove(passing);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Keeps a copy of a log in the directory of one that came from it, unless it is there. Durable when it returns. */
    void keep(Path directory, LogId ancestor, LogCopy copy) {
        Path kept = Layout.ancestor(directory, ancestor);
        try {
            if (!storage.exists(kept)) {
                into(kept, copy);
            }
            storage.forceDirectory(Objects.requireNonNull(kept.getParent(), "a directory in a log's"));
            storage.forceDirectory(directory);
        } catch (IOException e) {
            throw FileLog.storageFault("cannot keep a copy of " + ancestor + " in " + kept, e);
        }
    }

    private void fill(Path directory, LogCopy copy) throws IOException {
        Set<BlobRef> needed = new TreeSet<>((a, b) -> a.sha256().compareTo(b.sha256()));
        for (int segment : copy.segments()) {
            try (Storage.Appender file = storage.create(directory.resolve(Layout.segment(segment)))) {
                needed.addAll(copy.write(segment, new Sink(file)));
                file.force();
            }
        }
        if (!needed.isEmpty()) {
            Path blobs = directory.resolve("blobs");
            storage.createDirectories(blobs);
            for (BlobRef ref : needed) {
                byte[] content = copy.blob(ref);
                if (content != null) {
                    try (Storage.Appender file = storage.create(blobs.resolve(ref.sha256()))) {
                        file.write(content, 0, content.length);
                        file.force();
                    }
                }
            }
            storage.forceDirectory(blobs);
        }
        for (Map.Entry<LogId, LogCopy> ancestor : copy.ancestors().entrySet()) {
            Path kept = Layout.ancestor(directory, ancestor.getKey());
            storage.createDirectories(kept);
            fill(kept, ancestor.getValue());
        }
        storage.forceDirectory(directory);
    }

    /** Takes away a directory and what is in it: only for what never had its place. */
    private void remove(Path path) throws IOException {
        for (String name : storage.names(path)) {
            remove(path.resolve(name));
        }
        storage.delete(path);
    }

    private static final class Sink extends OutputStream {
        private final Storage.Appender file;

        Sink(Storage.Appender file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            file.write(bytes, from, length);
        }
    }
}
