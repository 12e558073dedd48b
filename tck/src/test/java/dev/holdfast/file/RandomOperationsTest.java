package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.session.Fold;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.NewCheckpoint;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random operations, held against a model made of lists: on simulated disks with crashes, and on the heap. */
class RandomOperationsTest {
    private static final long SEED = Long.getLong("seed", 20_261_120L);
    private static final int WINDOW = 1_024;

    @Test
    void aStoreOnDiskDoesWhatTheModelDoes() {
        System.out.println("seed " + SEED);
        for (int number = 0; number < Integer.getInteger("runs", 60); number++) {
            run(SEED + number, new OnDisk());
        }
    }

    @Test
    void aStoreOnTheHeapDoesWhatTheModelDoes() {
        System.out.println("seed " + SEED);
        for (int number = 0; number < Integer.getInteger("runs", 60); number++) {
            run(SEED + number, new OnHeap());
        }
    }

    @Test
    void anIdIsRememberedForTheLastRecordsAndNoLonger() {
        for (boolean restarted : new boolean[] {false, true}) {
            for (World world : List.of(new OnDisk(), new OnHeap())) {
                SessionId id = SessionId.of(1_800_000_000_000L, 9, 9);
                Session session =
                        world.driving().create(SessionConfig.of(SessionKind.CONVERSATION), id, new Origin.Fresh());
                Append once = Append.of(OutputAppended.of("once")).id("once");
                AppendResult.Appended first = (AppendResult.Appended) session.append(once);
                Event[] more = new Event[WINDOW - 1];
                Arrays.fill(more, OutputAppended.of("more"));
                session.compact("between them", List.of());
                session.append(more);
                if (restarted) {
                    world.restart(true);
                    session = world.driving().drive(id);
                }
                assertThat(session.append(once)).isEqualTo(new AppendResult.Duplicate(first.first()));
                session.append(OutputAppended.of("one more"));
                assertThat(session.append(once)).isInstanceOf(AppendResult.Appended.class);
                world.close();
            }
        }
    }

    private static void run(long seed, World world) {
        Run run = new Run(world, new Random(seed));
        try {
            run.run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", step " + run.steps + ": " + e, e);
        } finally {
            world.close();
        }
    }

    // ---- where it happens ----

    /** Two processes over the same sessions. */
    private interface World extends AutoCloseable {
        SessionStore driving();

        SessionStore visiting();

        /** The driving process ends and a new one begins. */
        void restart(boolean kill);

        /** Ends for good; fails nobody. */
        @Override
        void close();
    }

    private static final class OnDisk implements World {
        private final Machine machine = new Machine();
        private SimulatedProcess driver;
        private final SimulatedProcess visitor;

        OnDisk() {
            machine.createStore();
            driver = machine.start();
            visitor = machine.start();
        }

        @Override
        public SessionStore driving() {
            return driver.store();
        }

        @Override
        public SessionStore visiting() {
            return visitor.store();
        }

        @Override
        public void restart(boolean kill) {
            if (kill) {
                driver.kill();
            } else {
                driver.close();
            }
            driver = machine.start();
        }

        @Override
        public void close() {
            driver.close();
            visitor.close();
        }
    }

    private static final class OnHeap implements World {
        private final MemoryBackend backend = new MemoryBackend();
        private SessionStore driver = SessionStore.on(backend, StoreOptions.usual());
        private final SessionStore visitor = SessionStore.on(backend, StoreOptions.usual());

        @Override
        public SessionStore driving() {
            return driver;
        }

        @Override
        public SessionStore visiting() {
            return visitor;
        }

        @Override
        public void restart(boolean kill) {
            driver.close();
            driver = SessionStore.on(backend, StoreOptions.usual());
        }

        @Override
        public void close() {
            driver.close();
            visitor.close();
        }
    }

    // ---- one run ----

    private static final class Run {
        private final World world;
        private final Random random;
        private final List<SessionModel> models = new ArrayList<>();
        private final Session[] handles = new Session[3];
        private int steps;
        private int texts;

        Run(World world, Random random) {
            this.world = world;
            this.random = random;
        }

        void run() {
            for (int k = 0; k < handles.length; k++) {
                SessionKind kind = k == 0 ? SessionKind.WORKFLOW : SessionKind.CONVERSATION;
                SessionId id = SessionId.of(1_800_000_000_000L, k + 1, k + 1);
                handles[k] = world.driving().create(SessionConfig.of(kind), id, new Origin.Fresh());
                models.add(new SessionModel(id, kind));
            }
            for (steps = 0; steps < 120; steps++) {
                int which = random.nextInt(handles.length);
                step(which, models.get(which));
            }
            world.restart(true);
            for (SessionModel model : models) {
                compare(world.driving(), model);
            }
        }

        private void step(int which, SessionModel model) {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> append(which, model, null, null);
                case 4, 5, 6 -> append(which, model, "id-" + random.nextInt(6), null);
                case 7, 8 -> append(which, model, null, expected(model));
                case 9 -> append(which, model, "id-" + random.nextInt(6), expected(model));
                case 10 -> visit(model);
                case 11 -> compact(handles[which], model);
                case 12 -> {
                    handles[which].close();
                    compare(random.nextBoolean() ? world.driving() : world.visiting(), model);
                    handles[which] = world.driving().drive(model.id);
                }
                case 13 -> {
                    world.restart(random.nextBoolean());
                    for (int k = 0; k < handles.length; k++) {
                        handles[k] = world.driving().drive(models.get(k).id);
                    }
                }
                case 14 -> {
                    assertThat(handles[which].last()).isEqualTo(model.last());
                    assertThat(handles[which].state().status()).isEqualTo(model.status);
                    assertThat(handles[which].state().records()).isEqualTo(model.records.size());
                }
                case 15 -> {
                    handles[which].close();
                    if (model.forked) {
                        assertThatThrownBy(() -> world.visiting().delete(model.id))
                                .isInstanceOfSatisfying(
                                        HoldfastException.class,
                                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
                    } else {
                        world.driving().trash().restore(world.visiting().delete(model.id));
                    }
                    handles[which] = world.driving().drive(model.id);
                }
                case 16 -> checkpoint(handles[which], model);
                case 17 -> goBack(handles[which], model);
                case 18 -> {
                    if (!model.records.isEmpty()) {
                        fork(model);
                    }
                }
                default -> {
                    if (model.status.isFinal()) {
                        retry(model);
                    } else {
                        assertThatThrownBy(() -> world.driving().retry(model.id))
                                .isInstanceOf(HoldfastException.class);
                    }
                }
            }
        }

        private void compact(Session session, SessionModel model) {
            boolean compact = random.nextInt(3) == 0;
            if (compact && model.status.isFinal()) {
                assertThatThrownBy(() -> session.compact("summary", List.of()))
                        .isInstanceOf(IllegalTransitionException.class);
            } else if (compact) {
                List<Position> kept =
                        model.records.isEmpty() || random.nextBoolean() ? List.of() : List.of(somewhere(model));
                Position opened = session.compact("summary", kept);
                assertThat(opened).isEqualTo(model.compacts(kept));
            }
        }

        private Position somewhere(SessionModel model) {
            return model.records.get(random.nextInt(model.records.size())).position();
        }

        private void checkpoint(Session session, SessionModel model) {
            String label = "checkpoint " + texts++;
            Json state = random.nextInt(40) == 0 ? LineageScript.large('z') : Json.of(label);
            NewCheckpoint wanted = NewCheckpoint.labelled(label).state(state);
            if (model.status.isFinal()) {
                assertThatThrownBy(() -> session.checkpoint(wanted)).isInstanceOf(IllegalTransitionException.class);
                return;
            }
            Checkpoint taken = session.checkpoint(wanted);
            String previous = model.checkpoints.isEmpty()
                    ? null
                    : model.checkpoints.getLast().position().toString();
            Event event = new CheckpointTaken(
                    taken.id(),
                    model.checkpoints.size() + 1,
                    label,
                    state,
                    java.util.Map.of(),
                    0,
                    taken.phase(),
                    true,
                    previous);
            assertThat(taken.position()).isEqualTo(model.add(List.of(event), null));
            model.checkpoints.add(taken);
            model.states.put(taken.id(), state);
        }

        private void goBack(Session session, SessionModel model) {
            boolean restore = !model.checkpoints.isEmpty() && random.nextBoolean();
            if (model.records.isEmpty()) {
                return;
            }
            Checkpoint checkpoint = restore ? model.checkpoints.get(random.nextInt(model.checkpoints.size())) : null;
            Position to = restore ? checkpoint.position() : somewhere(model);
            Supplier<Position> turn = restore ? () -> session.restore(checkpoint) : () -> session.rewind(to);
            if (model.status.isFinal()) {
                assertThatThrownBy(turn::get).isInstanceOf(IllegalTransitionException.class);
            } else {
                assertThat(turn.get()).isEqualTo(model.goesBack(to));
            }
        }

        private void fork(SessionModel model) {
            Position at = somewhere(model);
            try (Session fork = world.driving().fork(at, "fork")) {
                goOn(fork, model.fork(fork.id(), at));
            }
        }

        /** Begins at the last checkpoint on the way here, else before the end. */
        private void retry(SessionModel model) {
            List<Position> way = model.path.way();
            Position at = model.checkpoints.reversed().stream()
                    .map(Checkpoint::position)
                    .filter(way::contains)
                    .findFirst()
                    .orElse(null);
            if (at != null) {
                try (Session retry = world.driving().retry(model.id)) {
                    goOn(retry, model.fork(retry.id(), at));
                }
            }
        }

        private void goOn(Session fork, SessionModel model) {
            Event event = new Annotation.Noted("in the fork " + texts++, null);
            assertThat(fork.append(event)).isEqualTo(model.add(List.of(event), null));
            model.assertShownBy(world.visiting());
        }

        private Position expected(SessionModel model) {
            return switch (random.nextInt(4)) {
                case 0, 1 -> model.last();
                case 2 -> new Position(model.id, model.segment, model.index);
                default ->
                    model.records.isEmpty()
                            ? model.last()
                            : model.records
                                    .get(random.nextInt(model.records.size()))
                                    .position();
            };
        }

        private List<Event> events() {
            int count = random.nextInt(12) == 0 ? 300 : random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
            List<Event> events = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                events.add(event());
            }
            return events;
        }

        private Event event() {
            String text = "text " + texts++;
            return switch (random.nextInt(24)) {
                case 0, 1 -> new Lifecycle.Started();
                case 2 -> new Lifecycle.Paused(text);
                case 3 -> new Lifecycle.Resumed();
                case 4 -> random.nextInt(6) == 0 ? new Lifecycle.Completed(text, null) : new Annotation.TitleSet(text);
                case 5 -> random.nextInt(9) == 0 ? new Lifecycle.Failed(text, null) : new Annotation.Noted(text, null);
                case 6 -> new Annotation.Tagged(List.of("tag" + random.nextInt(9)), List.of("tag" + random.nextInt(9)));
                case 7, 8, 9 -> Message.user(text);
                case 10, 11 -> Message.assistant(text);
                default -> OutputAppended.of(text);
            };
        }

        private void append(int which, SessionModel model, String appendId, Position expected) {
            SessionModel.Remembered known = appendId == null ? null : model.ids.get(appendId);
            List<Event> events = known != null && random.nextBoolean() ? known.events() : events();
            if (events.size() > 5) {
                // A long append is to move the window; it must be admitted.
                events = events.stream()
                        .filter(each -> each instanceof OutputAppended)
                        .toList();
            }
            Append append = Append.of(events.toArray(Event[]::new));
            append = appendId == null ? append : append.id(appendId);
            append = expected == null ? append : append.expecting(expected);
            append = random.nextInt(5) == 0 ? append.relaxed() : append;
            boolean first = known != null && model.records.size() - known.from() <= WINDOW;
            boolean last = known != null && model.records.size() - known.to() <= WINDOW;
            if (first != last) {
                // An append that is half inside the window may be remembered or not.
                return;
            }
            AppendResult result;
            try {
                Append made = append;
                Supplier<AppendResult> attempt = random.nextInt(4) == 0
                        ? () -> handles[which].appendAsync(made).join()
                        : () -> handles[which].append(made);
                result = attempt.get();
            } catch (IllegalTransitionException e) {
                assertThat(model.admits(events))
                        .as("%s in %s was refused", events, model.status)
                        .isFalse();
                return;
            } catch (java.util.concurrent.CompletionException e) {
                assertThat(e.getCause()).isInstanceOf(IllegalTransitionException.class);
                assertThat(model.admits(events))
                        .as("%s in %s was refused", events, model.status)
                        .isFalse();
                return;
            }
            if (first) {
                if (known.events().equals(events)) {
                    assertThat(result).isEqualTo(new AppendResult.Duplicate(known.first()));
                } else {
                    conflict(result, model);
                }
            } else if (expected != null && !isLast(model, expected)) {
                conflict(result, model);
            } else {
                assertThat(model.admits(events))
                        .as("%s in %s became %s", events, model.status, result)
                        .isTrue();
                Position at = model.add(events, appendId);
                assertThat(result).isEqualTo(new AppendResult.Appended(at, model.last()));
            }
        }

        private static boolean isLast(SessionModel model, Position expected) {
            return expected.equals(model.last())
                    || (model.index == 1 && expected.equals(new Position(model.id, model.segment, 0)));
        }

        private static void conflict(AppendResult result, SessionModel model) {
            assertThat(result)
                    .isInstanceOfSatisfying(
                            AppendResult.Conflict.class,
                            conflict -> assertThat(conflict.last()).isEqualTo(model.last()));
        }

        private void visit(SessionModel model) {
            Annotation[] remarks = new Annotation[1 + random.nextInt(2)];
            Arrays.setAll(remarks, k -> new Annotation.Noted("visit " + texts++, "visitor"));
            Position last = world.visiting().annotate(model.id, remarks);
            model.add(List.of(remarks), null);
            assertThat(last).isEqualTo(model.last());
        }

        private static void compare(SessionStore store, SessionModel model) {
            model.assertShownBy(store);
            List<SessionModel.Entry> found = new ArrayList<>();
            Fold fold = null;
            try (RecordReader reader = store.read(model.id).records()) {
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    Event event = record.event(reader.blobs());
                    if (event instanceof SegmentOpened opened) {
                        fold = fold == null ? Fold.of(opened, record.at()) : fold;
                    } else {
                        found.add(new SessionModel.Entry(record.position(), event));
                        fold.apply(record);
                    }
                }
                assertThat(reader.faults()).isEmpty();
            }
            assertThat(found).isEqualTo(model.records);
            SessionState state = store.read(model.id).state();
            assertThat(state).isEqualTo(fold.toState());
            assertThat(state.status()).isEqualTo(model.status);
            assertThat(state.oddities()).isZero();
            assertThat(store.read(model.id).last()).isEqualTo(model.last());
            if (!model.records.isEmpty()) {
                Position somewhere = model.records.get(model.records.size() / 2).position();
                try (RecordReader reader = store.read(model.id).records(somewhere)) {
                    assertThat(reader.next().position()).isEqualTo(somewhere);
                }
            }
        }
    }
}
