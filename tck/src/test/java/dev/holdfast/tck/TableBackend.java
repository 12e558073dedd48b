package dev.holdfast.tck;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Opening;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.StoreInfo;
import dev.holdfast.spi.Trashed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backend as somebody else might write one: rows in a database, with segment and index as the key, no files and no
 * offsets. The database is a toy: maps behind one monitor, which outlive the connections.
 */
final class TableBackend implements Backend {
    /** What is shared by all connections. */
    static final class Database {
        final StoreInfo info = new StoreInfo(UUID.randomUUID().toString(), 1, Instant.EPOCH, "table");
        final Map<LogId, Rows> logs = new HashMap<>();
        final Map<String, Removed> trash = new LinkedHashMap<>();
        final Map<LogId, Driver> drivers = new HashMap<>();
        final Map<LogId, TableBackend> pins = new HashMap<>();
    }

    /** One log's rows: the lines of each segment, and its blobs. */
    static final class Rows {
        final List<List<byte[]>> segments = new ArrayList<>();
        final Map<String, byte[]> blobs = new HashMap<>();
        final Map<LogId, Rows> ancestors = new HashMap<>();

        /** The rows of a log that was made elsewhere. */
        static Rows of(LogCopy content) {
            Rows rows = new Rows();
            try {
                for (int segment : content.segments()) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    for (BlobRef ref : content.write(segment, out)) {
                        byte[] blob = content.blob(ref);
                        if (blob != null) {
                            rows.blobs.put(ref.sha256(), blob);
                        }
                    }
                    List<byte[]> lines = new ArrayList<>();
                    out.toString(StandardCharsets.UTF_8)
                            .lines()
                            .forEach(line -> lines.add((line + "\n").getBytes(StandardCharsets.UTF_8)));
                    rows.segments.add(lines);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return rows;
        }
    }

    record Removed(Trashed trashed, Rows rows) {}

    record Driver(TableBackend connection, Holder holder) {}

    private final Database database;
    private boolean dead;

    TableBackend(Database database) {
        this.database = database;
    }

    /** Ends the connection as the death of its process does: nothing is given back. */
    void die() {
        synchronized (database) {
            dead = true;
        }
    }

    @Override
    public StoreInfo info() {
        return database.info;
    }

    @Override
    public boolean exists(LogId id) {
        synchronized (database) {
            return database.logs.containsKey(id);
        }
    }

    @Override
    public Log create(LogId id, Opening opening, List<EncodedEvent.Payload> blobs) {
        synchronized (database) {
            if (exists(id)) {
                throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already");
            }
            database.logs.put(id, new Rows());
            TableLog log = new TableLog(database, id);
            log.putBlobs(blobs);
            log.add(opening.recordZero(1, null, List.of()));
            return log;
        }
    }

    @Override
    public Log open(LogId id) {
        return new TableLog(database, id);
    }

    @Override
    public void adopt(LogId id, LogCopy content) {
        synchronized (database) {
            if (exists(id)) {
                throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already");
            }
            database.logs.put(id, Rows.of(content));
        }
    }

    @Override
    public Lease pin(LogId id) {
        long start = System.nanoTime();
        synchronized (database) {
            for (TableBackend other = database.pins.get(id); other != null && !other.dead; ) {
                long left = 5_000 - (System.nanoTime() - start) / 1_000_000;
                if (left <= 0) {
                    throw new HoldfastException(ErrorCode.BUSY, id + " is pinned by another connection");
                }
                try {
                    database.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new HoldfastException(ErrorCode.BUSY, id + ": interrupted while waiting");
                }
                other = database.pins.get(id);
            }
            if (!exists(id)) {
                throw HoldfastException.notFound(id + " does not exist");
            }
            database.pins.put(id, this);
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            synchronized (database) {
                if (held.getAndSet(false)) {
                    database.pins.remove(id);
                    database.notifyAll();
                }
            }
        };
    }

    @Override
    public List<LogId> list(LogId.Kind kind) {
        synchronized (database) {
            return database.logs.keySet().stream()
                    .filter(id -> id.kind() == kind)
                    .toList();
        }
    }

    @Override
    public Lease drive(LogId id) {
        synchronized (database) {
            Driver other = database.drivers.get(id);
            if (other != null && !other.connection().dead) {
                throw new DrivenByOtherException(id.toString(), other.holder());
            }
            Driver driver = new Driver(
                    this, new Holder(ProcessHandle.current().pid(), "localhost", Instant.EPOCH, Instant.now()));
            database.drivers.put(id, driver);
            return () -> {
                synchronized (database) {
                    if (!dead && database.drivers.get(id) == driver) {
                        database.drivers.remove(id);
                    }
                }
            };
        }
    }

    @Override
    public Presence presence(LogId id) {
        synchronized (database) {
            Driver driver = database.drivers.get(id);
            if (driver == null) {
                return Presence.FREE;
            }
            return new Presence(
                    driver.connection().dead ? Presence.Kind.ABANDONED : Presence.Kind.DRIVEN, driver.holder());
        }
    }

    @Override
    public Trashed trash(LogId id) {
        synchronized (database) {
            Rows rows = database.logs.remove(id);
            if (rows == null) {
                throw HoldfastException.notFound(id + " does not exist");
            }
            long bytes = rows.segments.stream()
                    .flatMap(List::stream)
                    .mapToLong(line -> line.length)
                    .sum();
            Trashed trashed = new Trashed(UUID.randomUUID().toString(), id, Instant.now(), bytes);
            database.trash.put(trashed.name(), new Removed(trashed, rows));
            return trashed;
        }
    }

    @Override
    public List<Trashed> trashed() {
        synchronized (database) {
            return new ArrayList<>(database.trash.values())
                    .reversed().stream().map(Removed::trashed).toList();
        }
    }

    @Override
    public void restore(Trashed trashed) {
        synchronized (database) {
            if (exists(trashed.id()) && database.trash.containsKey(trashed.name())) {
                throw new HoldfastException(ErrorCode.CONFLICT, trashed.id() + " is in use again");
            }
            database.logs.put(trashed.id(), take(trashed).rows());
        }
    }

    @Override
    public void purge(Trashed trashed) {
        take(trashed);
    }

    private Removed take(Trashed trashed) {
        synchronized (database) {
            Removed removed = database.trash.remove(trashed.name());
            if (removed == null) {
                throw HoldfastException.notFound(trashed.name() + " is not in the trash");
            }
            return removed;
        }
    }

    @Override
    public List<Fault> strays() {
        return List.of();
    }

    @Override
    public void close() {
        synchronized (database) {
            database.drivers.values().removeIf(driver -> driver.connection() == this && !dead);
        }
    }
}
