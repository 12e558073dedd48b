package dev.holdfast.importers;

import dev.holdfast.log.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which file of a run writes which session. A file that has none yet waits for its first; one that has some and meets
 * another file's gives up and is read again later, so nobody waits in a circle. Thread-safe.
 */
final class Claims {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<SessionId, Object> owners = new HashMap<>();

    /** Says that a file must be read again, because another one writes a session it needs. */
    static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Taken(SessionId id) {
            super("session " + id + " is written by another file of this import", null, false, false);
        }
    }

    /** Claims a session for a file. */
    void claim(SessionId id, Object owner) {
        lock.lock();
        try {
            while (owners.containsKey(id) && !owner.equals(owners.get(id))) {
                if (owners.containsValue(owner)) {
                    throw new Taken(id);
                }
                released.awaitUninterruptibly();
            }
            owners.put(id, owner);
        } finally {
            lock.unlock();
        }
    }

    /** Releases everything a file has claimed. */
    void releaseAll(Object owner) {
        lock.lock();
        try {
            owners.values().removeIf(owner::equals);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
