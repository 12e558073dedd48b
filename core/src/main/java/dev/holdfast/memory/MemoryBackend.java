package dev.holdfast.memory;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps a store on the heap. Everything is gone with the process; "durable" means visible to every thread. */
public final class MemoryBackend implements Backend {
    private final StoreInfo info = new StoreInfo(UUID.randomUUID().toString(), 1, Instant.now(), "memory");
    private final ConcurrentHashMap<LogId, MemoryLog> logs = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LogId, Holder> drivers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LogId, Semaphore> pins = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Removed> removed = new ConcurrentHashMap<>();

    private record Removed(Trashed trashed, MemoryLog log) {}

    /** Creates an empty store. */
    public MemoryBackend() {}

    @Override
    public StoreInfo info() {
        return info;
    }

    @Override
    public boolean exists(LogId id) {
        return logs.containsKey(id);
    }

    @Override
    public Log create(LogId id, Opening opening, List<EncodedEvent.Payload> blobs) {
        MemoryLog log = new MemoryLog(id);
        log.putBlobs(blobs);
        log.openFirst(opening);
        if (logs.putIfAbsent(id, log) != null) {
            throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already");
        }
        return log;
    }

    @Override
    public void adopt(LogId id, LogCopy content) {
        if (logs.putIfAbsent(id, MemoryLog.copied(id, content)) != null) {
            throw new HoldfastException(ErrorCode.CONFLICT, id + " exists already");
        }
    }

    @Override
    public Lease pin(LogId id) {
        Semaphore pin = pins.computeIfAbsent(id, key -> new Semaphore(1));
        try {
            if (!pin.tryAcquire(5, TimeUnit.SECONDS)) {
                throw new HoldfastException(ErrorCode.BUSY, id + " was being forked or removed for 5 s; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HoldfastException(ErrorCode.BUSY, id + ": interrupted while others fork or remove it", e);
        }
        if (!exists(id)) {
            pin.release();
            throw HoldfastException.notFound(id + " does not exist in memory");
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) {
                pin.release();
            }
        };
    }

    @Override
    public Log open(LogId id) {
        MemoryLog log = logs.get(id);
        if (log == null) {
            throw HoldfastException.notFound(id + " does not exist in memory");
        }
        return log;
    }

    @Override
    public List<LogId> list(LogId.Kind kind) {
        return logs.keySet().stream().filter(id -> id.kind() == kind).toList();
    }

    @Override
    public Lease drive(LogId id) {
        ProcessHandle self = ProcessHandle.current();
        Holder holder =
                new Holder(self.pid(), "localhost", self.info().startInstant().orElse(Instant.EPOCH), Instant.now());
        Holder other = drivers.putIfAbsent(id, holder);
        if (other != null) {
            throw new DrivenByOtherException(id.toString(), other);
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) {
                drivers.remove(id);
            }
        };
    }

    @Override
    public Presence presence(LogId id) {
        Holder holder = drivers.get(id);
        return holder == null ? Presence.FREE : new Presence(Presence.Kind.DRIVEN, holder);
    }

    @Override
    public Trashed trash(LogId id) {
        MemoryLog log = logs.remove(id);
        if (log == null) {
            throw HoldfastException.notFound(id + " does not exist in memory");
        }
        Instant now = Instant.now();
        Trashed trashed = new Trashed(now.toEpochMilli() + "-" + UUID.randomUUID(), id, now, log.bytes());
        removed.put(trashed.name(), new Removed(trashed, log));
        return trashed;
    }

    @Override
    public List<Trashed> trashed() {
        List<Trashed> all =
                new ArrayList<>(removed.values().stream().map(Removed::trashed).toList());
        all.sort(Comparator.comparing(Trashed::at).reversed());
        return all;
    }

    @Override
    public void restore(Trashed trashed) {
        Removed entry = removed.get(trashed.name());
        if (entry == null) {
            throw HoldfastException.notFound("\"" + trashed.name() + "\" is not in the trash");
        }
        if (logs.putIfAbsent(entry.trashed().id(), entry.log()) != null) {
            throw new HoldfastException(ErrorCode.CONFLICT, trashed.id() + " is in use again; remove that one first");
        }
        removed.remove(trashed.name());
    }

    @Override
    public void purge(Trashed trashed) {
        if (removed.remove(trashed.name()) == null) {
            throw HoldfastException.notFound("\"" + trashed.name() + "\" is not in the trash");
        }
    }

    @Override
    public List<Fault> strays() {
        return List.of();
    }

    @Override
    public void close() {
        // The heap needs no closing; another handle on this store may go on.
    }
}
