package dev.holdfast.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Append;
import dev.holdfast.store.AppendResult;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five-minute tour of the README. Every Java block there stands here, and runs. */
class FiveMinuteTourTest {
    @TempDir
    Path directory;

    @Test
    void aConversationIsWrittenAndReadBack() {
        Path place = directory.resolve("store");
        try (var store = SessionStore.create(place);
                var session = store.create(SessionConfig.conversation("Split the parser"))) {
            session.start();
            session.append(Message.user("Split the parser into a lexer and a parser"));
            session.append(
                    Message.of(
                            Role.ASSISTANT,
                            new Part.Text("Looking first."),
                            new Part.ToolCall("call_1", "read_file", Json.of(Map.of("path", "Parser.java")))),
                    new UsageRecorded(new Tokens(1_200, 85, 0, 0, 0), "some-model", "resp_1", null));
            session.complete("two files changed");

            assertThat(session.state().status()).isEqualTo(SessionStatus.COMPLETED);
            assertThat(session.state().tokens().output()).isEqualTo(85);
        }
        try (var store = SessionStore.open(place)) {
            var listed = store.list(SessionFilter.ALL).sessions().getFirst();
            try (var records = store.read(listed.id()).records()) {
                for (LogRecord record = records.next(); record != null; record = records.next()) {
                    System.Logger log = System.getLogger("tour");
                    log.log(System.Logger.Level.DEBUG, "{0} {1}", record.position(), record.event(records.blobs()));
                }
            }
            assertThat(listed.state().records()).isEqualTo(5);
        }
    }

    @Test
    void appendsCanBeConditionalAndIdempotent() {
        try (var store = SessionStore.inMemory();
                var session = store.create(SessionConfig.conversation(null))) {
            Position last = session.append(Message.user("one"));

            AppendResult first =
                    session.append(Append.of(Message.user("two")).id("turn-2").expecting(last));
            AppendResult again =
                    session.append(Append.of(Message.user("two")).id("turn-2").expecting(last));
            AppendResult stale = session.append(Append.of(Message.user("three")).expecting(last));

            assertThat(first).isInstanceOf(AppendResult.Appended.class);
            assertThat(again).isInstanceOf(AppendResult.Duplicate.class);
            assertThat(stale).isInstanceOf(AppendResult.Conflict.class);
        }
    }

    @Test
    void theLifecycleIsEnforced() {
        try (var store = SessionStore.inMemory();
                var session = store.create(SessionConfig.workflow("nightly"))) {
            session.start();
            session.cancel("superseded");

            assertThatThrownBy(session::resume)
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessageContaining("cancelled is final");
        }
    }

    @Test
    void anybodyMayFollowWhatTheDriverWrites() {
        Path place = directory.resolve("store");
        try (var store = SessionStore.create(place);
                var session = store.create(SessionConfig.conversation(null));
                var elsewhere = SessionStore.open(place);
                var follower = elsewhere.read(session.id()).follow(Cursor.startOf(session.id()))) {
            session.append(OutputAppended.of("{\"type\":\"system\"}"), OutputAppended.of("not JSON at all"));

            List<String> types = List.of(
                    follower.next(Duration.ofSeconds(5)).type(),
                    follower.next(Duration.ofSeconds(5)).type(),
                    follower.next(Duration.ofSeconds(5)).type());
            assertThat(types).containsExactly("segment.opened", "output.appended", "output.appended");
        }
    }

    @Test
    void everyJavaBlockOfTheReadmeStandsInThisFile() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("README.md"))) {
            root = java.util.Objects.requireNonNull(root.getParent(), "a README.md above the module");
        }
        String here = squeezed(Files.readString(
                root.resolve("core/src/test/java/dev/holdfast/docs/FiveMinuteTourTest.java"), StandardCharsets.UTF_8));
        String readme = Files.readString(root.resolve("README.md"), StandardCharsets.UTF_8);
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        int blocks = 0;
        while (block.find()) {
            assertThat(here).contains(squeezed(block.group(1)));
            blocks++;
        }
        assertThat(blocks).isPositive();
        assertThat(readme.lines().count()).isLessThan(200);
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
