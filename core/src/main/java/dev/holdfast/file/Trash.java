package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Trashed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was removed and can be taken back: {@code trash/<time>-<kind>-<id>}. */
final class Trash {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int TIME_LENGTH = 19;

    private final Layout layout;
    private final Storage storage;

    Trash(Layout layout, Storage storage) {
        this.layout = layout;
        this.storage = storage;
    }

    Trashed add(LogId id, Instant now) {
        Path from = layout.log(id);
        long bytes = bytes(from);
        try {
            storage.createDirectories(layout.trash());
            String name = name(id, now);
            for (Instant at = now; storage.exists(layout.trash().resolve(name)); ) {
                at = at.plusMillis(1);
                name = name(id, at);
            }
            move(from, layout.trash().resolve(name));
            return Objects.requireNonNull(parse(name, bytes), name);
        } catch (IOException e) {
            throw fault(from, "cannot move " + from + " to the trash; it stays where it is", e);
        }
    }

    List<Trashed> list() {
        List<Trashed> all = new ArrayList<>();
        try {
            for (String name : storage.names(layout.trash())) {
                Trashed trashed = parse(name, bytes(layout.trash().resolve(name)));
                if (trashed != null) {
                    all.add(trashed);
                }
            }
        } catch (IOException e) {
            throw FileLog.storageFault("cannot list " + layout.trash(), e);
        }
        all.sort(Comparator.comparing(Trashed::name).reversed());
        return all;
    }

    void restore(Trashed trashed) {
        Path from = place(trashed);
        Path to = layout.log(trashed.id());
        if (storage.exists(to)) {
            throw new HoldfastException(
                    ErrorCode.CONFLICT, trashed.id() + " is in use again (" + to + "); remove that one first");
        }
        try {
            storage.createDirectories(Objects.requireNonNull(to.getParent()));
            move(from, to);
        } catch (IOException e) {
            throw fault(from, "cannot restore " + from + "; it stays in the trash", e);
        }
    }

    /** What is said of a move that failed: it stays, unless only what makes it durable failed. */
    private HoldfastException fault(Path from, String stays, IOException cause) {
        return storage.exists(from)
                ? FileLog.storageFault(stays, cause)
                : new HoldfastException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "moved " + from + ", but it is not known whether that is durable: " + cause.getMessage()
                                + "; look whether it is there before repeating it",
                        cause);
    }

    void purge(Trashed trashed) {
        Path path = place(trashed);
        try {
            purge(path);
            storage.forceDirectory(layout.trash());
        } catch (IOException e) {
            throw FileLog.storageFault("cannot destroy all of " + path, e);
        }
    }

    private void purge(Path path) throws IOException {
        for (String name : storage.names(path)) {
            purge(path.resolve(name));
        }
        storage.delete(path);
    }

    private Path place(Trashed trashed) {
        Path path = layout.trash().resolve(trashed.name());
        if (parse(trashed.name(), 0) == null || !storage.exists(path)) {
            throw HoldfastException.notFound("\"" + trashed.name() + "\" is not in the trash");
        }
        return path;
    }

    private void move(Path from, Path to) throws IOException {
        Path target = Objects.requireNonNull(to.getParent());
        // The directories may have been made a moment ago by somebody who died before forcing their names.
        for (Path at = target.getParent(); at != null && at.startsWith(layout.root()); at = at.getParent()) {
            storage.forceDirectory(at);
        }
        storage.move(from, to);
        storage.forceDirectory(target);
        storage.forceDirectory(Objects.requireNonNull(from.getParent()));
    }

    private static String name(LogId id, Instant at) {
        return TIME.format(at) + "-" + id.kind().name().toLowerCase(Locale.ROOT) + "-" + id.name();
    }

    private static @Nullable Trashed parse(String name, long bytes) {
        try {
            Instant at = TIME.parse(name.substring(0, TIME_LENGTH), Instant::from);
            int dash = name.indexOf('-', TIME_LENGTH + 1);
            LogId.Kind kind =
                    LogId.Kind.valueOf(name.substring(TIME_LENGTH + 1, dash).toUpperCase(Locale.ROOT));
            return new Trashed(name, new LogId(kind, name.substring(dash + 1)), at, bytes);
        } catch (DateTimeException | IndexOutOfBoundsException | IllegalArgumentException | HoldfastException e) {
            return null;
        }
    }

    private long bytes(Path path) {
        long bytes = 0;
        try {
            List<String> names = storage.names(path);
            for (String name : names) {
                bytes += bytes(path.resolve(name));
            }
            return names.isEmpty() ? Math.max(0, storage.length(path)) : bytes;
        } catch (IOException e) {
            return bytes;
        }
    }
}
