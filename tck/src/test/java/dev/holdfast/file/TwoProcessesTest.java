package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.OutcomeUnknownException;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Entry;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.tck.machine.Landing;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.Operation;
import dev.holdfast.tck.machine.SimulatedProcess;
import dev.holdfast.tck.machine.Survival;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process does about records that others wrote, or that nobody has forced yet. */
@Timeout(60)
class TwoProcessesTest {
    private static final SessionId ID = SessionId.of(1_800_000_000_000L, 5, 5);

    private final Machine machine = new Machine();
    private SimulatedProcess driver;
    private SimulatedProcess visitor;
    private Session session;

    @BeforeEach
    void start() {
        machine.createStore();
        driver = machine.start();
        visitor = machine.start();
        session = driver.keep(driver.store().create(SessionConfig.conversation("shared"), ID, new Origin.Fresh()));
        session.append(output("first"));
    }

    @AfterEach
    void stop() {
        driver.close();
        visitor.close();
    }

    private static Event output(String text) {
        return OutputAppended.of(text);
    }

    private static List<Position> positions(SessionStore store) {
        List<Position> all = new ArrayList<>();
        try (RecordReader reader = store.read(ID).records()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                all.add(record.position());
            }
        }
        return all;
    }

    /** What a new process finds after a power cut that took everything it could. */
    private SessionStore afterPowerCut() {
        return machine.afterPowerCut(Survival.NOTHING, new Random(1))
                .startAlone()
                .store();
    }

    // ---- what is visible is not durable yet ----

    @Test
    void aRepeatedAppendIsDurableThoughTheFirstWriterDiedBeforeItsForce() {
        machine.before(kind -> {
            if (kind == Operation.FORCE) {
                driver.cutOff();
            }
        });
        assertThatThrownBy(() -> session.append(Append.of(output("once")).id("k")))
                .isInstanceOf(HoldfastException.class);
        machine.before(kind -> {});
        driver.kill();
        Session next = visitor.keep(visitor.store().drive(ID));
        AppendResult again = next.append(Append.of(output("once")).id("k"));
        Position position = again instanceof AppendResult.Duplicate duplicate
                ? duplicate.first()
                : ((AppendResult.Appended) again).first();
        assertThat(positions(afterPowerCut())).contains(position);
    }

    @Test
    void anAppendBehindASegmentThatItsOpenerDidNotForceIsDurable() {
        for (Operation last : new Operation[] {Operation.FORCE, Operation.FORCE_DIRECTORY}) {
            SimulatedProcess opener = machine.startAlone();
            Session opening = opener.store().drive(ID);
            machine.before(kind -> {
                if (kind == last) {
                    opener.cutOff();
                }
            });
            assertThatThrownBy(() -> opening.compact("dies before " + last, List.of()))
                    .isInstanceOf(HoldfastException.class);
            machine.before(kind -> {});
            opener.kill();
            Position position = visitor.store().annotate(ID, new Annotation.Noted("after " + last, null));
            assertThat(positions(afterPowerCut()))
                    .as("the opener died before %s", last)
                    .contains(position);
        }
    }

    @Test
    void anAppendToASessionThatItsCreatorDidNotForceIsDurable() {
        SessionId unfinished = SessionId.of(1_800_000_000_000L, 6, 6);
        AtomicBoolean written = new AtomicBoolean();
        machine.before(kind -> {
            // The last directory to be forced is the session's own, behind its first record.
            if (kind == Operation.WRITE) {
                written.set(true);
            }
            if (kind == Operation.FORCE_DIRECTORY && written.get()) {
                driver.cutOff();
            }
        });
        assertThatThrownBy(() ->
                        driver.store().create(SessionConfig.conversation("unfinished"), unfinished, new Origin.Fresh()))
                .isInstanceOf(HoldfastException.class);
        machine.before(kind -> {});
        driver.kill();
        if (visitor.store().exists(unfinished)) {
            visitor.store().annotate(unfinished, new Annotation.Noted("acknowledged", null));
            assertThat(afterPowerCut().exists(unfinished)).isTrue();
        }
    }

    @Test
    void aBlobInADirectoryThatItsMakerDidNotForceIsDurable() {
        AtomicBoolean made = new AtomicBoolean();
        machine.before(kind -> {
            if (kind == Operation.MAKE_DIRECTORY) {
                made.set(true);
            } else if (kind == Operation.FORCE_DIRECTORY && made.get()) {
                driver.cutOff();
            }
        });
        Message large = Message.assistant("large ".repeat(20_000));
        assertThatThrownBy(() -> session.append(large)).isInstanceOf(HoldfastException.class);
        machine.before(kind -> {});
        driver.kill();
        Position position = visitor.keep(visitor.store().drive(ID)).append(large);
        try (RecordReader reader = afterPowerCut().read(ID).records(position)) {
            assertThat(reader.next().event(reader.blobs())).isEqualTo(large);
        }
    }

    @Test
    void whatIsInATrashThatItsMakerDidNotForceIsDurable() {
        session.close();
        AtomicBoolean made = new AtomicBoolean();
        machine.before(kind -> {
            if (kind == Operation.MAKE_DIRECTORY) {
                made.set(true);
            } else if (kind == Operation.FORCE_DIRECTORY && made.get()) {
                driver.cutOff();
            }
        });
        assertThatThrownBy(() -> driver.store().delete(ID)).isInstanceOf(HoldfastException.class);
        machine.before(kind -> {});
        driver.kill();
        visitor.store().delete(ID);
        SessionStore after = afterPowerCut();
        assertThat(after.trash().list()).hasSize(1);
        after.trash().restore(after.trash().list().getFirst());
        assertThat(positions(after)).hasSize(2);
    }

    @Test
    void aForceCoversRelaxedAppendsThoughAnotherAppendWasRefusedMeanwhile() {
        Position relaxed = ((AppendResult.Appended)
                        session.append(Append.of(output("relaxed")).relaxed()))
                .first();
        driver.refuseNextLock(new HoldfastException(ErrorCode.BUSY, "locked by another"));
        assertThatThrownBy(() -> session.append(output("busy"))).hasMessageContaining("locked by another");
        session.force();
        assertThat(positions(afterPowerCut())).contains(relaxed);
    }

    @Test
    void whatAForkGoesOnFromIsDurableBeforeTheFork() {
        Position relaxed = ((AppendResult.Appended)
                        session.append(Append.of(output("relaxed")).relaxed()))
                .first();
        visitor.keep(visitor.store().fork(relaxed, SessionConfig.conversation("fork")));
        assertThat(positions(afterPowerCut())).contains(relaxed);
    }

    // ---- what others wrote ----

    @Test
    void aConditionHoldsForARecordThatAnotherProcessWrote() {
        Position theirs = visitor.store().annotate(ID, new Annotation.Noted("theirs", null));
        assertThat(session.append(Append.of(output("behind it")).expecting(theirs)))
                .isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void aConflictNamesTheLastRecordThoughAnotherProcessWroteIt() {
        Position mine = session.last();
        Position theirs = visitor.store().annotate(ID, new Annotation.Noted("theirs", null));
        assertThat(session.append(Append.of(output("never")).expecting(new Position(ID, 1, 0))))
                .isInstanceOfSatisfying(
                        AppendResult.Conflict.class,
                        conflict -> assertThat(conflict.last()).isEqualTo(theirs));
        assertThat(theirs).isNotEqualTo(mine);
    }

    @Test
    void aReadThatFailsHalfwayCountsNoRecordTwice() {
        long records = 1;
        for (int operation = 0; operation < 16; operation++) {
            // More than is read at once, so that the first of them is taken in before the next read fails.
            visitor.store().annotate(ID, new Annotation.Noted("long ".repeat(1_000), null));
            visitor.store().annotate(ID, new Annotation.Noted("long ".repeat(4_000), null));
            records += 2;
            machine.failAfter(operation, Landing.NONE);
            try {
                session.state();
            } catch (HoldfastException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
            }
            machine.heal();
            assertThat(session.state().records())
                    .as("failed at operation " + operation)
                    .isEqualTo(records);
        }
    }

    @Test
    void aHandleThatWroteNothingClosesWellThoughOthersOpenedASegment() {
        session.close();
        Session idle = driver.store().drive(ID);
        SimulatedProcess other = machine.startAlone();
        other.store().drive(ID).compact("by another", List.of());
        idle.close();
        driver.store().drive(ID).close();
        other.close();
    }

    @Test
    void aHandleThatWroteNothingAppendsWellThoughOthersOpenedASegment() {
        // Nobody said whether the last record was forced.
        driver.kill();
        Session idle = visitor.keep(visitor.store().drive(ID));
        SimulatedProcess other = machine.startAlone();
        other.store().drive(ID).compact("by another", List.of());
        assertThat(idle.append(output("behind it")).segment()).isEqualTo(2);
        other.close();
    }

    @Test
    void aSegmentThatALateOpenerFinishedIsNotPassedOver() throws InterruptedException {
        // Neither process has a lock: the first was paused while it opened a segment, and both believe to hold it.
        SimulatedProcess late = machine.startAlone();
        Session slow = late.keep(late.store().drive(ID));
        CountDownLatch created = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        List<Position> acknowledged = new ArrayList<>();
        Thread opener = new Thread(() -> {
            acknowledged.add(slow.compact("late", List.of()));
            acknowledged.add(slow.append(output("by the late one")));
        });
        machine.before(kind -> {
            if (kind == Operation.WRITE && Thread.currentThread() == opener && created.getCount() > 0) {
                created.countDown();
                await(awake);
            }
        });
        opener.start();
        created.await();
        Thread here = Thread.currentThread();
        AtomicBoolean once = new AtomicBoolean(true);
        machine.before(kind -> {
            if (kind == Operation.CREATE && Thread.currentThread() == here && once.getAndSet(false)) {
                awake.countDown();
                join(opener);
            }
        });
        Position mine = session.append(output("by the other one"));
        join(opener);
        assertThat(acknowledged).as("the late one was acknowledged").hasSize(2);
        assertThat(positions(visitor.store())).containsAll(acknowledged).contains(mine);
        late.close();
    }

    @Test
    void aWriterThatSleptWhileAnotherWroteIsAcknowledgedOnlyIfItsRecordCounts() {
        for (Operation moment : new Operation[] {Operation.WRITE, Operation.FORCE}) {
            for (boolean opensSegment : new boolean[] {false, true}) {
                // Behind debris this opens a segment, so that the next append is one write and one force.
                session.append(output("settles"));
                // The other one believes to have the lock too.
                SimulatedProcess other = machine.startAlone();
                Session rival = other.keep(other.store().drive(ID));
                rival.state();
                AtomicBoolean once = new AtomicBoolean(true);
                List<Position> acknowledged = new ArrayList<>();
                machine.before(kind -> {
                    if (kind == moment && once.getAndSet(false)) {
                        if (opensSegment) {
                            acknowledged.add(rival.compact("meanwhile", List.of()));
                        }
                        try {
                            acknowledged.add(rival.append(output("of the rival")));
                        } catch (OutcomeUnknownException e) {
                            // It saw what the sleeper wrote.
                        }
                    }
                });
                String mine = "of the sleeper " + moment + opensSegment;
                try {
                    Position position = session.append(output(mine));
                    assertThat(textAt(position))
                            .as("%s, %s", moment, opensSegment)
                            .isEqualTo(mine);
                } catch (OutcomeUnknownException e) {
                    session.close();
                    session = driver.keep(driver.store().drive(ID));
                }
                machine.before(kind -> {});
                assertThat(positions(visitor.store())).containsAll(acknowledged);
                other.kill();
            }
        }
    }

    private String textAt(Position position) {
        try (RecordReader reader = visitor.store().read(ID).records(position)) {
            LogRecord record = reader.next();
            return record != null
                            && record.position().equals(position)
                            && record.event(reader.blobs()) instanceof OutputAppended found
                    ? new String(found.line(), StandardCharsets.UTF_8)
                    : "";
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStoreClosesAllItsSessionsThoughOneFails() {
        Session other = driver.keep(driver.store().create(SessionConfig.conversation("other")));
        session.append(Append.of(output("relaxed")).relaxed());
        other.append(Append.of(output("relaxed")).relaxed());
        machine.failAfter(0, Landing.NONE);
        try {
            driver.store().close();
        } catch (HoldfastException e) {
            assertThat(e.code()).isIn(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.STORAGE);
        }
        machine.heal();
        visitor.store().drive(ID).close();
        visitor.store().drive(other.id()).close();
    }

    // ---- what is acknowledged can be read ----

    @Test
    void whateverIsAcknowledgedCanBeReadHoweverLargeItsSource() {
        Json source = Json.of("\u20ac".repeat(32_000));
        StringBuilder items = new StringBuilder("[0");
        while (items.length() < 1_040_000) {
            items.append(",\"").append("m".repeat(10_000)).append('"');
        }
        Event large = new Extension("test.large", Json.parse(items.append(']').toString()));
        Position position;
        try {
            AppendResult result = session.append(
                    Append.entries(List.of(new Entry(large, null, Json.parse("{\"raw\":" + source.text() + "}")))));
            position = ((AppendResult.Appended) result).first();
        } catch (HoldfastException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE);
            return;
        }
        assertThat(positions(visitor.store())).contains(position);
    }

    @Test
    void anUnknownEventThatBearsAKnownNameChangesTheStateNowAsItDoesLater() {
        List<Event> odd = List.of(
                new Unknown("session.completed", Json.parse("{\"summary\":\"odd\"}")),
                new Unknown("message.added", Json.parse("{\"role\":\"user\",\"parts\":[]}")),
                new Unknown("segment.opened", Json.parse("{}")),
                new Unknown("title.set", Json.parse("{\"title\":\"odd\"}")));
        for (Event event : odd) {
            try {
                session.append(event);
            } catch (HoldfastException e) {
                continue;
            }
            SessionState now = session.state();
            assertThat(visitor.store().read(ID).state()).as(event.type()).isEqualTo(now);
        }
        session.append(Message.user("still open"));
    }
}
