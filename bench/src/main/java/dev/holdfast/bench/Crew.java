package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** Threads that begin together and stop at the same time. */
final class Crew {
    private Crew() {}

    /** What a thread does. */
    interface Work {
        /**
         * Works until a time.
         *
         * @param member the thread's number, from 0
         * @param end when to stop, by {@link System#nanoTime()}
         * @return how much was done
         * @throws Exception if it fails
         */
        long until(int member, long end) throws Exception;
    }

    static Side.Turn run(int members, ThreadFactory threads, long nanos, Work work) throws Exception {
        if (members == 1) {
            long start = System.nanoTime();
            long done = work.until(0, start + nanos);
            return new Side.Turn(done, System.nanoTime() - start);
        }
        long[] end = new long[1];
        CountDownLatch ready = new CountDownLatch(members);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Long>> parts = new ArrayList<>();
        try (ExecutorService crew = Executors.newThreadPerTaskExecutor(threads)) {
            for (int k = 0; k < members; k++) {
                int member = k;
                parts.add(crew.submit(() -> {
                    ready.countDown();
                    go.await();
                    return work.until(member, end[0]);
                }));
            }
            ready.await();
            long start = System.nanoTime();
            end[0] = start + nanos;
            go.countDown();
            long done = 0;
            for (Future<Long> part : parts) {
                done += part.get();
            }
            return new Side.Turn(done, System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
