package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.NewCheckpoint;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.tck.machine.Machine;
import dev.holdfast.tck.machine.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the crash tests of lineage do: steps that are each acknowledged once, as a whole. */
final class LineageScript {
    /** One operation; of what it is told it keeps the names. Some move a session to the trash or out of it. */
    record Step(String name, String moves, Consumer<Scene> action) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** What the steps so far were told, by names of the script's own. */
    record Names(
            Map<String, SessionId> sessions, Map<String, Position> positions, Map<String, Checkpoint> checkpoints) {
        Names() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        Names copy() {
            return new Names(
                    new LinkedHashMap<>(sessions), new LinkedHashMap<>(positions), new LinkedHashMap<>(checkpoints));
        }
    }

    /** A process and what it knows. */
    static final class Scene {
        final Machine machine;
        final SimulatedProcess process;
        final Names names;
        private final Map<String, Session> handles = new LinkedHashMap<>();

        Scene(Machine machine, SimulatedProcess process, Names names) {
            this.machine = machine;
            this.process = process;
            this.names = names;
        }

        SessionStore store() {
            return process.store();
        }

        Session drive(String name) {
            return handles.computeIfAbsent(
                    name, key -> process.keep(store().drive(names.sessions().get(key))));
        }

        private void release(String name) {
            Session handle = handles.remove(name);
            if (handle != null) {
                handle.close();
            }
        }

        private void keep(String name, Session session) {
            names.sessions().put(name, session.id());
            handles.put(name, process.keep(session));
        }

        private void create(String name) {
            SessionId id = SessionId.of(1_800_000_000_000L, 1, 1);
            keep(name, store().create(SessionConfig.conversation(name), id, new Origin.Fresh()));
        }

        private void say(String name, String... texts) {
            Event[] events = Arrays.stream(texts).map(OutputAppended::of).toArray(Event[]::new);
            names.positions().put(name + " " + texts[0], drive(name).append(events));
        }

        private void fork(String name, String at) {
            keep(name, store().fork(names.positions().get(at), name));
        }

        private void checkpoint(String name, String label, Json state) {
            Checkpoint taken =
                    drive(name).checkpoint(NewCheckpoint.labelled(label).state(state));
            names.checkpoints().put(label, taken);
            names.positions().put(label, taken.position());
        }

        private void deleteMaterializing(String name) {
            release(name);
            store().deleteMaterializing(names.sessions().get(name));
        }

        private void takeBack(String name) {
            String id = names.sessions().get(name).value();
            Trashed trashed = store().trash().list().stream()
                    .filter(each -> each.id().name().equals(id))
                    .findFirst()
                    .orElseThrow();
            store().trash().restore(trashed);
        }

        /**
         * Leaves a remark in every session: what was visible before it, though nobody was told so, is acknowledged with it.
         */
        void settle() {
            names.sessions().values().stream()
                    .filter(store()::exists)
                    .forEach(id -> store().annotate(id, new Annotation.Noted("the end", null)));
        }

        /** Damage comes upon a record of a session that nobody has open. */
        private void damage(String name, String record) {
            release(name);
            Position at = names.positions().get(record);
            Path file = new Layout(Machine.STORE)
                    .log(LogId.of(names.sessions().get(name)))
                    .resolve(Layout.segment(at.segment()));
            try {
                byte[] bytes = machine.disk().content(file);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                bytes[text.indexOf("\n{\"i\":" + at.index() + ",") + 20] ^= 1;
                machine.disk().replace(file, bytes);
                // What a repair can count is not to depend on whether a state was saved.
                machine.disk().delete(file.resolveSibling("state.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private LineageScript() {}

    private static Step step(String name, Consumer<Scene> action) {
        return new Step(name, null, action);
    }

    /** Everything that lineage is made of, with little content. */
    static List<Step> everything() {
        return Stream.of(forking(), turning(), ending()).flatMap(List::stream).toList();
    }

    private static List<Step> forking() {
        return List.of(
                step("create", at -> at.create("parent")),
                step("start", at -> at.drive("parent").start()),
                step("append", at -> at.say("parent", "one")),
                step("append a batch", at -> at.say("parent", "two", "three", "four")),
                step("checkpoint", at -> at.checkpoint("parent", "small", Json.of("small state"))),
                step("append", at -> at.say("parent", "five")),
                step("checkpoint with a large state", at -> at.checkpoint("parent", "large", large('s'))),
                step("fork", at -> at.fork("fork", "large")),
                step("append to the fork", at -> at.say("fork", "six", "seven")),
                step("append a payload to the fork", at -> at.drive("fork").append(Message.user("p".repeat(66_000)))),
                step("checkpoint in the fork", at -> at.checkpoint("fork", "in the fork", Json.of(3))),
                step("fork the fork", at -> at.fork("grandchild", "in the fork")),
                step("append to the fork's fork", at -> at.say("grandchild", "eight")),
                step("fork from the middle", at -> at.fork("sibling", "parent one")),
                step("append to the sibling", at -> at.say("sibling", "nine")),
                step("append once more", at -> at.say("sibling", "ten")));
    }

    private static List<Step> turning() {
        return List.of(
                step(
                        "compact",
                        at -> at.drive("parent")
                                .compact(
                                        "a summary",
                                        List.of(
                                                at.names.positions().get("parent one"),
                                                at.names.positions().get("parent five")))),
                step("append behind the summary", at -> at.say("parent", "eleven")),
                step("fork a compacted session", at -> at.fork("late", "parent eleven")),
                step("append to that", at -> at.say("late", "twelve")),
                step(
                        "rewind behind the compaction",
                        at -> at.drive("parent").rewind(at.names.positions().get("parent five"))),
                step("append behind the rewind", at -> at.say("parent", "thirteen")),
                step(
                        "restore a large state",
                        at -> at.drive("parent").restore(at.names.checkpoints().get("large"))),
                step("append behind the restore", at -> at.say("parent", "fourteen")),
                step(
                        "prune",
                        at -> at.drive("parent")
                                .prune(List.of(at.names.checkpoints().get("small")))),
                step(
                        "restore in a fork of a fork",
                        at -> at.drive("grandchild")
                                .restore(at.names.checkpoints().get("large"))),
                step(
                        "compact with a large summary",
                        at -> at.drive("late")
                                .compact(
                                        "y".repeat(66_000),
                                        List.of(at.names.positions().get("parent one")))));
    }

    private static List<Step> ending() {
        LogCopy foreign = Foreign.session();
        return List.of(
                step("damage", at -> at.damage("sibling", "sibling nine")),
                step("repair", at -> at.store().repair(at.names.sessions().get("sibling"))),
                step("append behind the repair", at -> at.say("sibling", "fifteen")),
                step("complete", at -> at.drive("parent").complete("done")),
                step(
                        "retry",
                        at -> at.keep(
                                "retry", at.store().retry(at.names.sessions().get("parent")))),
                step("append to the retry", at -> at.say("retry", "sixteen")),
                step(
                        "materialize",
                        at -> at.store().materialize(at.names.sessions().get("grandchild"))),
                new Step("delete, materializing", "parent", at -> at.deleteMaterializing("parent")),
                step("append to a fork without parent", at -> at.say("fork", "seventeen")),
                step("fork what lives on copies", at -> at.fork("orphan", "fork seventeen")),
                step("append to that", at -> at.say("orphan", "eighteen")),
                new Step("delete it too, materializing", "fork", at -> at.deleteMaterializing("fork")),
                new Step("take the parent back", "parent", at -> at.takeBack("parent")),
                step("adopt", at -> {
                    at.process.backend().adopt(LogId.of(Foreign.ID), foreign);
                    at.names.sessions().put("foreign", Foreign.ID);
                }),
                step("append to what was adopted", at -> at.say("foreign", "nineteen")),
                step("rewind what was adopted", at -> at.drive("foreign").rewind(Foreign.SOMEWHERE)));
    }

    /** A session of two segments, of which the first is full. */
    static List<Step> rollOver() {
        StringBuilder text = new StringBuilder("[0");
        while (text.length() < 1_000_000) {
            text.append(",\"").append("m".repeat(10_000)).append('"');
        }
        Event mebibyte = new Extension("test.large", Json.parse(text.append(']').toString()));
        Event[] nine = new Event[9];
        Arrays.fill(nine, mebibyte);
        return List.of(
                step("create", at -> at.create("parent")),
                step("append", at -> at.say("parent", "one")),
                step(
                        "append what fills a segment",
                        at -> at.names
                                .positions()
                                .put("full", at.drive("parent").append(nine))),
                step("fork a full segment", at -> at.fork("fork", "full")),
                step("append, rolling over", at -> at.say("parent", "two", "three")),
                step("checkpoint with a large state", at -> at.checkpoint("parent", "large", large('s'))),
                step("fork behind it", at -> at.fork("late", "large")),
                step(
                        "rewind before it",
                        at -> at.drive("parent").rewind(at.names.positions().get("parent one"))),
                step("append", at -> at.say("parent", "four")),
                new Step("delete, materializing", "parent", at -> at.deleteMaterializing("parent")),
                step("append to the fork", at -> at.say("late", "five")));
    }

    static Json large(char content) {
        return Json.of(String.valueOf(content).repeat(66_000));
    }

    /** A session from elsewhere, as an archive has it. */
    private record Foreign(Map<Integer, byte[]> lines, Map<dev.holdfast.event.BlobRef, byte[]> payloads)
            implements LogCopy {
        static final SessionId ID = SessionId.of(1_700_000_000_000L, 4, 4);
        static final Position SOMEWHERE = new Position(ID, 1, 2);

        static Foreign session() {
            Machine machine = new Machine();
            machine.createStore();
            SimulatedProcess process = machine.startAlone();
            Session session =
                    process.keep(process.store().create(SessionConfig.conversation("foreign"), ID, new Origin.Fresh()));
            session.append(OutputAppended.of("f1"), OutputAppended.of("f2"), Message.user("q".repeat(66_000)));
            session.checkpoint(NewCheckpoint.labelled("foreign").state(large('t')));
            session.compact("of foreign things", List.of(SOMEWHERE));
            session.append(OutputAppended.of("f3"));
            process.close();
            Path directory = new Layout(Machine.STORE).log(LogId.of(ID));
            Foreign foreign = new Foreign(new LinkedHashMap<>(), new LinkedHashMap<>());
            try {
                for (int segment : List.of(1, 2)) {
                    foreign.lines.put(segment, machine.disk().content(directory.resolve(Layout.segment(segment))));
                }
                for (String name : machine.disk().names(directory.resolve("blobs"))) {
                    byte[] content =
                            machine.disk().content(directory.resolve("blobs").resolve(name));
                    foreign.payloads.put(new dev.holdfast.event.BlobRef(name, content.length), content);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(foreign.payloads).hasSize(2);
            return foreign;
        }

        @Override
        public List<Integer> segments() {
            return List.copyOf(lines.keySet());
        }

        @Override
        public java.util.Set<dev.holdfast.event.BlobRef> write(int segment, java.io.OutputStream out)
                throws IOException {
            out.write(lines.get(segment));
            return segment == 1 ? payloads.keySet() : java.util.Set.of();
        }

        @Override
        public byte[] blob(dev.holdfast.event.BlobRef ref) {
            return payloads.get(ref);
        }
    }
}
