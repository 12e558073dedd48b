package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Item;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Phase;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.RetryPolicy;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.WorkState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Does by chance what a driver can do to items, dies now and then, and compares with a map from each item to its status. */
class ItemsRandomTest extends EveryStore {
    private static final int MOST_ATTEMPTS = 2;

    private final Map<String, ItemStatus> model = new LinkedHashMap<>();
    private final Map<String, Integer> attempts = new LinkedHashMap<>();

    @Test
    void itemsStandWhereTheModelSays() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        SessionId id = make(
                SessionConfig.of(SessionKind.MAPREDUCE).retry(RetryPolicy.attempts(MOST_ATTEMPTS)),
                session -> session.append(
                        new Lifecycle.Started(),
                        new Phase.Moved(null, "setup", null),
                        new Phase.Moved("setup", "map", null)));
        for (int life = 0; life < 12; life++) {
            try (Session session = another().drive(id)) {
                if (random.nextBoolean()) {
                    session.items().recover();
                    recovered();
                } else {
                    claim(session, random);
                }
                for (int k = 0; k < 40; k++) {
                    act(session, random);
                    check(session.items().list(), session.state().work().items(), seed);
                }
            }
            SessionView view = store.read(id);
            check(view.items(), view.state().work().items(), seed);
            assertThat(view.state().oddities()).isZero();
        }
    }

    /** What ran when the driver died is pending again, or dead if it had all attempts. */
    private void recovered() {
        model.replaceAll((item, status) -> status != ItemStatus.RUNNING
                ? status
                : attempts.getOrDefault(item, 0) >= MOST_ATTEMPTS ? ItemStatus.DEAD : ItemStatus.PENDING);
    }

    private void claim(Session session, Random random) {
        recovered();
        for (WorkItem item : session.items().claim(1 + random.nextInt(4), null)) {
            assertThat(model.put(item.id(), ItemStatus.RUNNING)).isEqualTo(ItemStatus.PENDING);
            attempts.merge(item.id(), 1, Integer::sum);
        }
    }

    private void act(Session session, Random random) {
        String id = "i" + random.nextInt(30);
        ItemStatus now = model.get(id);
        SessionItems items = session.items();
        switch (random.nextInt(7)) {
            case 0 ->
                expect(now == null, id, ItemStatus.PENDING, () -> items.add(List.of(new Item.Task(id, Json.NULL))));
            case 1 -> {
                for (WorkItem item : items.claim(1 + random.nextInt(3), null)) {
                    assertThat(model.put(item.id(), ItemStatus.RUNNING)).isEqualTo(ItemStatus.PENDING);
                    attempts.merge(item.id(), 1, Integer::sum);
                }
            }
            case 2, 3 -> expect(now == ItemStatus.RUNNING, id, ItemStatus.DONE, () -> items.complete(id, null));
            case 4 -> {
                boolean dead = attempts.getOrDefault(id, 0) >= MOST_ATTEMPTS;
                expect(
                        now == ItemStatus.RUNNING,
                        id,
                        dead ? ItemStatus.DEAD : ItemStatus.PENDING,
                        () -> items.fail(id, "no"));
            }
            case 5 -> {
                if (expect(now == ItemStatus.DEAD, id, ItemStatus.PENDING, () -> items.requeue(List.of(id), ""))) {
                    attempts.put(id, 0);
                }
            }
            default ->
                expect(
                        now == ItemStatus.DEAD || now == ItemStatus.PENDING,
                        id,
                        ItemStatus.DROPPED,
                        () -> items.drop(List.of(id), ""));
        }
    }

    private boolean expect(boolean legal, String id, ItemStatus after, Runnable action) {
        boolean done;
        try {
            action.run();
            done = true;
        } catch (HoldfastException e) {
            done = false;
        }
        assertThat(done).isEqualTo(legal);
        if (done) {
            model.put(id, after);
        }
        return done;
    }

    private void check(List<WorkItem> items, WorkState.Items counts, long seed) {
        Map<String, ItemStatus> found = new LinkedHashMap<>();
        items.forEach(item -> found.put(item.id(), item.status()));
        assertThat(found).as("seed %d", seed).isEqualTo(model);
        assertThat(new ArrayList<>(found.keySet())).isEqualTo(new ArrayList<>(model.keySet()));
        assertThat(List.of(counts.pending(), counts.running(), counts.done(), counts.dead(), counts.dropped()))
                .as("seed %d", seed)
                .containsExactly(
                        count(ItemStatus.PENDING),
                        count(ItemStatus.RUNNING),
                        count(ItemStatus.DONE),
                        count(ItemStatus.DEAD),
                        count(ItemStatus.DROPPED));
        assertThat(counts.total()).isEqualTo(model.size());
    }

    private long count(ItemStatus status) {
        return model.values().stream().filter(each -> each == status).count();
    }
}
