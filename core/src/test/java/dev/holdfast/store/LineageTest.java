package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Forks, compaction, rewinding: history is referenced, and nothing of it is lost. */
class LineageTest extends EveryStore {
    private static final UsageRecorded USAGE = new UsageRecorded(new Tokens(100, 10, 0, 0, 0), "m", null, null);

    @Test
    void aForkReadsThroughToItsParents() {
        SessionId parent = make(CONVERSATION, session -> {
            session.append(Message.user("one"), USAGE);
            session.append(Message.assistant("two"));
            session.append(Message.user("left behind"));
        });
        Position at = position(parent, "two");
        SessionId child;
        Position childAt;
        try (Session fork = store.fork(at, "try")) {
            child = fork.id();
            fork.append(Message.user(LARGE));
            childAt = fork.append(Message.assistant("three"));
            fork.append(Message.user("not this"));
        }
        SessionId grandchild;
        try (Session fork = store.fork(childAt, "again")) {
            grandchild = fork.id();
            fork.append(Message.user("four"));
        }

        SessionStore fresh = another();
        assertThat(texts(fresh.read(grandchild).view())).containsExactly("one", "two", LARGE, "three", "four");
        assertThat(texts(fresh.read(grandchild).history())).containsExactly("one", "two", LARGE, "three", "four");
        assertThat(texts(fresh.read(grandchild).view().reversed()))
                .containsExactly("four", "three", LARGE, "two", "one");
        assertThat(fresh.read(grandchild).state().tokens()).isEqualTo(Tokens.NONE);
        assertThat(fresh.read(grandchild).state().title()).isEqualTo("again");
        assertThat(fresh.read(child).state().messages()).isEqualTo(3);
        assertThat(fresh.read(parent).state().tokens().input()).isEqualTo(100);
    }

    @Test
    void aForkOfWhatIsNoRecordIsRefused() {
        SessionId id = make(CONVERSATION, session -> session.append(Message.user("one")));

        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(id, 1, 99), "x"));
        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(id, 7, 0), "x"));
        refused(ErrorCode.NOT_FOUND, () -> store.fork(new Position(SessionId.of(1, 2, 3), 1, 0), "x"));
        assertThat(store.list(SessionFilter.ALL).sessions()).hasSize(1);
    }

    @Test
    void aForkTakesWhereWorkStoodButNotWhatItCost() {
        SessionId id;
        Position at;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.metadata(Map.of("branch", Json.parse("\"main\"")));
            session.append(Message.user("one"), USAGE);
            session.checkpoint(NewCheckpoint.labelled("green"));
            at = session.last();
            session.metadata(Map.of("branch", Json.parse("\"later\"")));
            session.checkpoint(NewCheckpoint.labelled("later"));
        }
        try (Session fork = store.fork(at, "f")) {
            assertThat(fork.state().metadata()).containsEntry("branch", Json.parse("\"main\""));
            assertThat(fork.state().records()).isZero();
            assertThat(fork.state().tokens()).isEqualTo(Tokens.NONE);
            assertThat(fork.state().status()).isEqualTo(SessionStatus.CREATED);
            assertThat(fork.state().preview()).isEqualTo("one");
            assertThat(fork.read().checkpoints()).extracting(Checkpoint::label).containsExactly("green");
            assertThat(fork.checkpoint(NewCheckpoint.labelled("own")).number()).isEqualTo(2);
            assertThat(fork.read().checkpoints()).extracting(Checkpoint::label).containsExactly("green", "own");
        }
        assertThat(store.read(id).checkpoints()).extracting(Checkpoint::label).containsExactly("green", "later");
    }

    @Test
    void compactionBeginsTheViewAnewAndDestroysNothing() {
        Position kept;
        Position beforeIt;
        SessionId id;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.append(Message.user("one"));
            kept = session.append(Message.assistant("two"));
            beforeIt = session.append(Message.user("three"));
            session.compact("the story so far", List.of(kept));
            session.append(Message.user("four"));
        }
        assertThat(texts(store.read(id).view())).containsExactly("the story so far", "two", "four");
        assertThat(texts(store.read(id).view().reversed())).containsExactly("four", "two", "the story so far");
        assertThat(texts(store.read(id).history())).containsExactly("one", "two", "three", "the story so far", "four");

        try (Session session = store.drive(id)) {
            refused(ErrorCode.NOT_FOUND, () -> session.compact("x", List.of(new Position(id, 1, 77))));
            session.compact("again", List.of());
            session.append(Message.user("five"));
            assertThat(texts(session.read().view())).containsExactly("again", "five");
            session.rewind(beforeIt);
            assertThat(texts(session.read().view())).containsExactly("one", "two", "three");
        }
    }

    @Test
    void rewindingLeavesTheViewAndKeepsTheHistoryAndTheCost() {
        SessionId id;
        Position two;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.append(Message.user("one"));
            two = session.append(Message.assistant("two"));
            session.append(Message.user("three"), USAGE);
            session.title("kept");
            session.rewind(two);
            session.append(Message.user("instead"));
            assertThat(session.state().tokens().input()).isEqualTo(100);
            assertThat(session.state().title()).isEqualTo("kept");
            assertThat(session.state().messages()).isEqualTo(4);
        }
        assertThat(texts(store.read(id).view())).containsExactly("one", "two", "instead");
        assertThat(texts(store.read(id).history())).containsExactly("one", "two", "three", "instead");
        try (Session fork = store.fork(two, "f")) {
            fork.append(Message.user("own"));
            fork.rewind(position(id, "one"));
            assertThat(texts(fork.read().view())).containsExactly("one");
            refused(ErrorCode.NOT_FOUND, () -> fork.rewind(position(id, "three")));
        }
    }

    @Test
    void whatIsFinalIsNotTurned() {
        SessionId id = make(CONVERSATION, session -> {
            session.append(Message.user("one"));
            session.cancel("");
        });
        try (Session session = store.drive(id)) {
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.rewind(position(id, "one")));
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.compact("s", List.of()));
            refused(ErrorCode.ILLEGAL_TRANSITION, () -> session.checkpoint(NewCheckpoint.labelled("late")));
        }
        assertThat(records(store, id)).hasSize(2);
    }

    @Test
    void aPageIsReadFromAnyPositionEitherWay() {
        SessionId id;
        List<Position> all = new ArrayList<>();
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            for (int k = 0; k < 300; k++) {
                if (k == 150) {
                    session.compact("middle", List.of());
                }
                session.append(notes(3));
            }
        }
        try (RecordReader reader = store.read(id).history().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                all.add(record.position());
            }
        }
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        Records history = store.read(id).history();
        for (int k = 0; k < 40; k++) {
            int from = random.nextInt(all.size());
            int size = random.nextInt(90);
            assertThat(page(history.from(all.get(from)), size))
                    .as("seed %d", seed)
                    .isEqualTo(all.subList(from, Math.min(all.size(), from + size)));
            assertThat(page(history.before(all.get(from)).reversed(), size))
                    .as("seed %d", seed)
                    .isEqualTo(all.subList(Math.max(0, from - size), from).reversed());
        }
        assertThat(page(history.reversed(), all.size())).isEqualTo(all.reversed());
    }

    @Test
    void aParentIsNotRemovedWhileAForkNeedsIt() {
        SessionId grandparent = make(CONVERSATION, session -> session.append(Message.user(LARGE)));
        SessionId parent = fork(position(grandparent, LARGE), "parent");
        SessionId child = fork(position(parent, "parent"), "child");

        refused(ErrorCode.CONFLICT, () -> store.delete(grandparent));
        refused(ErrorCode.CONFLICT, () -> store.delete(parent));
        store.deleteMaterializing(grandparent);
        assertThat(texts(another().read(child).history())).containsExactly(LARGE, "parent", "child");
        store.deleteMaterializing(parent);
        store.trash().list().forEach(store.trash()::purge);

        assertThat(store.exists(parent)).isFalse();
        assertThat(texts(another().read(child).history())).containsExactly(LARGE, "parent", "child");
        try (RecordReader reader = store.read(child).history().reader()) {
            while (reader.next() != null) {}
            assertThat(reader.faults()).isEmpty();
        }
        assertThat(store.verify(child).faults()).isEmpty();
        assertThat(store.strays()).isEmpty();
    }

    @Test
    void aForkWithoutItsParentSaysSoAndKeepsItsOwn() {
        SessionId parent = make(CONVERSATION, session -> session.append(Message.user("parent")));
        SessionId child = fork(position(parent, "parent"), "child");
        var removed = store.delete(child);
        store.delete(parent);
        store.trash().restore(removed);

        try (RecordReader reader = store.read(child).history().reader()) {
            assertThat(reader.next()).isNotNull();
            assertThat(reader.faults()).extracting(Fault::kind).containsExactly(Fault.Kind.MISSING_ANCESTOR);
        }
        assertThat(texts(store.read(child).view())).containsExactly("child");
        try (Session session = store.drive(child)) {
            session.append(Message.user("goes on"));
        }
        assertThat(texts(store.read(child).view())).containsExactly("child", "goes on");
        refused(ErrorCode.DAMAGED, () -> store.materialize(child));
        assertThat(store.verify(child).faults()).extracting(Fault::kind).containsExactly(Fault.Kind.MISSING_ANCESTOR);
        assertThat(store.repair(child).opened()).as("nothing a repair could do").isNull();
    }

    @Test
    void aForkThatRacesARemovalEndsWithBothWhole() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int k = 0; k < 40; k++) {
                SessionId parent = make(CONVERSATION, session -> session.append(Message.user("parent")));
                Position at = position(parent, "parent");
                SessionStore other = k % 2 == 0 ? store : another();
                int spin = random.nextInt(2_000);
                CompletableFuture<Boolean> removed = CompletableFuture.supplyAsync(
                        () -> {
                            for (int n = 0; n < spin; n++) {
                                Thread.onSpinWait();
                            }
                            return succeeds(() -> other.delete(parent));
                        },
                        workers);
                boolean forked = succeeds(() -> fork(at, "child " + at));
                assertThat(removed.get() ^ forked)
                        .as("seed %d, one of both", seed)
                        .isTrue();
                assertThat(store.exists(parent)).isEqualTo(forked);
            }
        }
        for (SessionSummary summary : store.list(SessionFilter.ALL).sessions()) {
            if (summary.state().origin() instanceof Origin.Forked) {
                assertThat(texts(store.read(summary.id()).view())).hasSize(2).startsWith("parent");
            }
        }
    }

    @Test
    void aParentThatIsBeingWrittenIsForkedWhereItStands() throws Exception {
        try (Session session = store.create(CONVERSATION);
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        for (int k = 0; k < 300; k++) {
                            session.append(Append.of(Message.user("m" + k)).relaxed());
                        }
                    },
                    workers);
            int forks = 0;
            while (!writing.isDone() || forks == 0) {
                Position at = session.last();
                try (Session fork = another().fork(at, "f")) {
                    List<LogRecord> seen = fork.read().view().stream().toList();
                    assertThat(seen.get(seen.size() - 2).position()).isEqualTo(at);
                }
                forks++;
            }
            writing.get();
        }
    }

    @Test
    void theTreeShowsHowSessionsCameFromEachOther() {
        SessionId parent = make(CONVERSATION, session -> {
            session.append(Message.user("one"));
            session.compact("s", List.of());
            session.append(Message.user("two"));
            session.fail("no");
        });
        SessionId fork = fork(position(parent, "one"), "fork");
        SessionId retry;
        try (Session session = store.retry(parent)) {
            retry = session.id();
        }
        LineageNode tree = store.lineage(fork);

        assertThat(tree.session().id()).isEqualTo(parent);
        assertThat(tree.relation()).isEmpty();
        assertThat(tree.turns()).extracting(turn -> turn.at()).containsExactly(new Position(parent, 2, 0));
        assertThat(tree.children()).extracting(node -> node.session().id()).containsExactlyInAnyOrder(fork, retry);
        assertThat(tree.children()).extracting(LineageNode::relation).containsExactlyInAnyOrder("fork", "retry");
        assertThat(store.lineage(retry)).isEqualTo(tree);
    }

    @Test
    void aCallWithoutAnswerIsUnfinished() {
        SessionId id = make(CONVERSATION, session -> {
            session.append(Message.user("old"));
            session.append(call("c0"));
            session.append(Message.user("go"));
            session.append(call("c1", "c2"));
            session.append(new Message(
                    Role.TOOL, List.of(new Part.ToolResponse("c1", Json.parse("\"done\""), false)), null, null));
        });
        assertThat(store.read(id).unfinished().toolCalls())
                .extracting(Unfinished.ToolCall::id)
                .containsExactly("c2");
    }

    private static Message call(String... ids) {
        List<Part> calls = new ArrayList<>();
        for (String id : ids) {
            calls.add(new Part.ToolCall(id, "run", Json.EMPTY_OBJECT));
        }
        return new Message(Role.ASSISTANT, calls, null, null);
    }

    private SessionId fork(Position at, String text) {
        try (Session fork = store.fork(at, text)) {
            fork.append(Message.user(text));
            return fork.id();
        }
    }

    private static boolean succeeds(Runnable work) {
        try {
            work.run();
            return true;
        } catch (dev.holdfast.HoldfastException e) {
            assertThat(e.code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
            return false;
        }
    }

    private static List<Position> page(Records records, int size) {
        try (var stream = records.stream()) {
            return stream.limit(size).map(LogRecord::position).toList();
        }
    }

    /** The texts of messages and of summaries. */
    static List<String> texts(Records records) {
        List<String> texts = new ArrayList<>();
        try (RecordReader reader = records.reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                Event event = record.event(reader.blobs());
                if (event instanceof Message message) {
                    texts.add(message.text());
                } else if (event instanceof SegmentOpened opened
                        && opened.origin() instanceof Origin.Compacted compacted) {
                    texts.add(compacted.summary());
                }
            }
        }
        return texts;
    }

    private Position position(SessionId id, String text) {
        try (RecordReader reader = store.read(id).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                BlobSource blobs = reader.blobs();
                if (record.event(blobs) instanceof Message message
                        && message.text().equals(text)) {
                    return record.position();
                }
            }
        }
        throw new AssertionError("no message " + text);
    }
}
