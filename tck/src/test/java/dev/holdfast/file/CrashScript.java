package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the crash tests do with a store, over and over, and what of it was acknowledged. */
abstract class CrashScript {
    static final SessionId FIRST = SessionId.of(1_800_000_000_000L, 1, 1);
    static final SessionId SECOND = SessionId.of(1_800_000_000_001L, 2, 2);

    final Machine machine;
    final Ledger ledger = new Ledger();
    /** The process that drives, or null before it began. */
    SimulatedProcess driver;
    /** A second process, which annotates. */
    SimulatedProcess visitor;

    CrashScript(Machine machine) {
        this.machine = machine;
    }

    /** Runs to the end, or to the first fault. */
    abstract void run();

    /** What was done until the end of the run. */
    List<Operation> trace = List.of();

    final void kill() {
        trace = machine.trace();
        if (visitor != null) {
            visitor.kill();
        }
        if (driver != null) {
            driver.kill();
        }
    }

    /**
     * Goes on with what a machine's disk has now: looks, appends, looks again in another process after a power cut.
     *
     * @param powerWasCut whether what was not durable may be gone already
     * @param cutAgain whether the power goes once more; a disk that has lied and could not be marked may not survive that
     */
    final void checkAfterwards(Machine after, boolean powerWasCut, boolean cutAgain) {
        Ledger fate = ledger.copy();
        if (isGone(after, fate)) {
            return;
        }
        Random random = new Random(after.operations());
        SimulatedProcess second = after.startAlone();
        fate.check(second.store(), powerWasCut);
        fate.goOn(second, "second process");
        fate.check(second.store(), powerWasCut);
        second.kill();
        Machine then = cutAgain ? after.afterPowerCut(Survival.NOTHING, random) : after;
        if (isGone(then, fate)) {
            return;
        }
        SimulatedProcess third = then.startAlone();
        fate.check(third.store(), powerWasCut || cutAgain);
        fate.goOn(third, "third process");
        third.close();
    }

    private boolean isGone(Machine machine, Ledger fate) {
        if (machine.disk().length(Machine.STORE.resolve("holdfast.json")) >= 0) {
            return false;
        }
        assertThat(driver != null || fate.sessions().values().stream().anyMatch(history -> history.created))
                .as("a store that was acknowledged is gone")
                .isFalse();
        return true;
    }

    static void throwFirst(List<Throwable> wrong, int cases) {
        if (!wrong.isEmpty()) {
            wrong.forEach(each -> System.out.println("WRONG " + shortened(each.getMessage())));
            throw new AssertionError(
                    wrong.size() + " of " + cases + " went wrong, the first: "
                            + shortened(wrong.getFirst().getMessage()),
                    wrong.getFirst());
        }
    }

    /** One line, without the large payloads. */
    private static String shortened(String message) {
        return message.replaceAll("\\s+", " ").replaceAll("(.)\\1{20,}", "$1...");
    }

    Session create(SessionId id, SessionConfig config) {
        ledger.of(id);
        Session session = driver.keep(driver.store().create(config, id, new Origin.Fresh()));
        ledger.of(id).created = true;
        return session;
    }

    AppendResult relaxed(Session session, Event... events) {
        return ledger.append(session.id(), true, Append.of(events).relaxed(), List.of(events), session::append);
    }

    AppendResult idempotent(Session session, String id, Event... events) {
        return ledger.append(session.id(), false, Append.of(events).id(id), List.of(events), session::append);
    }

    AppendResult conditional(Session session, Position expected, Event... events) {
        return ledger.append(
                session.id(), false, Append.of(events).expecting(expected), List.of(events), session::append);
    }

    static Event output(String text) {
        return OutputAppended.of(text);
    }

    /** A little of everything. */
    static final class Everything extends CrashScript {
        Everything(Machine machine) {
            super(machine);
        }

        @Override
        void run() {
            machine.createStore();
            driver = machine.start();
            visitor = machine.start();
            Session session = create(
                    FIRST,
                    SessionConfig.conversation("a title")
                            .tags(List.of("one"))
                            .metadata(Map.of("key", Json.of("value"))));
            ledger.append(session, new Lifecycle.Started());
            ledger.append(session, Message.user("first question"));
            ledger.append(session, output("batch 1"), Message.assistant("batch 2"), output("batch 3"));
            idempotent(session, "k1", Message.user("once"));
            assertThat(idempotent(session, "k1", Message.user("once"))).isInstanceOf(AppendResult.Duplicate.class);
            conditional(session, session.last(), output("conditional"));
            conditional(session, new Position(FIRST, 1, 1), output("never"));
            relaxed(session, output("relaxed 1"));
            relaxed(session, output("relaxed 2"), output("relaxed 3"));
            session.force();
            ledger.forced(FIRST);
            ledger.append(session, output("large " + "x".repeat(70_000)));
            ledger.append(session, Message.assistant("beyond a page"), output("z".repeat(6_000)));
            ledger.append(session, new MetadataSet(Map.of("other", Json.of(7)), List.of("key")));
            ledger.append(
                    session, new UsageRecorded(new Tokens(1, 2, 3, 4, 5), "model", "response", new BigDecimal("0.10")));
            ledger.annotate(visitor.store(), FIRST, new Annotation.TitleSet("by another"));
            ledger.append(session, output("after the other"));
            ledger.annotate(visitor.store(), FIRST, new Annotation.Noted("n1", null), new Annotation.Noted("n2", "me"));
            session.compact("what was said so far", List.of(new Position(FIRST, 1, 2)));
            relaxed(session, output("relaxed 4"));
            ledger.append(session, output("after compaction"));
            ledger.annotate(visitor.store(), FIRST, new Annotation.Tagged(List.of("two"), List.of()));
            session.close();
            session = driver.keep(driver.store().drive(FIRST));
            ledger.append(session, new Lifecycle.Paused("rest"));
            fork(session);
            ledger.append(session, new Lifecycle.Resumed());
            relaxed(session, output("relaxed 5"));
            ledger.append(session, new Lifecycle.Completed("done", null));
            session.close();
            removeAndRestore();
        }

        private void fork(Session parent) {
            // A fork draws its own id; a second session under a known one is what can be checked after a crash.
            Session second = create(SECOND, SessionConfig.workflow("second"));
            ledger.append(second, new Lifecycle.Started());
            ledger.append(second, output("second 1"), output("second 2"));
            second.close();
        }

        private void removeAndRestore() {
            Ledger.History history = ledger.of(SECOND);
            history.place = Ledger.Place.EITHER;
            Trashed trashed = driver.store().delete(SECOND);
            history.place = Ledger.Place.TRASH;
            driver.store().list(SessionFilter.ALL);
            history.place = Ledger.Place.EITHER;
            driver.store().trash().restore(trashed);
            history.place = Ledger.Place.STORE;
            Session second = driver.keep(driver.store().drive(SECOND));
            ledger.append(second, output("after the trash"));
            second.close();
        }
    }

    /** A segment that reaches its limit, by large records. */
    static final class RollOver extends CrashScript {
        private static final Event MEBIBYTE = large();

        RollOver(Machine machine) {
            super(machine);
        }

        private static Event large() {
            StringBuilder text = new StringBuilder("[0");
            while (text.length() < 1_000_000) {
                text.append(",\"").append("m".repeat(10_000)).append('"');
            }
            return new Extension("test.large", Json.parse(text.append(']').toString()));
        }

        @Override
        void run() {
            machine.createStore();
            driver = machine.start();
            visitor = machine.start();
            Session session = create(FIRST, SessionConfig.conversation("large"));
            Event[] eight = new Event[9];
            java.util.Arrays.fill(eight, MEBIBYTE);
            ledger.append(session, eight);
            ledger.append(session, output("rolls over"), output("whole"));
            Position last = session.last();
            conditional(session, last, output("goes on"));
            ledger.annotate(visitor.store(), FIRST, new Annotation.Noted("by another", null));
            ledger.append(session, output("after the other"));
            session.close();
        }
    }
}
