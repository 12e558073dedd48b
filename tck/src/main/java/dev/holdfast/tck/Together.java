package dev.holdfast.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Lets threads begin at the same moment and collects what they return. */
final class Together {
    private Together() {}

    /** What a thread does. */
    interface Work<T> {
        T run(int thread) throws Exception;
    }

    static <T> List<T> run(int threads, Work<T> work) {
        CountDownLatch ready = new CountDownLatch(threads);
        List<FutureTask<T>> tasks = new ArrayList<>();
        for (int k = 0; k < threads; k++) {
            int thread = k;
            FutureTask<T> task = new FutureTask<>(() -> {
                ready.countDown();
                ready.await();
                return work.run(thread);
            });
            tasks.add(task);
            Thread.ofPlatform().daemon().start(task);
        }
        List<T> results = new ArrayList<>();
        for (FutureTask<T> task : tasks) {
            try {
                results.add(task.get());
            } catch (ExecutionException e) {
                throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while threads run", e);
            }
        }
        return results;
    }
}
