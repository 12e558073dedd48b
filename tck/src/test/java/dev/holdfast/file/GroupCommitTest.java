package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Session;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final int THREADS = 64;

    private final Machine machine = new Machine();
    private final AtomicReference<Gate> gate = new AtomicReference<>();
    private final List<Gate> gates = new ArrayList<>();
    private SimulatedProcess process;

    /** Holds the first force that comes, until it is opened. */
    private static final class Gate {
        final CountDownLatch arrived = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);
    }

    @BeforeEach
    void start() {
        machine.createStore();
        process = machine.startAlone();
        machine.before(kind -> {
            Gate closed = kind == Operation.FORCE ? gate.getAndSet(null) : null;
            if (closed != null) {
                closed.arrived.countDown();
                awaitUninterruptibly(closed.opened);
            }
        });
    }

    @AfterEach
    void stop() {
        gates.forEach(each -> each.opened.countDown());
        process.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Gate holdNextForce() {
        Gate closed = new Gate();
        gates.add(closed);
        gate.set(closed);
        return closed;
    }

    /** A session whose handle knows that everything in it is durable: its next append is one write and one force. */
    private Session create() {
        Session session = process.keep(process.store().create(SessionConfig.conversation("group")));
        session.append(OutputAppended.of("first"));
        return session;
    }

    private static Append line(int number) {
        return Append.of(OutputAppended.of("line " + number));
    }

    @Test
    void appendsThatCameDuringAForceShareTheNextOne() {
        Session session = create();
        Gate first = holdNextForce();
        CompletableFuture<AppendResult> leader = session.appendAsync(line(0));
        awaitUninterruptibly(first.arrived);
        List<CompletableFuture<AppendResult>> followers = new ArrayList<>();
        for (int k = 1; k < THREADS; k++) {
            followers.add(session.appendAsync(line(k)));
        }
        long forcesBefore = machine.count(Operation.FORCE);
        assertThat(leader).isNotDone();
        Gate second = holdNextForce();
        first.opened.countDown();
        awaitUninterruptibly(second.arrived);
        assertThat(leader).as("its own force returned").isCompleted();
        assertThat(followers).as("before their force returned").noneMatch(CompletableFuture::isDone);
        second.opened.countDown();
        followers.forEach(CompletableFuture::join);
        assertThat(machine.count(Operation.FORCE) - forcesBefore)
                .as("the leader's force and one for all followers")
                .isEqualTo(2);
    }

    @Test
    void threadsThatWaitAreToldTogetherAndOnlyAfterTheForce() throws InterruptedException {
        Session session = create();
        Gate first = holdNextForce();
        Thread leader = Thread.ofPlatform().start(() -> session.append(OutputAppended.of("leader")));
        awaitUninterruptibly(first.arrived);
        AtomicInteger told = new AtomicInteger();
        Set<Position> positions = java.util.concurrent.ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < THREADS; k++) {
            int number = k;
            threads.add(Thread.ofPlatform().start(() -> {
                positions.add(session.append(OutputAppended.of("thread " + number)));
                told.incrementAndGet();
            }));
        }
        threads.forEach(GroupCommitTest::awaitParked);
        long forcesBefore = machine.count(Operation.FORCE);
        assertThat(told).hasValue(0);
        first.opened.countDown();
        leader.join();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(told).hasValue(THREADS);
        assertThat(positions).hasSize(THREADS);
        assertThat(machine.count(Operation.FORCE) - forcesBefore).isEqualTo(2);
    }

    /** Waits until a thread waits for its turn in a session. */
    private static void awaitParked(Thread thread) {
        Object blocker = null;
        while (blocker == null || !blocker.getClass().getPackageName().equals("dev.holdfast.store")) {
            Thread.onSpinWait();
            blocker = LockSupport.getBlocker(thread);
        }
    }

    @Test
    void anInterruptWhileItWaitsReachesTheThreadWhenItsAppendIsDurable() throws InterruptedException {
        Session session = create();
        Gate first = holdNextForce();
        Thread leader = Thread.ofPlatform().start(() -> session.append(OutputAppended.of("leader")));
        awaitUninterruptibly(first.arrived);
        AtomicReference<Position> position = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            position.set(session.append(OutputAppended.of("waiting")));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        awaitParked(waiting);
        waiting.interrupt();
        first.opened.countDown();
        leader.join();
        waiting.join();
        assertThat(position.get()).isEqualTo(session.last());
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void manyThreadsNeedFarFewerForcesThanAppends() throws InterruptedException {
        Session session = create();
        long forcesBefore = machine.count(Operation.FORCE);
        int each = 50;
        Set<Position> positions = java.util.concurrent.ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        machine.before(kind -> {
            if (kind == Operation.FORCE) {
                // As a disk does, let the others come.
                Thread.yield();
            }
        });
        for (int k = 0; k < THREADS; k++) {
            int thread = k;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < each; n++) {
                    positions.add(session.append(OutputAppended.of(thread + "/" + n)));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(positions).hasSize(THREADS * each);
        assertThat(session.state().records()).isEqualTo((long) THREADS * each + 1);
        assertThat(machine.count(Operation.FORCE) - forcesBefore).isLessThan((long) THREADS * each / 2);
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        Session held = create();
        List<Session> others = new ArrayList<>();
        // More than a hash table has bins at first, so that some share one with the session that is held.
        for (int k = 0; k < 40; k++) {
            others.add(create());
        }
        Gate first = holdNextForce();
        CompletableFuture<AppendResult> waiting = held.appendAsync(line(0));
        awaitUninterruptibly(first.arrived);
        // Somebody else comes to the session whose force is held, and waits too.
        Thread visitor =
                Thread.ofPlatform().start(() -> process.store().annotate(held.id(), new Annotation.Noted("n", null)));
        awaitParked(visitor);
        for (Session other : others) {
            other.append(OutputAppended.of("at once"));
            process.store().annotate(other.id(), new Annotation.Noted("at once", null));
            other.close();
            process.store().drive(other.id()).close();
        }
        create().append(OutputAppended.of("new"));
        assertThat(waiting).isNotDone();
        first.opened.countDown();
        assertThat(waiting.join()).isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void aFailedForceIsToldToEverybodyWhoWaitedForIt() {
        Session session = create();
        Gate first = holdNextForce();
        CompletableFuture<AppendResult> leader = session.appendAsync(line(0));
        awaitUninterruptibly(first.arrived);
        List<CompletableFuture<AppendResult>> followers = new ArrayList<>();
        for (int k = 1; k < 10; k++) {
            followers.add(session.appendAsync(line(k)));
        }
        machine.failAfter(0, Landing.NONE);
        first.opened.countDown();
        Set<Object> outcomes = new HashSet<>();
        followers.add(leader);
        for (CompletableFuture<AppendResult> each : followers) {
            outcomes.add(each.handle((result, failure) -> failure instanceof dev.holdfast.spi.OutcomeUnknownException
                            ? "unknown"
                            : result + " " + failure)
                    .join());
        }
        assertThat(outcomes).containsExactly("unknown");
        assertThat(machine.count(Operation.FORCE))
                .as("nothing is forced after a failed force")
                .isEqualTo(machine.forcesUntilFailure());
    }
}
