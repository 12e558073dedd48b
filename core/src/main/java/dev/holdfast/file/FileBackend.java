package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.event.Json;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.StoreInfo;
import dev.holdfast.spi.Trashed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Keeps a store in a directory, format 1. Thread-safe. */
public final class FileBackend implements Backend {
    /** The newest format this version reads and writes. */
    public static final int FORMAT = 1;

    private static final int MAX_OPEN_APPENDERS = 256;
    private static final long LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Whoever asks who drives holds the driver's lock for an instant; a driver must not take that for a rival. */
    private static final long DRIVE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Layout layout;
    private final Storage storage;
    private final Locks locks;
    private final StoreInfo info;
    private final Appenders appenders;
    private final Lines.Pool lines = new Lines.Pool();
    private final Holders holders;
    private final Trash trash;
    /** The directories that hold logs and whose own names were forced by this process. They are never removed. */
    private final Set<Path> namedForGood = ConcurrentHashMap.newKeySet();

    private FileBackend(Layout layout, Storage storage, Locks locks, StoreInfo info) {
        this.layout = layout;
        this.storage = storage;
        this.locks = locks;
        this.info = info;
        this.appenders = new Appenders(storage, MAX_OPEN_APPENDERS);
        this.holders = new Holders(layout, storage);
        this.trash = new Trash(layout, storage);
    }

    /**
     * Makes a store in a directory that is empty or does not exist. Durable when it returns.
     *
     * @param directory the directory
     * @param unsafe whether to write on file systems where appends are not atomic
     * @return the store, open
     * @throws HoldfastException CONFLICT if the directory holds a store or anything else
     */
    public static FileBackend create(Path directory, boolean unsafe) {
        Storage storage = new DiskStorage();
        Path root = directory.toAbsolutePath().normalize();
        return create(root, unsafe, storage, new FileLocks(new Layout(root).locks(), storage), Instant.now());
    }

    /**
     * Makes a store over given files and locks.
     *
     * @param root the directory, absolute and normalized, empty or not there
     * @param unsafe whether to write on file systems where appends are not atomic
     * @param storage the files
     * @param locks the locks
     * @param now when the store is made
     * @return the store, open
     * @throws HoldfastException CONFLICT if the directory holds a store or anything else
     */
    public static FileBackend create(Path root, boolean unsafe, Storage storage, Locks locks, Instant now) {
        Layout layout = new Layout(root);
        if (storage.exists(layout.marker())) {
            throw new HoldfastException(ErrorCode.CONFLICT, root + " holds a store already; open it");
        }
        try {
            List<String> there = new ArrayList<>(storage.names(root));
            there.removeIf(name -> name.startsWith(".tmp-"));
            if (!there.isEmpty()) {
                throw new HoldfastException(
                        ErrorCode.CONFLICT,
                        root + " is not empty and holds no store; choose an empty or new directory");
            }
            storage.createDirectories(root);
            FileSystems.refuseUnsafe(root, unsafe);
            String id = UUID.randomUUID().toString();
            String marker = "{\"format\":" + FORMAT + ",\"id\":\"" + id + "\",\"created\":\"" + now + "\"}\n";
            replace(storage, layout.marker(), marker.getBytes(StandardCharsets.UTF_8), true);
            return open(root, unsafe, storage, locks);
        } catch (IOException e) {
            throw FileLog.storageFault("cannot make a store in " + root, e);
        }
    }

    /**
     * Opens a store.
     *
     * @param directory the directory
     * @param unsafe whether to write on file systems where appends are not atomic
     * @return the store, open
     * @throws HoldfastException NOT_FOUND if there is none, UNSUPPORTED if its format is newer or the file system is not
     *     safe
     */
    public static FileBackend open(Path directory, boolean unsafe) {
        Storage storage = new DiskStorage();
        Path root = directory.toAbsolutePath().normalize();
        return open(root, unsafe, storage, new FileLocks(new Layout(root).locks(), storage));
    }

    /**
     * Opens a store over given files and locks.
     *
     * @param root the directory, absolute and normalized
     * @param unsafe whether to write on file systems where appends are not atomic
     * @param storage the files
     * @param locks the locks
     * @return the store, open
     * @throws HoldfastException NOT_FOUND if there is none, UNSUPPORTED if its format is newer
     */
    public static FileBackend open(Path root, boolean unsafe, Storage storage, Locks locks) {
        Layout layout = new Layout(root);
        JsonNode marker;
        try {
            marker = Json.tree(new String(storage.readAll(layout.marker()), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw HoldfastException.notFound("no store in " + root + "; make one with init");
        } catch (IOException e) {
            throw FileLog.storageFault("cannot read " + layout.marker(), e);
        } catch (HoldfastException e) {
            throw new HoldfastException(ErrorCode.DAMAGED, layout.marker() + " is not JSON: " + e.getMessage(), e);
        }
        int format = marker.path("format").asInt(0);
        if (format != FORMAT) {
            throw new HoldfastException(
                    ErrorCode.UNSUPPORTED,
                    root + " has format " + format + ", this version knows " + FORMAT + "; use a newer Holdfast");
        }
        FileSystems.refuseUnsafe(root, unsafe);
        Instant created;
        try {
            created = Instant.parse(marker.path("created").asString(""));
        } catch (java.time.DateTimeException e) {
            throw new HoldfastException(ErrorCode.DAMAGED, layout.marker() + " has no valid \"created\" time", e);
        }
        StoreInfo info = new StoreInfo(marker.path("id").asString(""), format, created, root.toString());
        return new FileBackend(layout, storage, locks, info);
    }

    @Override
    public StoreInfo info() {
        return info;
    }

    @Override
    public boolean exists(LogId id) {
        if (!storage.exists(layout.log(id))) {
            return false;
        }
        try {
            log(id).head();
            return true;
        } catch (HoldfastException e) {
            return e.code() != ErrorCode.NOT_FOUND;
        }
    }

    @Override
    public Log create(LogId id, Opening opening, List<EncodedEvent.Payload> blobs) {
        Locks.Hold hold = shortLock(id);
        try {
            if (exists(id)) {
                throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already in " + layout.log(id));
            }
            // Their names are forced with the opening's.
            storage.makeDirectories(layout.log(id));
            FileLog log = log(id);
            log.openFirst(opening, blobs);
            return log;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot make " + layout.log(id) + ", nothing was recorded", e);
        } finally {
            hold.close();
        }
    }

    @Override
    public void adopt(LogId id, LogCopy content) {
        Locks.Hold hold = shortLock(id);
        try {
            if (exists(id)) {
                throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already in " + layout.log(id));
            }
            new Adoption(storage).into(layout.log(id), content);
            forceNames(id);
        } catch (IOException e) {
            if (exists(id)) {
                throw new HoldfastException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "took over " + id + ", but it is not known whether that is durable: " + e.getMessage()
                                + "; look whether it is there before repeating it",
                        e);
            }
            throw FileLog.storageFault("cannot take over " + id + ", nothing was recorded", e);
        } finally {
            hold.close();
        }
    }

    @Override
    public Lease pin(LogId id) {
        Locks.Hold hold = wait(id, Locks.Use.PIN, LOCK_WAIT_NANOS);
        if (hold == null) {
            throw new HoldfastException(
                    ErrorCode.BUSY, id + " was being forked or removed for 5 s by another process; try again");
        }
        if (!exists(id)) {
            hold.close();
            throw HoldfastException.notFound(id + " does not exist in " + info.location());
        }
        return hold::close;
    }

    /** Makes every name on the way to a log durable, its segments' included. */
    void forceNames(LogId id) throws IOException {
        Path log = layout.log(id);
        storage.forceDirectory(log);
        List<Path> above = new ArrayList<>();
        for (Path at = log.getParent(); at != null && at.startsWith(layout.root()); at = at.getParent()) {
            storage.forceDirectory(at);
            above.add(at);
            if (namedForGood.contains(at)) {
                break;
            }
        }
        namedForGood.addAll(above);
    }

    private FileLog log(LogId id) {
        return new FileLog(id, layout.log(id), storage, this);
    }

    @Override
    public Log open(LogId id) {
        return log(id);
    }

    @Override
    public List<LogId> list(LogId.Kind kind) {
        Path parent = layout.directory(kind);
        List<LogId> ids = new ArrayList<>();
        try {
            for (String name : storage.names(parent)) {
                switch (kind) {
                    case AGENT -> {
                        if (storage.exists(parent.resolve(name).resolve(Layout.segment(1)))) {
                            ids.add(new LogId(kind, name));
                        }
                    }
                    case SESSION -> {
                        for (String session : storage.names(parent.resolve(name))) {
                            if (dev.holdfast.log.SessionId.isValid(session) && session.endsWith(name)) {
                                ids.add(new LogId(kind, session));
                            }
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw FileLog.storageFault("cannot list " + parent, e);
        }
        return ids;
    }

    @Override
    public Lease drive(LogId id) {
        Locks.Hold hold = wait(id, Locks.Use.DRIVE, DRIVE_WAIT_NANOS);
        if (hold == null) {
            throw new DrivenByOtherException(id.toString(), holders.read(id));
        }
        holders.write(id);
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            // A second close must not take away the word of whoever drives next.
            if (held.getAndSet(false)) {
                holders.remove(id);
                hold.close();
            }
        };
    }

    @Override
    public Presence presence(LogId id) {
        boolean word = holders.exists(id);
        try (Locks.Hold hold = locks.tryHold(id, Locks.Use.DRIVE)) {
            if (hold == null) {
                return new Presence(Presence.Kind.DRIVEN, holders.read(id));
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // A store that cannot be locked (read only) is not driven from here; somebody's word is all there is.
            return word ? new Presence(Presence.Kind.DRIVEN, holders.read(id)) : Presence.FREE;
        }
        return word ? new Presence(Presence.Kind.ABANDONED, holders.read(id)) : Presence.FREE;
    }

    @Override
    public Trashed trash(LogId id) {
        if (!exists(id)) {
            throw HoldfastException.notFound(id + " does not exist in " + info.location());
        }
        appenders.closeBelow(layout.log(id));
        return trash.add(id, Instant.now());
    }

    @Override
    public List<Trashed> trashed() {
        return trash.list();
    }

    @Override
    public void restore(Trashed trashed) {
        trash.restore(trashed);
    }

    @Override
    public void purge(Trashed trashed) {
        trash.purge(trashed);
    }

    @Override
    public List<Fault> strays() {
        return new Strays(layout, storage, this).find();
    }

    @Override
    public void close() {
        appenders.closeBelow(layout.root());
    }

    Appenders appenders() {
        return appenders;
    }

    Lines.Pool lines() {
        return lines;
    }

    /** Takes the short lock of one append; waits up to 5 s, whatever interrupts come. */
    Locks.Hold shortLock(LogId id) {
        Locks.Hold hold = wait(id, Locks.Use.APPEND, LOCK_WAIT_NANOS);
        if (hold == null) {
            throw new HoldfastException(
                    ErrorCode.BUSY,
                    id
                            + " was locked by another writer for 5 s, nothing was recorded; try again, or look for a stopped process");
        }
        return hold;
    }

    private Locks.@org.jspecify.annotations.Nullable Hold wait(LogId id, Locks.Use use, long waitNanos) {
        long start = System.nanoTime();
        long pause = 20_000;
        boolean interrupted = false;
        try {
            while (true) {
                Locks.Hold hold = locks.tryHold(id, use);
                if (hold != null || System.nanoTime() - start > waitNanos) {
                    return hold;
                }
                // Jitter, so that two writers do not keep missing the same gap.
                LockSupport.parkNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
                interrupted |= Thread.interrupted();
                pause = Math.min(pause * 2, 1_000_000);
            }
        } catch (IOException e) {
            throw FileLog.storageFault("cannot lock " + id + " in " + layout.locks(), e);
        } catch (java.io.UncheckedIOException e) {
            throw FileLog.storageFault(
                    "cannot lock " + id + " in " + layout.locks(), new IOException(e.getMessage(), e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Replaces a derived file at once; not forced, and a failure costs only time. */
    void replaceDerived(Path file, byte[] content) {
        try {
            replace(storage, file, content, false);
        } catch (IOException e) {
            System.getLogger(FileBackend.class.getName())
                    .log(System.Logger.Level.DEBUG, "derived file " + file + " not kept", e);
        }
    }

    static void replace(Storage storage, Path file, byte[] content, boolean durable) throws IOException {
        Path parent = java.util.Objects.requireNonNull(file.getParent(), "a file in a directory");
        Path passing = parent.resolve(".tmp-" + UUID.randomUUID());
        try {
            try (Storage.Appender out = storage.create(passing)) {
                out.write(content, 0, content.length);
                if (durable) {
                    out.force();
                }
            }
            storage.move(passing, file);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("a random name was taken: " + passing, e);
        } catch (IOException e) {
            try {
                storage.delete(passing);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        if (durable) {
            storage.forceDirectory(parent);
        }
    }
}
