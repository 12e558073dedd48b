package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checkpoints: named places that can be gone back to. */
class CheckpointTest extends EveryStore {
    private static final Json SMALL = Json.parse("{\"step\":1}");
    private static final Json BIG = Json.parse("{\"text\":\"" + LARGE + "\"}");

    @Test
    void checkpointsAreListedWithoutTheirState() {
        SessionId id = make(CONVERSATION, session -> {
            session.append(Message.user("one"));
            Checkpoint first = session.checkpoint(
                    NewCheckpoint.labelled("first").state(SMALL).metadata(Map.of("by", Json.parse("\"ann\""))));
            session.append(Message.user("two"));
            Checkpoint second =
                    session.checkpoint(NewCheckpoint.labelled("").state(BIG).notResumable());
            assertThat(session.read().checkpoints()).containsExactly(first, second);
        });
        SessionView view = another().read(id);
        List<Checkpoint> all = view.checkpoints();

        assertThat(all).extracting(Checkpoint::number).containsExactly(1L, 2L);
        assertThat(all).extracting(Checkpoint::resumable).containsExactly(true, false);
        assertThat(all).allMatch(Checkpoint::current);
        assertThat(all.getFirst().metadata()).containsEntry("by", Json.parse("\"ann\""));
        assertThat(view.checkpointState(all.get(0))).isEqualTo(SMALL);
        assertThat(view.checkpointState(all.get(1))).isEqualTo(BIG);
        assertThat(view.state().checkpoints()).isEqualTo(2);
        assertThat(view.checkpoint("first")).isEqualTo(all.get(0));
        assertThat(view.checkpoint("2")).isEqualTo(all.get(1));
        assertThat(view.checkpoint(all.get(1).id())).isEqualTo(all.get(1));
        assertThat(view.latestResumable()).contains(all.get(0));
        refused(ErrorCode.NOT_FOUND, () -> view.checkpoint("3"));
    }

    @Test
    void restoringGoesOnFromTheCheckpointAndKeepsTheLaterOnes() {
        SessionId id;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.append(Message.user("one"));
            Checkpoint first = session.checkpoint(NewCheckpoint.labelled("a").state(BIG));
            session.append(Message.user("two"));
            session.checkpoint(NewCheckpoint.labelled("b").state(SMALL));
            session.restore(first);
            session.append(Message.user("three"));
            session.checkpoint(NewCheckpoint.labelled("c"));
        }
        SessionView view = another().read(id);
        assertThat(LineageTest.texts(view.view())).containsExactly("one", "three");
        assertThat(LineageTest.texts(view.history())).containsExactly("one", "two", "three");
        assertThat(view.checkpoints()).extracting(Checkpoint::label).containsExactly("a", "b", "c");
        assertThat(view.checkpoints()).extracting(Checkpoint::current).containsExactly(true, false, true);
        assertThat(view.checkpoints()).extracting(Checkpoint::number).containsExactly(1L, 2L, 3L);
        assertThat(restoredState(view)).isEqualTo(BIG);
    }

    @Test
    void aRetryGoesOnFromTheLastResumableCheckpoint() {
        SessionId id = make(CONVERSATION, session -> {
            session.start();
            session.append(Message.user("one"));
            session.checkpoint(NewCheckpoint.labelled("a"));
            session.append(Message.user("two"));
            session.checkpoint(NewCheckpoint.labelled("b").notResumable());
            session.fail("broken");
        });
        try (Session retry = store.retry(id)) {
            assertThat(LineageTest.texts(retry.read().view())).containsExactly("one");
            retry.start();
            retry.append(Message.user("better"));
            assertThat(LineageTest.texts(retry.read().view())).containsExactly("one", "better");
            refused(ErrorCode.CONFLICT, () -> store.retry(retry.id()));
        }
        SessionId plain = make(CONVERSATION, session -> {
            session.append(Message.user("whole"));
            session.cancel("");
            session.note("a remark");
        });
        try (Session retry = store.retry(plain)) {
            assertThat(LineageTest.texts(retry.read().view())).containsExactly("whole");
        }
    }

    @Test
    void prunedCheckpointsLeaveTheListAndNothingElse() {
        SessionId id = make(CONVERSATION, session -> {
            Checkpoint a = session.checkpoint(NewCheckpoint.labelled("a").state(SMALL));
            session.checkpoint(NewCheckpoint.labelled("b"));
            session.prune(List.of(a));
            session.checkpoint(NewCheckpoint.labelled("c"));
        });
        SessionView view = store.read(id);
        assertThat(view.checkpoints()).extracting(Checkpoint::label).containsExactly("b", "c");
        assertThat(view.allCheckpoints()).extracting(Checkpoint::label).containsExactly("a", "b", "c");
        assertThat(view.checkpointState(view.allCheckpoints().getFirst())).isEqualTo(SMALL);
    }

    @Test
    void aCheckpointWithAWrongNumberOrLinkIsRefused() {
        make(CONVERSATION, session -> {
            session.checkpoint(NewCheckpoint.labelled("a"));
            Position last = session.last();
            refused(ErrorCode.INVALID_ARGUMENT, () -> session.append(taken(1, last.toString())));
            refused(ErrorCode.INVALID_ARGUMENT, () -> session.append(taken(2, null)));
            session.append(taken(2, last.toString()));
            assertThat(session.read().checkpoints()).hasSize(2);
        });
    }

    @Test
    void aDamagedStateIsToldAndTheNextOlderOneIsOffered() throws IOException {
        SessionId id = make(CONVERSATION, session -> {
            session.checkpoint(NewCheckpoint.labelled("old").state(SMALL));
            session.checkpoint(NewCheckpoint.labelled("new").state(BIG));
        });
        if (kind == Kind.MEMORY) {
            // The heap is not damaged: what holds there is that nothing is called damaged.
            assertThat(store.read(id).checkpoints()).noneMatch(store.read(id)::isDamaged);
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            Path blob = files.filter(file -> file.getParent().endsWith("blobs"))
                    .findFirst()
                    .orElseThrow();
            byte[] content = Files.readAllBytes(blob);
            content[content.length / 2] ^= 1;
            Files.write(blob, content);
        }
        SessionView view = another().read(id);
        assertThat(view.checkpoints()).extracting(view::isDamaged).containsExactly(false, true);
        assertThat(view.latestResumable()).map(Checkpoint::label).contains("old");
        try (Session session = store.drive(id)) {
            Checkpoint damaged = view.checkpoint("new");
            refused(ErrorCode.DAMAGED, () -> session.restore(damaged));
            session.restore(view.latestResumable().orElseThrow());
        }
    }

    private static CheckpointTaken taken(long number, @org.jspecify.annotations.Nullable String previous) {
        return new CheckpointTaken("id" + number, number, "", null, Map.of(), 0, null, true, previous);
    }

    private static @org.jspecify.annotations.Nullable Json restoredState(SessionView view) {
        try (RecordReader reader = view.history().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.event(reader.blobs()) instanceof SegmentOpened opened
                        && opened.origin() instanceof Origin.Restored restored) {
                    return restored.state();
                }
            }
        }
        return null;
    }
}
