package dev.holdfast.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a bounded number of segments open for appending, so that ten thousand sessions need no ten thousand handles.
 * Thread-safe; a borrowed appender is nobody else's until it is given back.
 */
final class Appenders {
    private final Storage storage;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Path, Storage.Appender> idle = new LinkedHashMap<>(16, 0.75f, true);

    Appenders(Storage storage, int limit) {
        this.storage = storage;
        this.limit = limit;
    }

    Storage.Appender borrow(Path file) throws IOException {
        lock.lock();
        try {
            Storage.Appender known = idle.remove(file);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        return storage.append(file);
    }

    void giveBack(Path file, Storage.Appender appender) {
        Storage.Appender surplus = null;
        lock.lock();
        try {
            surplus = idle.put(file, appender);
            if (surplus == null && idle.size() > limit) {
                Map.Entry<Path, Storage.Appender> eldest =
                        idle.entrySet().iterator().next();
                surplus = eldest.getValue();
                idle.remove(eldest.getKey());
            }
        } finally {
            lock.unlock();
        }
        discard(surplus);
    }

    /** Closes what is idle below a directory, or everything if it is the root. */
    void closeBelow(Path directory) {
        java.util.List<Storage.Appender> closing = new java.util.ArrayList<>();
        lock.lock();
        try {
            idle.entrySet().removeIf(entry -> {
                boolean below = entry.getKey().startsWith(directory);
                if (below) {
                    closing.add(entry.getValue());
                }
                return below;
            });
        } finally {
            lock.unlock();
        }
        closing.forEach(Appenders::discard);
    }

    static void discard(Storage.@org.jspecify.annotations.Nullable Appender appender) {
        if (appender != null) {
            try {
                appender.close();
            } catch (IOException e) {
                // Nothing is buffered in an appender: closing can lose nothing that was acknowledged.
                System.getLogger(Appenders.class.getName()).log(System.Logger.Level.DEBUG, "close failed", e);
            }
        }
    }
}
