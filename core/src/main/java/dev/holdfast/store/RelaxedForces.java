package dev.holdfast.store;

import dev.holdfast.HoldfastException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Forces relaxed appends soon after they were made. Its thread exists only once there was one. */
final class RelaxedForces implements SessionLog.Relaxation, AutoCloseable {
    private static final long DELAY_MILLIS = 100;

    private final Executor workers;
    private final Set<SessionLog> scheduled = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledThreadPoolExecutor timer;
    private boolean closed;
    private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();

    RelaxedForces(Executor workers) {
        this.workers = workers;
    }

    @Override
    public void forceSoon(SessionLog log) {
        if (!scheduled.add(log)) {
            return;
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (timer == null) {
                timer = new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("holdfast-relaxed").factory());
            }
            var later = timer.schedule(() -> workers.execute(() -> force(log)), DELAY_MILLIS, TimeUnit.MILLISECONDS);
            java.util.Objects.requireNonNull(later);
        } finally {
            lock.unlock();
        }
    }

    private void force(SessionLog log) {
        scheduled.remove(log);
        try {
            log.force();
        } catch (HoldfastException e) {
            // The log remembers the failure: the next append, force or close of it throws.
            System.getLogger(RelaxedForces.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "relaxed appends to {0} could not be forced: {1}",
                            log.id(),
                            e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }
}
