package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodexImportTest {
    @TempDir
    private Path directory;

    private final SessionStore store = SessionStore.inMemory();

    @AfterEach
    void close() {
        store.close();
    }

    private FileReport imports(String name) {
        return Fixtures.imports(store, directory.resolve(name.replace('/', '-')), Fixtures.bytes(name));
    }

    @Test
    void accountsForEveryRecord() {
        FileReport report = imports("codex/rollout.jsonl");
        assertThat(report.problem()).isNull();
        assertThat(report.format()).isEqualTo(Format.CODEX);
        assertThat(report.records()).isEqualTo(28);
        assertThat(report.skipped())
                .containsOnly(
                        Map.entry("duplicate-of-response-item", 3L),
                        Map.entry("empty-reasoning", 1L),
                        Map.entry("token-count-without-total", 1L),
                        Map.entry("unchanged-token-count", 1L));
        assertThat(report.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo("not-json");
            assertThat(fault.line()).isEqualTo(27);
        });
    }

    @Test
    void saysEachMessageOnce() {
        SessionId id = imports("codex/rollout.jsonl").sessions().getFirst().id();
        List<Message> messages = Contents.messages(store, id);
        assertThat(messages)
                .extracting(Message::role)
                .containsExactly(
                        Role.SYSTEM,
                        Role.USER,
                        Role.ASSISTANT,
                        Role.ASSISTANT,
                        Role.ASSISTANT,
                        Role.TOOL,
                        Role.ASSISTANT,
                        Role.TOOL,
                        Role.ASSISTANT,
                        Role.USER);
        assertThat(messages.get(2).parts().getFirst()).isEqualTo(new Part.Reasoning("**Looking**"));
        assertThat(messages.get(3).text()).isEqualTo("I add it now.");
        assertThat(messages.get(3).model()).isEqualTo("gpt-test-1");
        assertThat(messages.get(4).parts().getFirst())
                .isInstanceOfSatisfying(
                        Part.ToolCall.class,
                        call -> assertThat(call.arguments().text()).isEqualTo("{\"command\":[\"ls\"]}"));
        assertThat(messages.get(7).parts().getFirst())
                .isInstanceOfSatisfying(
                        Part.ToolResponse.class,
                        answer -> assertThat(answer.response().text()).isEqualTo("\"done\""));
        assertThat(messages.get(9).parts().get(1)).isInstanceOf(Part.Blob.class);
        assertThat(Contents.extensions(store, id, "codex.event_msg.user_message"))
                .singleElement()
                .extracting(extension ->
                        extension.data().toNode().at("/payload/message").asString())
                .isEqualTo("Nobody repeats me");
    }

    @Test
    void countsTokensByTheDifferenceOfTotals() {
        SessionId id = imports("codex/rollout.jsonl").sessions().getFirst().id();
        assertThat(Contents.events(store, id))
                .filteredOn(UsageRecorded.class::isInstance)
                .extracting(event -> ((UsageRecorded) event).tokens())
                .containsExactly(
                        new Tokens(60, 10, 40, 0, 4),
                        new Tokens(50, 20, 100, 0, 5),
                        // The total went back: the counter began again.
                        new Tokens(30, 5, 0, 0, 0),
                        new Tokens(20, 3, 10, 0, 1));
        assertThat(store.read(id).state().tokens()).isEqualTo(new Tokens(160, 38, 150, 0, 10));
    }

    @Test
    void takesTitlePlaceAndCompaction() {
        ImportedSession session = imports("codex/rollout.jsonl").sessions().getFirst();
        SessionState state = store.read(session.id()).state();
        assertThat(session.sourceId()).isEqualTo(Fixtures.ROLLOUT);
        assertThat(session.id().epochMillis()).isEqualTo(new SessionId(Fixtures.ROLLOUT).epochMillis());
        assertThat(state.title()).isEqualTo("Basket");
        assertThat(state.configuration().project()).isEqualTo("/home/ann/shop");
        assertThat(Contents.compaction(store, session.id()).summary()).isEqualTo("A basket was added.");
        assertThat(Contents.extensions(store, session.id(), "codex.compacted")).hasSize(1);
        assertThat(Contents.extensions(store, session.id(), "codex.session_meta"))
                .hasSize(1);
    }

    @Test
    void doesNotCountTheHistoryThatAForkRepeats() {
        ImportedSession parent = imports("codex/rollout.jsonl").sessions().getFirst();
        FileReport report = imports("codex/fork.jsonl");
        ImportedSession fork = report.sessions().getFirst();
        assertThat(fork.sourceId()).isEqualTo(Fixtures.ROLLOUT_FORK);
        assertThat(fork.parent()).isEqualTo(parent.id());
        assertThat(fork.relation()).isEqualTo("fork");
        assertThat(report.skipped()).containsOnly(Map.entry("usage-of-copied-history", 2L));
        assertThat(store.read(fork.id()).state().tokens()).isEqualTo(new Tokens(40, 15, 10, 0, 1));
        assertThat(Contents.messages(store, fork.id()))
                .extracting(Message::text)
                .containsExactly("Add a basket", "Use a list", "A list it is.");
    }

    @Test
    void makesASpawnedThreadAChildThatInheritsNoUsage() {
        ImportedSession child = imports("codex/child.jsonl").sessions().getFirst();
        SessionState state = store.read(child.id()).state();
        assertThat(child.relation()).isEqualTo("subagent");
        assertThat(state.origin())
                .isInstanceOfSatisfying(
                        Origin.Imported.class, origin -> assertThat(origin.id()).isEqualTo(Fixtures.ROLLOUT_CHILD));
        assertThat(state.tokens()).isEqualTo(new Tokens(20, 7, 0, 0, 0));
        assertThat(state.configuration().metadata().get("agentNickname").text()).isEqualTo("\"Moss\"");
    }
}
