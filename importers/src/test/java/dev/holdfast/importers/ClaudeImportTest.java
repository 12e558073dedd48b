package dev.holdfast.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaudeImportTest {
    @TempDir
    private Path directory;

    private final SessionStore store = SessionStore.inMemory();
    private FileReport report;
    private Map<String, ImportedSession> sessions;

    @BeforeEach
    void importEverything() {
        report = Fixtures.imports(store, directory.resolve("t.jsonl"), Fixtures.bytes("claude/everything.jsonl"));
        sessions = report.sessions().stream().collect(Collectors.toMap(ImportedSession::sourceId, each -> each));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private SessionId id(String sourceId) {
        return sessions.get(sourceId).id();
    }

    @Test
    void accountsForEveryRecord() {
        assertThat(report.problem()).isNull();
        assertThat(report.format()).isEqualTo(Format.CLAUDE_CODE);
        assertThat(report.lines()).isEqualTo(31);
        // One line holds two records, one a damaged piece and a record.
        assertThat(report.records()).isEqualTo(33);
        assertThat(report.joined()).isEqualTo(1);
        assertThat(report.imported()).isEqualTo(31);
        assertThat(report.skipped()).isEmpty();
        assertThat(report.warnings()).containsOnly(Map.entry("dangling-parent", 1L));
    }

    @Test
    void keepsDamagedPiecesAndSaysWhereTheyAre() {
        byte[] content = Fixtures.bytes("claude/everything.jsonl");
        String text = new String(content, StandardCharsets.ISO_8859_1);
        assertThat(report.faultCount()).isEqualTo(2);
        assertThat(report.faults()).extracting(ImportFault::kind).containsExactly("not-json", "not-json");
        assertThat(report.faults())
                .extracting(ImportFault::offset)
                .containsExactly(
                        (long) text.indexOf("{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"torn of"),
                        (long) text.indexOf("{\"parentUuid\":null,\"type\":\"us{"));
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.bad-line"))
                .extracting(extension -> extension.data().toNode().path("text").asString())
                .containsExactly(
                        "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"torn of",
                        "{\"parentUuid\":null,\"type\":\"us");
        assertThat(Contents.messages(store, id(Fixtures.MAIN)))
                .extracting(Message::text)
                .contains("behind a torn record");
    }

    @Test
    void recoversBothRecordsOfAJoinedLineWithTheirOffsets() {
        String text = new String(Fixtures.bytes("claude/everything.jsonl"), StandardCharsets.ISO_8859_1);
        int first = text.indexOf("Here it is.");
        long offset = text.lastIndexOf('\n', first) + 1;
        long second = text.indexOf("{\"type\":\"summary\",\"summary\":\"Split the parser\"");
        assertThat(Contents.imported(store, id(Fixtures.MAIN)))
                .filteredOn(each -> each.source().path("line").asInt() == 8)
                .filteredOn(each -> !(each.event() instanceof UsageRecorded))
                .extracting(each -> each.source().path("offset").asLong())
                .containsExactly(offset, second);
    }

    @Test
    void translatesMessages() {
        List<Message> messages = Contents.messages(store, id(Fixtures.MAIN));
        assertThat(messages.get(0)).isEqualTo(Message.user("Split the parser, please — naïve £ 日本 🦊"));
        assertThat(messages.get(1).role()).isEqualTo(Role.ASSISTANT);
        assertThat(messages.get(1).model()).isEqualTo("claude-test-1");
        assertThat(messages.get(1).responseId()).isEqualTo("msg_1/req_1");
        assertThat(messages.get(1).parts().getFirst()).isEqualTo(new Part.Reasoning("Let me look."));
        assertThat(messages.get(3).parts().getFirst()).isInstanceOfSatisfying(Part.ToolCall.class, call -> {
            assertThat(call.id()).isEqualTo("toolu_1");
            assertThat(call.name()).isEqualTo("Read");
            assertThat(call.arguments().text()).isEqualTo("{\"file_path\":\"/home/ann/parser/P.java\"}");
        });
        assertThat(messages.get(4).role()).isEqualTo(Role.TOOL);
        assertThat(messages.get(4).parts().getFirst()).isInstanceOfSatisfying(Part.ToolResponse.class, answer -> {
            assertThat(answer.id()).isEqualTo("toolu_1");
            assertThat(answer.response().text()).isEqualTo("\"class P {}\"");
        });
        assertThat(messages)
                .flatExtracting(Message::parts)
                .filteredOn(Part.Blob.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(Part.Blob.class, image -> {
                    assertThat(image.mimeType()).isEqualTo("image/png");
                    assertThat(image.content()).startsWith(0x89, 'P', 'N', 'G');
                });
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.tool-use-result"))
                .hasSize(1);
    }

    @Test
    void countsEachResponseOnceWithItsLargestFigures() {
        SessionState state = store.read(id(Fixtures.MAIN)).state();
        // msg_1 10,42,100,20 + msg_2 3,7,130,0 + msg_3 5,6,7,8 + msg_4 9,9,9,9
        Tokens expected = new Tokens(27, 64, 246, 37, 0);
        assertThat(state.tokens()).isEqualTo(expected);
        assertThat(sessions.get(Fixtures.MAIN).tokens()).isEqualTo(expected);
        assertThat(Contents.events(store, id(Fixtures.MAIN)))
                .filteredOn(UsageRecorded.class::isInstance)
                .hasSize(4);
    }

    @Test
    void givesEmbeddedSubagentsASessionOfTheirOwn() {
        SessionId child = id(Fixtures.MAIN + ":c0ffee1");
        SessionState state = store.read(child).state();
        assertThat(state.origin())
                .isEqualTo(new Origin.Imported(
                        "claude-code",
                        Fixtures.MAIN + ":c0ffee1",
                        id(Fixtures.MAIN).value(),
                        "subagent"));
        assertThat(state.tokens()).isEqualTo(new Tokens(4, 9, 50, 6, 0));
        assertThat(Contents.messages(store, child))
                .extracting(Message::text)
                .containsExactly("Look for tests", "Searching 0", "Searching 1");
        assertThat(state.configuration().metadata().get("parentToolUseID").text())
                .isEqualTo("\"toolu_9\"");
    }

    @Test
    void givesSideChainsASessionOfTheirOwn() {
        SessionId child = id(Fixtures.MAIN + ":d0000001-0000-4000-8000-000000000000");
        assertThat(Contents.messages(store, child))
                .extracting(Message::text)
                .containsExactly("Count the classes", "There are two.");
        assertThat(store.read(child).state().tokens()).isEqualTo(new Tokens(2, 3, 0, 0, 0));
    }

    @Test
    void splitsTwoSessionsInOneFile() {
        assertThat(sessions).hasSize(4);
        assertThat(Contents.messages(store, id(Fixtures.OTHER)))
                .extracting(Message::text)
                .containsExactly("Hello from another window", "Hi.");
        assertThat(store.read(id(Fixtures.OTHER)).state().tokens()).isEqualTo(new Tokens(1, 2, 3, 4, 0));
    }

    @Test
    void prefersTheTitleThatAPersonChose() {
        assertThat(store.read(id(Fixtures.MAIN)).state().title()).isEqualTo("My parser");
        assertThat(Contents.events(store, id(Fixtures.MAIN)))
                .filteredOn(Annotation.TitleSet.class::isInstance)
                .containsExactly(
                        new Annotation.TitleSet("Split the parser"),
                        new Annotation.TitleSet("Parser split by AI"),
                        new Annotation.TitleSet("My parser"));
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.ai-title"))
                .hasSize(1);
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.summary"))
                .singleElement()
                .extracting(
                        extension -> extension.data().toNode().path("summary").asString())
                .isEqualTo("Something else entirely");
    }

    @Test
    void beginsTheViewAnewWhereTheSourceCompacted() {
        SessionId id = id(Fixtures.MAIN);
        Origin.Compacted compacted = Contents.compaction(store, id);
        assertThat(compacted.summary()).isEqualTo("We split the parser and nobody was the parent.");
        assertThat(compacted.kept())
                .singleElement()
                .satisfies(kept -> assertThat(Contents.imported(store, id))
                        .filteredOn(each -> each.record().position().toString().equals(kept))
                        .singleElement()
                        .extracting(each -> ((Message) each.event()).text())
                        .isEqualTo("Nobody."));
        assertThat(Contents.extensions(store, id, "claude-code.system.compact_boundary"))
                .hasSize(1);
        assertThat(Contents.extensions(store, id, "claude-code.compact-summary"))
                .hasSize(1);
        assertThat(Contents.messages(store, id)).extracting(Message::text).contains("Go on");
    }

    @Test
    void keepsWhatItDoesNotKnowByteForByte() {
        String line = new String(Fixtures.bytes("claude/everything.jsonl"), StandardCharsets.UTF_8)
                .lines()
                .filter(each -> each.contains("brand-new-type"))
                .findFirst()
                .orElseThrow();
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.brand-new-type.with_subtype"))
                .extracting(extension -> extension.data().text())
                .containsExactly(line);
        assertThat(Contents.extensions(store, id(Fixtures.MAIN), "claude-code.repeated"))
                .hasSize(1);
    }

    @Test
    void createsSessionsPausedWithTheirTimesAndPlace() {
        SessionState state = store.read(id(Fixtures.MAIN)).state();
        assertThat(state.status()).isEqualTo(SessionStatus.PAUSED);
        assertThat(state.reason()).isEqualTo("imported");
        assertThat(state.configuration().project()).isEqualTo("/home/ann/parser");
        assertThat(state.configuration().metadata().get("gitBranch").text()).isEqualTo("\"main\"");
        assertThat(id(Fixtures.MAIN).epochMillis())
                .isEqualTo(Instant.parse("2026-03-01T10:00:01.001Z").toEpochMilli());
        assertThat(Contents.imported(store, id(Fixtures.MAIN)).get(2).record().at())
                .isEqualTo(Instant.parse("2026-03-01T10:00:01.001Z"));
    }

    @Test
    void recordsWhereEachEventComesFrom() {
        assertThat(Contents.imported(store, id(Fixtures.MAIN)).get(2).source().toString())
                .isEqualTo("{\"system\":\"claude-code\",\"file\":\"t.jsonl\",\"line\":3,\"offset\":302,"
                        + "\"id\":\"a0000001-0000-4000-8000-000000000000\"}");
    }

    @Test
    void keepsTheRawTextIfAsked() {
        try (SessionStore raw = SessionStore.inMemory()) {
            Path file = directory.resolve("t.jsonl");
            Fixtures.imports(raw, file, ImportOptions.usual().keepRaw(true));
            List<String> lines = new String(Fixtures.bytes("claude/everything.jsonl"), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(Contents.imported(raw, id(Fixtures.MAIN))
                            .get(2)
                            .source()
                            .path("raw")
                            .toString())
                    .isEqualTo(lines.get(2));
        }
    }

    @Test
    void doesNotCountTheUsageThatAForkCopied() {
        FileReport fork = Fixtures.imports(store, directory.resolve("f.jsonl"), Fixtures.bytes("claude/fork.jsonl"));
        ImportedSession session = fork.sessions().getFirst();
        assertThat(session.sourceId()).isEqualTo(Fixtures.FORK);
        assertThat(session.relation()).isEqualTo("fork");
        assertThat(session.parent()).isEqualTo(id(Fixtures.MAIN));
        assertThat(store.read(session.id()).state().tokens()).isEqualTo(new Tokens(11, 12, 13, 14, 0));
        assertThat(Contents.messages(store, session.id())).hasSize(4);
        assertThat(Contents.imported(store, session.id()))
                .filteredOn(each -> each.source().path("copied").asBoolean(false))
                .hasSize(2);
    }

    @Test
    void findsTheParentOfASubagentFileByItsDirectory() throws IOException {
        String parent = "5b0f6a10-0004-4000-8000-00000000dddd";
        for (String name : List.of(
                parent + ".jsonl",
                parent + "/subagents/agent-beef01.jsonl",
                parent + "/subagents/agent-beef01.meta.json")) {
            Path file = directory.resolve("project").resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, Fixtures.bytes("claude/project/" + name));
        }
        ImportReport project = new Importer(store, ImportOptions.usual())
                .run(List.of(directory.resolve("project")), ImportListener.NONE);
        assertThat(project.files()).hasSize(3);
        assertThat(project.imported()).isEqualTo(4);
        ImportedSession whole = project.files().get(0).sessions().getFirst();
        ImportedSession child = project.files().get(1).sessions().getFirst();
        assertThat(child.parent()).isEqualTo(whole.id());
        assertThat(child.sourceId()).isEqualTo(parent + ":beef01");
        assertThat(child.tokens()).isEqualTo(new Tokens(2, 2, 2, 2, 0));
        SessionState state = store.read(child.id()).state();
        assertThat(state.configuration().metadata().get("agentType").text()).isEqualTo("\"explorer\"");
        assertThat(project.files().get(2).problem()).contains("together with its transcript");
    }

    @Test
    void namesExtensionsOfOtherKindsToo() {
        assertThat(Contents.events(store, id(Fixtures.MAIN)))
                .filteredOn(Extension.class::isInstance)
                .extracting(event -> ((Extension) event).namespace())
                .contains("claude-code.file-history-snapshot", "claude-code.progress.bash_progress");
    }
}
