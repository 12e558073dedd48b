package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the source goes on after somebody went on here. */
class GrowthTest {
    private static final String SESSION = "5b0f6a10-0007-4000-8000-000000000007";

    @TempDir
    private Path directory;

    private final SessionStore store = SessionStore.inMemory();
    private final ClaudeLines lines = new ClaudeLines(SESSION);

    @AfterEach
    void close() {
        store.close();
    }

    private FileReport imports() {
        FileReport report = Fixtures.imports(store, directory.resolve(SESSION + ".jsonl"), lines.bytes());
        assertThat(report.problem()).isNull();
        return report;
    }

    private SessionId importFirstPart() {
        lines.user("one").assistant("msg_1", "two", 5);
        return imports().sessions().getFirst().id();
    }

    @Test
    void goesOnInTheSameSessionIfNobodyAppended() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.title("Mine");
            session.tag("kept");
            session.note("A remark");
            session.resume();
            session.pause("later");
        }
        lines.user("three");
        ImportedSession report = imports().sessions().getFirst();
        assertThat(report.continuedIn()).isNull();
        assertThat(report.newRecords()).isEqualTo(1);
        assertThat(Contents.messages(store, id)).extracting(Message::text).containsExactly("one", "two", "three");
    }

    @Test
    void goesOnInAForkIfSomebodyAppendedAndInTheSameForkAfterwards() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.append(Message.user("mine"));
        }
        lines.user("three").assistant("msg_2", "four", 6);
        FileReport second = imports();
        ImportedSession report = second.sessions().getFirst();
        SessionId fork = report.continuedIn();
        assertThat(fork).isNotNull();
        assertThat(report.reason()).contains("somebody appended");
        assertThat(second.imported()).isEqualTo(2);
        assertThat(Contents.messages(store, id)).extracting(Message::text).containsExactly("one", "two");
        assertThat(Contents.messages(store, fork)).extracting(Message::text).containsExactly("three", "four");
        assertThat(store.read(fork).state().status()).isEqualTo(SessionStatus.PAUSED);

        lines.user("five");
        ImportedSession third = imports().sessions().getFirst();
        assertThat(third.continuedIn()).isEqualTo(fork);
        assertThat(third.newRecords()).isEqualTo(1);
        assertThat(store.list(SessionFilter.ALL).sessions()).hasSize(2);
        assertThat(Contents.messages(store, fork)).extracting(Message::text).containsExactly("three", "four", "five");
        Tokens all =
                store.read(id).state().tokens().plus(store.read(fork).state().tokens());
        assertThat(all).isEqualTo(new Tokens(20, 11, 0, 0, 0));
    }

    @Test
    void forksTheForkIfSomebodyAppendedThereToo() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.append(Message.user("mine"));
        }
        lines.user("three");
        SessionId fork = imports().sessions().getFirst().continuedIn();
        try (Session session = store.drive(fork)) {
            session.append(Message.user("mine too"));
        }
        lines.user("four");
        SessionId second = imports().sessions().getFirst().continuedIn();
        assertThat(second).isNotEqualTo(fork);
        lines.user("five");
        assertThat(imports().sessions().getFirst().continuedIn()).isEqualTo(second);
        assertThat(Contents.messages(store, second)).extracting(Message::text).containsExactly("four", "five");
        assertThat(store.list(SessionFilter.ALL).sessions()).hasSize(3);
    }

    @Test
    void forksASessionThatWasCompletedHere() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.complete("done");
        }
        lines.user("three");
        ImportedSession report = imports().sessions().getFirst();
        assertThat(report.continuedIn()).isNotNull();
        assertThat(report.reason()).contains("completed");
    }

    @Test
    void forksWhileSomebodyDrives() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.append(Message.user("mine"));
            lines.user("three");
            assertThat(imports().sessions().getFirst().continuedIn()).isNotNull();
        }
    }

    @Test
    void saysThatASessionIsDrivenBySomebodyElse() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            lines.user("three").user("four");
            FileReport report = Fixtures.imports(store, directory.resolve(SESSION + ".jsonl"), lines.bytes());
            assertThat(session.id()).isEqualTo(id);
            assertThat(report.problem()).contains("driven");
            assertThat(report.imported()).isZero();
            assertThat(report.skipped()).containsKey("not-written");
        }
        assertThat(imports().imported()).isEqualTo(2);
    }

    @Test
    void countsAResponseOnceThatGrewAcrossTheFork() {
        SessionId id = importFirstPart();
        try (Session session = store.drive(id)) {
            session.append(Message.user("mine"));
        }
        lines.assistant("msg_1", "two, more", 9).assistant("msg_1", "two, most", 25);
        SessionId fork = imports().sessions().getFirst().continuedIn();
        Tokens all =
                store.read(id).state().tokens().plus(store.read(fork).state().tokens());
        assertThat(all).isEqualTo(new Tokens(10, 25, 0, 0, 0));
    }
}
