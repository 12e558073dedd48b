package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Item;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Phase;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.RetryPolicy;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.WorkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Items: handed out once, tried again by policy, and found again by whoever drives next. */
class ItemsTest extends EveryStore {
    private static final SessionConfig JOB =
            SessionConfig.of(SessionKind.MAPREDUCE).retry(RetryPolicy.attempts(2));

    private static List<Item.Task> tasks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(k -> new Item.Task("item-" + k, Json.parse("{\"n\":" + k + "}")))
                .toList();
    }

    private static void inMap(Session session) {
        session.append(
                new Lifecycle.Started(), new Phase.Moved(null, "setup", null), new Phase.Moved("setup", "map", null));
    }

    private SessionId job(int items) {
        return make(JOB, session -> {
            inMap(session);
            session.items().add(tasks(0, items));
        });
    }

    private static WorkState.Items counts(Session session) {
        return session.state().work().items();
    }

    private static List<String> ids(List<WorkItem> items) {
        return items.stream().map(WorkItem::id).toList();
    }

    @Test
    void itemsAreHandedOutInOrderAndEnd() {
        SessionId id = job(3);
        try (Session session = store.drive(id)) {
            WorkItem first = session.items().claim().orElseThrow();
            assertThat(first.id()).isEqualTo("item-0");
            assertThat(first.payload()).isEqualTo(Json.parse("{\"n\":0}"));
            assertThat(first.attempts()).isEqualTo(1);
            assertThat(first.status()).isEqualTo(ItemStatus.RUNNING);
            session.items().complete("item-0", Json.of(7));
            assertThat(ids(session.items().claim(10, "run"))).containsExactly("item-1", "item-2");
            assertThat(session.items().claim()).isEmpty();
            session.items().complete("item-2", null);
            session.items().complete("item-1", Json.of(8));
            assertThat(counts(session)).isEqualTo(new WorkState.Items(0, 0, 3, 0, 0, 0));
        }
        SessionView view = another().read(id);
        assertThat(view.items(ItemStatus.DONE)).hasSize(3);
        assertThat(view.items().get(1).agentRun()).isEqualTo("run");
        List<String> results = new ArrayList<>();
        view.results((item, result) -> results.add(item.id() + "=" + result.text()));
        assertThat(results).containsExactly("item-0=7", "item-2=null", "item-1=8");
    }

    @Test
    void whatFailsIsTriedAgainAndThenADeadLetter() {
        try (Session session = store.create(JOB)) {
            inMap(session);
            SessionItems items = session.items();
            items.add(tasks(0, 2));
            items.claim();
            assertThat(items.fail("item-0", "first").status()).isEqualTo(ItemStatus.PENDING);
            assertThat(items.claim().orElseThrow().id()).isEqualTo("item-1");
            WorkItem again = items.claim().orElseThrow();
            assertThat(again.id()).isEqualTo("item-0");
            assertThat(again.attempts()).isEqualTo(2);
            assertThat(again.error()).isEqualTo("first");
            assertThat(items.fail("item-0", "second").status()).isEqualTo(ItemStatus.DEAD);
            items.bury("item-1", "hopeless");
            assertThat(ids(items.list(ItemStatus.DEAD))).containsExactly("item-0", "item-1");
            assertThat(items.claim()).isEmpty();

            items.requeue(List.of("item-0"), "fixed");
            assertThat(items.claim().orElseThrow().attempts()).isEqualTo(3);
            assertThat(items.fail("item-0", "third").status()).isEqualTo(ItemStatus.PENDING);
            items.drop(List.of("item-0", "item-1"), "no use");
            assertThat(items.claim()).isEmpty();
            assertThat(counts(session)).isEqualTo(new WorkState.Items(0, 0, 0, 0, 2, 4));
            assertThat(items.find("item-0").error()).isEqualTo("third");
        }
    }

    @Test
    void theNextAttemptWaitsAsThePolicySays() {
        // The clock of these stores ticks a second with each look.
        SessionConfig config = JOB.retry(new RetryPolicy(3, 20_000, 1, 20_000));
        try (Session session = store.create(config)) {
            inMap(session);
            session.items().add(tasks(0, 1));
            session.items().claim();
            WorkItem failed = session.items().fail("item-0", "no");
            assertThat(session.items().nextReadyAt()).hasValue(failed.readyAt());
            int looks = 0;
            while (session.items().claim().isEmpty()) {
                looks++;
            }
            assertThat(looks).isBetween(3, 30);
            assertThat(session.items().nextReadyAt()).isEmpty();
        }
    }

    @Test
    void whoeverDrivesNextGetsExactlyTheItemsThatAreNotDone() {
        SessionId id = job(6);
        try (Session session = store.drive(id)) {
            session.items().claim(4, null);
            session.items().complete("item-0", null);
            session.items().fail("item-1", "no");
            session.items().bury("item-2", "no");
        }
        try (Session session = another().drive(id)) {
            assertThat(session.read().unfinished().begun())
                    .extracting(Unfinished.Begun::id)
                    .containsExactly("item-3");
            List<WorkItem> left = session.items().claim(100, null);
            assertThat(ids(left)).containsExactlyInAnyOrder("item-1", "item-3", "item-4", "item-5");
            assertThat(session.items().find("item-3").attempts()).isEqualTo(2);
            assertThat(counts(session).total()).isEqualTo(6);
        }
        try (Session session = another().drive(id)) {
            // Item 1 failed once and was left behind once; item 3 was left behind twice. Both had two attempts.
            assertThat(session.items().recover()).isEqualTo(4);
            assertThat(ids(session.items().list(ItemStatus.DEAD))).containsExactly("item-1", "item-2", "item-3");
            assertThat(ids(session.items().claim(100, null))).containsExactly("item-4", "item-5");
            assertThat(session.items().recover()).isZero();
        }
    }

    @Test
    void onlyLegalTransitionsAreRecorded() {
        SessionId id = job(2);
        try (Session session = store.drive(id)) {
            SessionItems items = session.items();
            Position before = session.last();
            conflict(
                    () -> items.complete("item-0", null), "item \"item-0\" is pending; a running one can be completed");
            conflict(() -> items.bury("item-1", ""), "a running one can fail");
            conflict(() -> items.requeue(List.of("item-0"), ""), "is pending; running and dead ones");
            conflict(() -> items.add(tasks(1, 3)), "item \"item-1\" is pending; an item is added once");
            conflict(
                    () -> session.append(new Item.Started("item-0", 1, null), new Item.Started("item-0", 2, null)),
                    "is running; a pending one can be started");
            conflict(() -> session.append(new Item.Completed("none", null)), "item \"none\" is not there");
            refused(ErrorCode.NOT_FOUND, () -> items.find("none"));
            refused(ErrorCode.INVALID_ARGUMENT, () -> items.claim(0, null));
            assertThat(session.last()).isEqualTo(before);

            session.append(new Item.Started("item-0", 1, null), new Item.Completed("item-0", null));
            conflict(() -> items.drop(List.of("item-0"), ""), "is done; pending and dead ones can be dropped");
            items.claim();
            conflict(() -> items.drop(List.of("item-1"), ""), "is running");
            session.pause("");
            assertThatThrownBy(() -> items.complete("item-1", null)).isInstanceOf(IllegalTransitionException.class);
            assertThat(items.claim()).isEmpty();
            session.resume();
            items.complete("item-1", null);
            assertThat(counts(session).done()).isEqualTo(2);
        }
    }

    @Test
    void whatCouldNotBeClaimedCanBeClaimedLater() {
        SessionId id = job(2);
        try (Session session = store.drive(id)) {
            session.pause("");
            assertThatThrownBy(() -> session.items().claim()).isInstanceOf(IllegalTransitionException.class);
            session.resume();
            assertThat(ids(session.items().claim(5, null))).containsExactly("item-0", "item-1");
        }
    }

    @Test
    void aRepeatedAppendOfItemsIsADuplicate() {
        SessionId id = job(1);
        try (Session session = store.drive(id)) {
            Append append = Append.of(new Item.Started("item-0", 1, null)).id("start-0");
            AppendResult first = session.append(append);
            assertThat(session.append(append))
                    .isEqualTo(new AppendResult.Duplicate(((AppendResult.Appended) first).first()));
            assertThat(session.appendAsync(append).join()).isInstanceOf(AppendResult.Duplicate.class);
            assertThat(session.append(
                            Append.of(new Item.Started("item-0", 2, null)).id("start-0")))
                    .isInstanceOf(AppendResult.Conflict.class);
            conflict(
                    () -> session.append(
                            Append.of(new Item.Started("item-0", 1, null)).id("other")),
                    "a pending one can be started");
            assertThat(session.appendAsync(Append.of(new Item.Started("item-0", 1, null))))
                    .isCompletedExceptionally();
        }
    }

    @Test
    void workersNeverGetTheSameItem() throws InterruptedException {
        SessionId id = job(300);
        ConcurrentLinkedQueue<String> claimed = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (Session session = store.drive(id)) {
            List<Thread> workers = IntStream.range(0, 8)
                    .mapToObj(n -> Thread.ofVirtual().unstarted(() -> {
                        try {
                            for (var item = session.items().claim();
                                    item.isPresent();
                                    item = session.items().claim()) {
                                claimed.add(item.get().id());
                                session.items().complete(item.get().id(), Json.of(n));
                            }
                        } catch (RuntimeException e) {
                            failures.add(e);
                        }
                    }))
                    .toList();
            workers.forEach(Thread::start);
            for (Thread worker : workers) {
                worker.join();
            }
            assertThat(failures).isEmpty();
            assertThat(claimed).hasSize(300);
            assertThat(new HashSet<>(claimed)).hasSize(300);
            assertThat(counts(session)).isEqualTo(new WorkState.Items(0, 0, 300, 0, 0, 0));
        }
    }

    @Test
    void tenThousandItemsAreDoneAndFoundAgain() {
        SessionId id = job(10_000);
        Set<String> seen = new HashSet<>();
        int rounds = 0;
        boolean left = true;
        while (left) {
            try (Session session = another().drive(id)) {
                // Each round ends with items that run, as a crash would leave them.
                for (int k = 0; k < 3 && left; k++) {
                    List<WorkItem> claimed = session.items().claim(1_000, null);
                    left = !claimed.isEmpty();
                    List<Event> ends = new ArrayList<>();
                    for (WorkItem item :
                            claimed.subList(0, claimed.size() - Math.min(claimed.size(), rounds == 0 ? 10 : 0))) {
                        assertThat(seen.add(item.id())).isTrue();
                        ends.add(new Item.Completed(item.id(), Json.of(item.id())));
                    }
                    if (!ends.isEmpty()) {
                        session.append(ends.toArray(Event[]::new));
                    }
                }
                rounds++;
            }
        }
        SessionView view = store.read(id);
        assertThat(seen).hasSize(10_000);
        assertThat(view.state().work().items()).isEqualTo(new WorkState.Items(0, 0, 10_000, 0, 0, 0));
        assertThat(view.items()).allMatch(item -> item.status() == ItemStatus.DONE);
        int[] results = new int[1];
        view.results((item, result) -> results[0] += result.equals(Json.of(item.id())) ? 1 : 0);
        assertThat(results[0]).isEqualTo(10_000);
    }

    @Test
    void longPayloadsAreLoadedWhenTheyAreNeeded() {
        SessionId id = make(JOB, session -> {
            inMap(session);
            session.items()
                    .add(List.of(
                            new Item.Task("short", Json.of("s")),
                            new Item.Task("long", Json.of("l".repeat(5_000))),
                            new Item.Task("blob", Json.of(LARGE))));
        });
        try (Session session = another().drive(id)) {
            assertThat(session.read().items())
                    .extracting(item -> item.payload() != null)
                    .containsOnly(false);
            List<WorkItem> claimed = session.items().claim(3, null);
            assertThat(claimed)
                    .extracting(WorkItem::payload)
                    .containsExactly(Json.of("s"), Json.of("l".repeat(5_000)), Json.of(LARGE));
        }
    }

    @Test
    void goingBackTakesTheItemsAlong() {
        SessionId id = job(3);
        try (Session session = store.drive(id)) {
            session.items().claim(2, null);
            session.items().complete("item-0", null);
            Checkpoint checkpoint = session.checkpoint(NewCheckpoint.labelled("one done"));
            session.items().complete("item-1", null);
            session.items().claim();
            session.items().complete("item-2", null);
            session.restore(checkpoint);
            assertThat(counts(session)).isEqualTo(new WorkState.Items(1, 1, 1, 0, 0, 0));
            assertThat(ids(session.items().claim(9, null))).containsExactlyInAnyOrder("item-1", "item-2");
            session.items().complete("item-1", Json.of("again"));
            session.items().complete("item-2", Json.of("again"));
            List<String> results = new ArrayList<>();
            session.items().results((item, result) -> results.add(item.id() + result));
            assertThat(results).containsExactly("item-0null", "item-1\"again\"", "item-2\"again\"");
            try (Session fork = store.fork(checkpoint.position(), "fork")) {
                fork.start();
                assertThat(counts(fork)).isEqualTo(new WorkState.Items(1, 1, 1, 0, 0, 0));
                assertThat(ids(fork.items().claim(9, null))).containsExactlyInAnyOrder("item-1", "item-2");
                assertThat(fork.items().find("item-0").status()).isEqualTo(ItemStatus.DONE);
            }
        }
    }

    @Test
    void aJobWhoseItemsAreLostIsNotTakenForDone() throws IOException {
        SessionId parent = job(3);
        SessionId id;
        try (Session fork = store.fork(store.read(parent).last(), "fork")) {
            id = fork.id();
            fork.start();
        }
        if (kind == Kind.MEMORY) {
            // The heap loses nothing: there the items are found.
            assertThat(store.read(id).items()).hasSize(3);
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            Path directory = files.filter(file -> file.endsWith(parent.value()))
                    .findFirst()
                    .orElseThrow();
            Files.move(directory, root.resolve("elsewhere"));
        }
        try (Session fork = another().drive(id)) {
            refused(ErrorCode.DAMAGED, () -> fork.items().claim());
        }
    }

    @Test
    void aRollOverLosesNoItem() {
        SessionId id = make(JOB, session -> {
            inMap(session);
            session.items().add(tasks(0, 2));
            session.items().claim();
            fill(session);
            session.items().complete("item-0", null);
            session.items().claim();
            session.items().complete("item-1", null);
        });
        assertThat(store.read(id).items(ItemStatus.DONE)).hasSize(2);
        assertThat(store.read(id).last().segment()).isGreaterThan(1);
    }

    private static void conflict(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining(words);
    }
}
