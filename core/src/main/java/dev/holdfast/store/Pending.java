package dev.holdfast.store;

import dev.holdfast.event.EncodedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An append that waits for its turn, and whoever waits for it. */
final class Pending {
    final Append append;
    final List<EncodedEvent> encoded;
    final int bytes;
    final @Nullable String hash;
    private final @Nullable Thread waiter;
    private final @Nullable CompletableFuture<AppendResult> future;
    private volatile @Nullable AppendResult result;
    private volatile @Nullable RuntimeException failure;

    private Pending(
            Append append,
            List<EncodedEvent> encoded,
            @Nullable String hash,
            @Nullable Thread waiter,
            @Nullable CompletableFuture<AppendResult> future) {
        this.append = append;
        this.encoded = encoded;
        this.hash = hash;
        this.waiter = waiter;
        this.future = future;
        int sum = 0;
        for (EncodedEvent event : encoded) {
            sum += event.data().length + 128;
        }
        this.bytes = sum;
    }

    static Pending blocking(Append append, List<EncodedEvent> encoded, @Nullable String hash) {
        return new Pending(append, encoded, hash, Thread.currentThread(), null);
    }

    static Pending async(
            Append append, List<EncodedEvent> encoded, @Nullable String hash, CompletableFuture<AppendResult> future) {
        return new Pending(append, encoded, hash, null, future);
    }

    boolean isDone() {
        return result != null || failure != null;
    }

    /** Returns the outcome of a pending that is done. */
    AppendResult outcome() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        AppendResult known = result;
        if (known == null) {
            throw new IllegalStateException("not done");
        }
        return known;
    }

    void complete(AppendResult outcome) {
        result = outcome;
        if (future != null) {
            future.complete(outcome);
        }
        wake();
    }

    void fail(RuntimeException thrown) {
        failure = thrown;
        if (future != null) {
            future.completeExceptionally(thrown);
        }
        wake();
    }

    /** Wakes the thread that waits; false if none does and somebody else must take the turn. */
    boolean wake() {
        if (waiter == null) {
            return false;
        }
        LockSupport.unpark(waiter);
        return true;
    }
}
