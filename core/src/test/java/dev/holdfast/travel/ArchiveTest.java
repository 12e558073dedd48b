package dev.holdfast.travel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.event.Message;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.file.FileBackend;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.ImportResult;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A session arrives as it left: each line, each payload, and what it reads of those it came from. */
class ArchiveTest extends TwoStores {
    /** A session that was turned in every way, and a checkpoint of it. */
    private SessionId turned(long seed, Checkpoint[] kept) {
        return make(here, session -> {
            everything(session, seed);
            kept[0] = checkpoint(session, "green");
            Position two = session.append(Message.assistant("two"));
            session.compact("the story so far " + LARGE, List.of(two));
            Position three = session.append(Message.user("three"));
            session.append(Message.user("left"));
            session.rewind(three);
            session.append(Message.user("instead"));
            checkpoint(session, "later");
            session.restore(kept[0]);
            session.append(Message.user("after the checkpoint"));
        });
    }

    @Test
    void aSessionArrivesAsItLeft() {
        long seed = RandomEvents.seed();
        Checkpoint[] kept = new Checkpoint[1];
        SessionId id = turned(seed, kept);
        ImportResult result = travel(here, id, there);

        assertThat(result)
                .isEqualTo(new ImportResult.Adopted(
                        id, lines(here.read(id).history()).size(), 0));
        assertSame(id);
        SessionView arrived = there.read(id);
        assertThat(arrived.checkpointState(arrived.checkpoint("green")))
                .isEqualTo(here.read(id).checkpointState(kept[0]));
        goOn(there, id, session -> session.append(Message.user("goes on")));
        assertThat(texts(there.read(id).view())).endsWith("after the checkpoint", "goes on");
    }

    private void assertSame(SessionId id) {
        assertThat(lines(there.read(id).history()))
                .isEqualTo(lines(here.read(id).history()));
        assertThat(lines(there.read(id).view())).isEqualTo(lines(here.read(id).view()));
        assertThat(there.read(id).state()).isEqualTo(here.read(id).state());
        assertThat(there.read(id).checkpoints()).isEqualTo(here.read(id).checkpoints());
        assertWhole(there, id);
    }

    @Test
    void aForkOfAForkBringsItsAncestorsAsFarAsItReadsThem() {
        Checkpoint[] kept = new Checkpoint[1];
        SessionId grandparent = turned(1, kept);
        SessionId parent;
        Position at;
        try (Session fork = here.fork(here.read(grandparent).last(), "parent")) {
            parent = fork.id();
            fork.append(Message.user(LARGE + " of the parent"));
            // The middle of an append: it counts as far as it goes, though an append is all or nothing.
            Position last = fork.append(Message.user("a"), Message.user("b"), Message.user("c"));
            at = new Position(parent, last.segment(), last.index() - 1);
            fork.append(Message.user("not read"));
        }
        goOn(here, grandparent, session -> session.append(Message.user("not read either")));
        SessionId child;
        try (Session fork = here.fork(at, "child")) {
            child = fork.id();
            checkpoint(fork, "own");
            fork.rewind(kept[0].position());
            fork.append(Message.user("child"));
        }
        assertThat(travel(here, child, there))
                .isInstanceOfSatisfying(
                        ImportResult.Adopted.class,
                        adopted -> assertThat(adopted.ancestors()).isEqualTo(2));
        assertThat(sessions(there)).containsExactly(child);
        assertSame(child);
        assertThat(texts(there.read(child).history())).contains("b").doesNotContain("c", "not read");

        // Once more from there, with the ancestors that only live inside it.
        try (SessionStore third = SessionStore.create(root.resolve("third"))) {
            travel(there, child, third);
            assertThat(lines(third.read(child).history()))
                    .isEqualTo(lines(here.read(child).history()));
            assertWhole(third, child);
        }
    }

    @Test
    void aParentThatIsThereIsNotBroughtAgain() {
        SessionId parent = make(here, session -> session.append(Message.user("parent")));
        travel(here, parent, there);
        SessionId child;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            child = fork.id();
            fork.append(Message.user("child"));
        }
        assertThat(travel(here, child, there))
                .isInstanceOfSatisfying(
                        ImportResult.Adopted.class,
                        adopted -> assertThat(adopted.ancestors()).isZero());
        assertSame(child);
        refused(ErrorCode.CONFLICT, () -> there.delete(parent));
    }

    @Test
    void aParentThatIsThereWithoutItsOwnIsKeptWhole() {
        SessionId grandparent = make(here, session -> session.append(Message.user("grandparent")));
        SessionId parent;
        try (Session fork = here.fork(here.read(grandparent).last(), "parent")) {
            parent = fork.id();
            fork.append(Message.user("parent"));
        }
        SessionId child;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            child = fork.id();
            fork.append(Message.user("child"));
        }
        travel(here, grandparent, there);
        travel(here, parent, there);
        try (FileBackend backend = FileBackend.open(root.resolve("there"), true)) {
            backend.trash(LogId.of(grandparent));
        }
        travel(here, child, there);
        assertSame(child);
        // The parent itself is mended by bringing it once more.
        assertThat(travel(here, parent, there)).isEqualTo(new ImportResult.Unchanged(parent));
        assertSame(parent);
    }

    @Test
    void aParentThatWentAnotherWayThereIsKeptAsItWas() {
        SessionId parent = make(here, session -> session.append(Message.user("common")));
        travel(here, parent, there);
        goOn(there, parent, session -> session.append(Message.user("there")));
        goOn(here, parent, session -> session.append(Message.user("here")));
        SessionId child;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            child = fork.id();
            fork.append(Message.user("child"));
        }
        travel(here, child, there);
        assertSame(child);
        assertThat(texts(there.read(child).view())).containsExactly("common", "here", "child");
        assertThat(texts(there.read(parent).view())).containsExactly("common", "there");
    }

    @Test
    void aSessionTravelsOutOfMemoryAndIntoIt() {
        try (SessionStore heap = SessionStore.inMemory();
                SessionStore other = SessionStore.inMemory()) {
            SessionId id = make(heap, session -> everything(session, 1));
            SessionId child;
            try (Session fork = heap.fork(heap.read(id).last(), "child")) {
                child = fork.id();
                fork.append(Message.user(LARGE));
            }
            assertThat(travel(heap, child, other)).isInstanceOf(ImportResult.Adopted.class);
            assertThat(lines(other.read(child).history()))
                    .isEqualTo(lines(heap.read(child).history()));
            goOn(other, child, session -> session.append(Message.user("goes on")));
            assertThat(travel(other, child, heap)).isEqualTo(new ImportResult.Extended(child, 1));
        }
    }

    @Test
    void whatIsAppendedMeanwhileIsNotInIt() throws IOException {
        try (Session session = here.create(SessionConfig.conversation("busy"))) {
            for (int k = 0; k < 200; k++) {
                session.append(Message.user("m" + k));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            boolean[] grown = {false};
            Archive.write(here, session.id(), "test", new java.io.FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (!grown[0]) {
                        grown[0] = true;
                        session.append(Message.user("meanwhile"));
                    }
                    super.write(bytes, from, length);
                }
            });
            Path file = Files.write(root.resolve("busy.zip"), out.toByteArray());
            assertThat(Archive.read(file, there).records()).isEqualTo(201);
            assertWhole(there, session.id());
            assertThat(travel(here, session.id(), there)).isEqualTo(new ImportResult.Extended(session.id(), 1));
        }
    }

    @Test
    void aFileIsWholeOrNotThereAndOnlyItsOwnersToRead() throws IOException {
        SessionId id = make(here, session -> session.append(Message.user(LARGE)));
        Path file = export(here, id);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Archive.isArchive(file)).isTrue();
        refused(ErrorCode.CONFLICT, () -> Archive.write(here, id, "test", file, false));
        Archive.write(here, id, "test", file, true);
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("target"));
        refused(ErrorCode.CONFLICT, () -> Archive.write(here, id, "test", link, true));
        refused(ErrorCode.CONFLICT, () -> Archive.write(here, id, "test", root, true));
        refused(ErrorCode.NOT_FOUND, () -> Archive.write(here, id, "test", root.resolve("no/where"), true));
        refused(ErrorCode.NOT_FOUND, () -> Archive.write(here, SessionId.of(1, 2, 3), "test", root.resolve("x"), true));
        try (var names = Files.list(root)) {
            assertThat(names.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("here", "there", "link", "export-0.zip");
        }
    }

    @Test
    void whatWasLostBeforeIsSaidAndTheRestTravels() throws IOException {
        SessionId parent = make(here, session -> session.append(Message.user("parent")));
        SessionId child;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            child = fork.id();
            fork.append(Message.user(LARGE));
        }
        here.deleteMaterializing(parent);
        Path files = root.resolve("here/sessions")
                .resolve(child.value().substring(34))
                .resolve(child.value());
        try (var blobs = Files.list(files.resolve("blobs"))) {
            Files.delete(blobs.findFirst().orElseThrow());
        }
        Files.delete(files.resolve("ancestors").resolve(parent.value()).resolve("000001.jsonl"));
        Path file = root.resolve("lossy.zip");
        assertThat(Archive.write(here, child, "test", file, false).lost()).isNotEmpty();
        assertThat(Archive.read(file, there)).isInstanceOf(ImportResult.Adopted.class);
        assertThat(lines(there.read(child).records()))
                .isEqualTo(lines(here.read(child).records()));
    }

    /** A copy whose source fails after so many steps. */
    private record Failing(LogCopy copy, int[] steps) implements LogCopy {
        private void step() throws IOException {
            if (steps[0]-- == 0) {
                throw new IOException("the source failed");
            }
        }

        @Override
        public List<Integer> segments() {
            return copy.segments();
        }

        @Override
        public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
            step();
            Set<BlobRef> needed = copy.write(segment, out);
            step();
            return needed;
        }

        @Override
        public byte @Nullable [] blob(BlobRef ref) {
            try {
                step();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return copy.blob(ref);
        }

        @Override
        public Map<LogId, LogCopy> ancestors() {
            Map<LogId, LogCopy> failing = new LinkedHashMap<>();
            copy.ancestors().forEach((id, each) -> failing.put(id, new Failing(each, steps)));
            return failing;
        }
    }

    @Test
    void whateverFailsOnTheWayNothingOrAllOfItIsThere() {
        Checkpoint[] kept = new Checkpoint[1];
        SessionId parent = turned(1, kept);
        SessionId child;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            child = fork.id();
            fork.append(Message.user("child " + LARGE));
        }
        LogId log = LogId.of(child);
        try (FileBackend backend = FileBackend.open(root.resolve("there"), true)) {
            Map<String, String> before = files("there");
            int failures = 0;
            for (boolean done = false; !done; failures++) {
                try {
                    backend.adopt(log, new Failing(here.read(child).copy(), new int[] {failures}));
                    done = true;
                } catch (HoldfastException | java.io.UncheckedIOException e) {
                    assertThat(there.exists(child)).isFalse();
                    assertThat(files("there")).isEqualTo(before);
                }
            }
            assertThat(failures).isGreaterThan(10);
        }
        assertSame(child);
    }

    private static List<String> lines(dev.holdfast.store.RecordReader reader) {
        List<String> lines = new java.util.ArrayList<>();
        try (reader) {
            for (var record = reader.next(); record != null; record = reader.next()) {
                lines.add(new String(record.line(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return lines;
    }
}
