package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.DamagedException;
import dev.holdfast.store.Entry;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the head is read when a session is driven, and what damage is noticed then. */
class OpeningTest {
    private static final SessionId ID = SessionId.of(1_800_000_000_000L, 5, 5);
    private static final int LINES = 1_000;
    private static final String LINE = "o".repeat(500);
    /** Two reads: record 0, and what stands at the end. */
    private static final long TAIL_BYTES = 32 * 1024;

    @TempDir
    Path root;

    /** Counts what is read of each file, and says whatever it is told about how files look. */
    private static final class CountingStorage implements Storage {
        private final Storage disk = new DiskStorage();
        private final Map<Path, AtomicLong> bytes = new ConcurrentHashMap<>();
        private final Function<Look, Look> looks;

        CountingStorage(Function<Look, Look> looks) {
            this.looks = looks;
        }

        long read(Path file) {
            AtomicLong count = bytes.get(file);
            return count == null ? 0 : count.get();
        }

        @Override
        public Appender append(Path file) throws IOException {
            return disk.append(file);
        }

        @Override
        public Appender create(Path file) throws IOException {
            return disk.create(file);
        }

        @Override
        public Input open(Path file) throws IOException {
            AtomicLong count = bytes.computeIfAbsent(file, key -> new AtomicLong());
            Input in = disk.open(file);
            return new Input() {
                @Override
                public int read(long offset, byte[] into, int from, int length) throws IOException {
                    int read = in.read(offset, into, from, length);
                    count.addAndGet(Math.max(0, read));
                    return read;
                }

                @Override
                public void close() throws IOException {
                    in.close();
                }
            };
        }

        @Override
        public long length(Path file) {
            return disk.length(file);
        }

        @Override
        public Look look(Path file) {
            return looks.apply(disk.look(file));
        }

        @Override
        public List<String> names(Path directory) throws IOException {
            return disk.names(directory);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            disk.createDirectories(directory);
        }

        @Override
        public void makeDirectories(Path directory) throws IOException {
            disk.makeDirectories(directory);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            disk.forceDirectory(directory);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }
    }

    private SessionStore open(Storage storage) {
        FileLocks locks = new FileLocks(new Layout(root).locks(), storage);
        return SessionStore.on(FileBackend.open(root, true, storage, locks), StoreOptions.usual());
    }

    private Path file(int segment) {
        return new Layout(root).log(LogId.of(ID)).resolve(Layout.segment(segment));
    }

    private Path savedState() {
        return file(1).resolveSibling("state.json");
    }

    /** Two segments, the second with most of a megabyte; the last line has an id. */
    private void make() {
        try (SessionStore store = SessionStore.create(root)) {
            Session session = store.create(SessionConfig.conversation("opening"), ID, new Origin.Fresh());
            session.start();
            session.append(lines(LINES));
            session.compact("so far", List.of());
            session.append(lines(LINES));
            session.append(Append.of(Message.user("last")).id("last"));
        }
    }

    private static Append lines(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            entries.add(Entry.of(OutputAppended.of(LINE)));
        }
        return Append.entries(entries);
    }

    /** Flips a bit in the middle of a file, in place. */
    private static void damage(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = bytes.length() / 2;
            bytes.seek(middle);
            int was = bytes.read();
            bytes.seek(middle);
            bytes.write(was ^ 1);
        }
    }

    private void assertDamageIsNoticed() {
        try (SessionStore store = SessionStore.open(root)) {
            assertThatThrownBy(() -> store.drive(ID)).isInstanceOf(DamagedException.class);
        }
    }

    // ---- what is read ----

    @Test
    void withASavedStateOnlyTheTailOfTheHeadIsRead() throws IOException {
        make();
        CountingStorage storage = new CountingStorage(look -> look);
        try (SessionStore store = open(storage)) {
            store.drive(ID).append(OutputAppended.of("opened"));

            assertThat(storage.read(file(2))).isPositive().isLessThan(TAIL_BYTES);
            assertThat(storage.read(file(1))).isZero();
        }
        assertThat(Files.size(file(2))).isGreaterThan(10 * TAIL_BYTES);
        try (SessionStore store = SessionStore.open(root)) {
            assertThat(store.verify(ID).faults()).isEmpty();
            assertThat(store.read(ID).state().records()).isEqualTo(2 * LINES + 3);
        }
    }

    @Test
    void withoutASavedStateTheHeadIsReadOnceAndNothingElse() throws IOException {
        make();
        Files.delete(savedState());
        CountingStorage storage = new CountingStorage(look -> look);
        try (SessionStore store = open(storage)) {
            store.drive(ID).append(OutputAppended.of("opened"));

            assertThat(storage.read(file(2))).isBetween(Files.size(file(2)) - 1_000, Files.size(file(2)) + TAIL_BYTES);
            assertThat(storage.read(file(1))).isZero();
        }
    }

    @Test
    void whereFilesHaveNoStampTheHeadIsRead() throws IOException {
        make();
        CountingStorage storage = new CountingStorage(look -> new Storage.Look(look.length(), null));
        try (SessionStore store = open(storage)) {
            store.drive(ID).append(OutputAppended.of("opened"));

            assertThat(storage.read(file(2))).isGreaterThan(Files.size(file(2)) - 1_000);
        }
        assertThat(Files.readString(savedState())).doesNotContain("\"stamp\"");
    }

    @Test
    void idsAreRememberedWhereOnlyTheTailWasRead() {
        make();
        try (SessionStore store = SessionStore.open(root);
                Session session = store.drive(ID)) {
            Position last = session.last();

            assertThat(session.append(Append.of(Message.user("last")).id("last")))
                    .isEqualTo(new AppendResult.Duplicate(last));
            assertThat(session.append(Append.of(Message.user("another")).id("last")))
                    .isInstanceOf(AppendResult.Conflict.class);
            assertThat(session.last()).isEqualTo(last);
        }
    }

    // ---- what is noticed ----

    @Test
    void damageIsNoticedBecauseTheFileLooksDifferent() throws IOException {
        make();
        FileTime before = Files.getLastModifiedTime(file(2));
        damage(file(2));
        Files.setLastModifiedTime(file(2), FileTime.fromMillis(before.toMillis() + 2_000));

        assertDamageIsNoticed();
    }

    @Test
    void puttingTheTimeBackHidesDamageOnlyWhereThereIsNoTimeOfChange() throws IOException {
        make();
        FileTime before = Files.getLastModifiedTime(file(2));
        // As a copy that keeps times: the bytes are changed elsewhere, then take the place of the file.
        Path copy = file(2).resolveSibling("copy");
        Files.copy(file(2), copy);
        damage(copy);
        Files.delete(file(2));
        Files.move(copy, file(2));
        Files.setLastModifiedTime(file(2), before);

        if (FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
            assertDamageIsNoticed();
        } else {
            assertThat(Files.getLastModifiedTime(file(2))).isEqualTo(before);
        }
    }

    @Test
    void damageThatLeavesTheStampAsItWasIsNoticedByReadingAndVerifying() throws IOException {
        make();
        Storage forged = new CountingStorage(look -> new Storage.Look(look.length(), "length " + look.length()));
        try (SessionStore store = open(forged)) {
            store.drive(ID).append(OutputAppended.of("with a stamp of this kind"));
        }
        damage(file(2));
        try (SessionStore store = open(forged)) {
            try (Session session = store.drive(ID)) {
                session.append(OutputAppended.of("behind the damage"));
            }
            assertThat(store.verify(ID).isDamaged()).isTrue();
            try (RecordReader reader = store.read(ID).records()) {
                while (reader.next() != null) {
                    // only the faults are wanted
                }
                assertThat(reader.faults()).extracting(Fault::damage).contains(true);
            }
            assertThat(store.repair(ID).before().isDamaged()).isTrue();
        }
    }

    @Test
    void damageDoneWhileTheSessionWasDrivenIsNoticedAtTheNextOpening() throws IOException {
        make();
        int[] edits = {0};
        Storage storage = new CountingStorage(look -> new Storage.Look(look.length(), look.length() + " " + edits[0]));
        try (SessionStore store = open(storage)) {
            Session session = store.drive(ID);
            session.append(OutputAppended.of("before"));
            damage(file(2));
            edits[0]++;
            session.append(OutputAppended.of("after"));
        }
        assertThat(Files.readString(savedState())).doesNotContain("\"stamp\"");
        try (SessionStore store = open(storage)) {
            assertThatThrownBy(() -> store.drive(ID)).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void whatAnotherProcessAppendedCostsOneReadingOfTheHead() throws IOException {
        make();
        CountingStorage storage = new CountingStorage(look -> look);
        try (SessionStore driver = SessionStore.open(root);
                SessionStore other = SessionStore.open(root)) {
            Session session = driver.drive(ID);
            session.append(OutputAppended.of("mine"));
            other.annotate(ID, new Annotation.Noted("theirs", null));
            session.append(OutputAppended.of("mine again"));
        }
        try (SessionStore store = open(storage);
                Session session = store.drive(ID)) {
            assertThat(storage.read(file(2))).isGreaterThan(Files.size(file(2)) - 1_000);
            session.append(OutputAppended.of("and now"));
        }
        CountingStorage again = new CountingStorage(look -> look);
        try (SessionStore store = open(again);
                Session session = store.drive(ID)) {
            assertThat(again.read(file(2))).isLessThan(TAIL_BYTES);
            assertThat(session.state().records()).isEqualTo(2 * LINES + 6);
        }
    }
}
