package dev.holdfast.travel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Append;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.ImportResult;
import dev.holdfast.store.NewCheckpoint;
import dev.holdfast.store.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A session that comes where one of its id is: nothing, the rest, or a fork; never anything of what is there lost. */
class DivergenceTest extends TwoStores {
    private static final UsageRecorded USAGE = new UsageRecorded(new Tokens(100, 10, 0, 0, 0), "m", null, null);

    @Test
    void whatIsThereAlreadyChangesNothing() {
        SessionId id = make(here, session -> everything(session, 1));
        Path early = export(here, id);
        goOn(here, id, session -> session.append(Message.user("more")));
        Path late = export(here, id);
        Archive.read(late, there);
        var before = files("there");

        assertThat(Archive.read(late, there)).isEqualTo(new ImportResult.Unchanged(id));
        assertThat(Archive.read(early, there)).isEqualTo(new ImportResult.Unchanged(id));
        assertThat(files("there")).isEqualTo(before);
    }

    @Test
    void whatGoesOnIsAppendedAsItIs() {
        SessionId id = make(here, session -> everything(session, 1));
        travel(here, id, there);
        goOn(here, id, session -> {
            session.append(Append.of(Message.user("a"), Message.user(LARGE + "b"), USAGE)
                    .id("turn"));
            session.append(Append.of(Message.user("relaxed")).relaxed());
            session.append(Append.of(Message.user("relaxed too")).relaxed());
            checkpoint(session, "new");
            session.pause("later");
        });
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Extended(id, 7));
        assertThat(texts(there.read(id).history()))
                .isEqualTo(texts(here.read(id).history()));
        assertThat(there.read(id).state()).isEqualTo(here.read(id).state());
        assertWhole(there, id);
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Unchanged(id));
        assertThat(travel(there, id, here)).isEqualTo(new ImportResult.Unchanged(id));
    }

    @Test
    void whatGoesOnInNewSegmentsGoesOnInThem() {
        SessionId id = make(here, session -> everything(session, 1));
        travel(here, id, there);
        goOn(here, id, session -> {
            Position two = session.append(Message.assistant("two"));
            session.compact("summary " + LARGE.repeat(3), List.of(two));
            session.append(Message.user("three"));
            session.rewind(two);
            session.append(Message.user("four"));
        });
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Extended(id, 5));
        assertThat(lines(there.read(id).history()))
                .isEqualTo(lines(here.read(id).history()));
        assertThat(lines(there.read(id).view())).isEqualTo(lines(here.read(id).view()));
        assertThat(there.read(id).state()).isEqualTo(here.read(id).state());
        assertWhole(there, id);
        goOn(there, id, session -> session.append(Message.user("five")));
        assertThat(travel(there, id, here)).isEqualTo(new ImportResult.Extended(id, 1));
    }

    @Test
    void aDrivenSessionIsNotExtended() {
        SessionId id = make(here, session -> session.append(Message.user("one")));
        travel(here, id, there);
        goOn(here, id, session -> session.append(Message.user("two")));
        Path file = export(here, id);
        try (Session driven = there.drive(id)) {
            refused(ErrorCode.DRIVEN_BY_OTHER, () -> Archive.read(file, there));
            assertThat(driven.state().messages()).isEqualTo(1);
        }
        assertThat(Archive.read(file, there)).isInstanceOf(ImportResult.Extended.class);
    }

    @Test
    void whatWentAnotherWayBecomesAFork() {
        Checkpoint[] common = new Checkpoint[1];
        SessionId id = make(here, session -> {
            session.start();
            session.append(Message.user("one"), USAGE);
            common[0] = session.checkpoint(NewCheckpoint.labelled("common"));
        });
        travel(here, id, there);
        Position last = there.read(id).last();
        goOn(there, id, session -> session.append(Message.user("there")));
        var before = files("there");
        goOn(here, id, session -> {
            session.append(Message.user("here " + LARGE), USAGE);
            checkpoint(session, "here");
            session.checkpoint(NewCheckpoint.labelled("here too"));
            Position kept = session.append(Message.assistant("kept"));
            session.compact("summary", List.of(kept, common[0].position()));
            session.append(Message.user("after"));
            session.rewind(kept);
            session.append(Message.user("at last"));
        });
        ImportResult result = travel(here, id, there);

        assertThat(result).isInstanceOfSatisfying(ImportResult.Forked.class, forked -> {
            assertThat(forked.of()).isEqualTo(id);
            assertThat(forked.at()).isEqualTo(last);
        });
        SessionId fork = result.id();
        assertThat(texts(there.read(fork).history()))
                .isEqualTo(texts(here.read(id).history()));
        assertThat(texts(there.read(fork).view())).isEqualTo(texts(here.read(id).view()));
        assertThat(texts(there.read(id).history())).containsExactly("one", "there");
        assertThat(files("there")).containsAllEntriesOf(before);
        var state = there.read(fork).state();
        assertThat(state.tokens().input()).as("its own cost").isEqualTo(100);
        assertThat(state.status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(state.oddities()).isZero();
        assertThat(there.read(fork).checkpoints())
                .extracting(Checkpoint::label)
                .containsExactly("common", "here", "here too");
        assertThat(lines(there.read(fork).history()))
                .anyMatch(line -> line.contains("here too") && line.contains("\"previous\":\"" + fork));
        assertThat(there.read(fork).checkpointState(there.read(fork).checkpoint("here")))
                .isEqualTo(here.read(id).checkpointState(here.read(id).checkpoint("here")));
        assertWhole(there, fork);
        refused(ErrorCode.CONFLICT, () -> there.delete(id));
        goOn(there, fork, session -> session.restore(session.read().checkpoint("here")));
    }

    @Test
    void theSameForkComesOnceAndGrows() {
        SessionId id = make(here, session -> session.append(Message.user("one")));
        travel(here, id, there);
        there.annotate(id, new Annotation.Noted("there", null));
        goOn(here, id, session -> session.append(Message.user("two")));
        SessionId fork = travel(here, id, there).id();
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Unchanged(fork));
        goOn(here, id, session -> {
            session.append(Message.user("three"));
            session.compact("summary", List.of());
            session.append(Message.user("four"));
        });
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Extended(fork, 3));
        assertThat(texts(there.read(fork).history())).containsExactly("one", "two", "three", "four");
        assertThat(texts(there.read(fork).view())).containsExactly("four");
        assertThat(sessions(there)).hasSize(2);
        assertWhole(there, fork);

        goOn(there, fork, session -> session.append(Message.user("the fork's own")));
        goOn(here, id, session -> session.append(Message.user("five")));
        ImportResult again = travel(here, id, there);
        assertThat(again).isInstanceOf(ImportResult.Forked.class);
        assertThat(texts(there.read(again.id()).history())).containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void twoSessionsOfOneIdWithNothingInCommonBothStay() {
        SessionId id = SessionId.of(1_800_000_000_000L, 1, 1);
        Origin origin = new Origin.Imported("other", "x", "", "");
        for (var store : List.of(here, there)) {
            try (Session session = store.create(SessionConfig.conversation("imported"), id, origin)) {
                session.append(Message.user(store == here ? "here" : "there"));
                session.compact("s", List.of(session.last()));
            }
        }
        ImportResult result = travel(here, id, there);
        assertThat(result)
                .isInstanceOfSatisfying(
                        ImportResult.Forked.class,
                        forked -> assertThat(forked.at()).isNull());
        assertThat(texts(there.read(result.id()).history())).containsExactly("here");
        assertThat(texts(there.read(result.id()).view())).containsExactly("here");
        assertThat(texts(there.read(id).view())).containsExactly("there");
        assertThat(there.read(result.id()).state().origin()).isEqualTo(origin);
        assertWhole(there, result.id());
        assertThat(travel(here, id, there)).isEqualTo(new ImportResult.Unchanged(result.id()));
    }

    @Test
    void howeverTwoCopiesGoOnNothingIsLostOnTheRoad() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            SessionId id = make(here, session -> session.append(Message.user("beginning")));
            travel(here, id, there);
            for (int k = random.nextInt(4); k > 0; k--) {
                turn(random, here, id);
            }
            for (int k = random.nextInt(3); k > 0; k--) {
                turn(random, there, id);
            }
            List<String> history = texts(here.read(id).history());
            List<String> view = texts(here.read(id).view());
            List<String> theirs = texts(there.read(id).history());
            ImportResult result = travel(here, id, there);
            if (!(result instanceof ImportResult.Unchanged)) {
                assertThat(texts(there.read(result.id()).history()))
                        .as("seed %d", seed)
                        .isEqualTo(history);
                assertThat(texts(there.read(result.id()).view()))
                        .as("seed %d", seed)
                        .isEqualTo(view);
            }
            assertThat(texts(there.read(id).history())).as("seed %d", seed).containsAll(theirs);
            assertThat(travel(here, id, there)).isInstanceOf(ImportResult.Unchanged.class);
            assertWhole(there, result.id());
        }
    }

    private static void turn(Random random, dev.holdfast.store.SessionStore store, SessionId id) {
        goOn(store, id, session -> {
            switch (random.nextInt(5)) {
                case 0 -> session.compact("s" + random.nextInt(), List.of(session.last()));
                case 1 -> session.rewind(new Position(id, 1, 1));
                case 2 -> checkpoint(session, "c" + random.nextInt());
                case 3 -> session.append(Message.user("a" + random.nextInt()), Message.user("b"));
                default -> session.append(Message.user(random.nextInt() + LARGE));
            }
        });
    }
}
