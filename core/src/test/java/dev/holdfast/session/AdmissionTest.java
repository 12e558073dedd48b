package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkEvents;
import dev.holdfast.log.Docs;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final List<Event> ONE_OF_EACH = Stream.concat(
                    Stream.of(
                            new Lifecycle.Started(),
                            new Lifecycle.Paused(""),
                            new Lifecycle.Resumed(),
                            new Lifecycle.Completed("", null),
                            new Lifecycle.Failed("no", null),
                            new Lifecycle.Cancelled(""),
                            Message.user("hi"),
                            new UsageRecorded(Tokens.NONE, null, null, null),
                            new CheckpointTaken("c", 1, "", null, Map.of(), 0, null, true, null),
                            new CheckpointsPruned(List.of("c"), null),
                            OutputAppended.of("line"),
                            new MetadataSet(Map.of(), List.of()),
                            new ConfigChanged(Json.EMPTY_OBJECT),
                            new Extension("n", Json.NULL),
                            new Unknown("later.kind", Json.EMPTY_OBJECT),
                            new Annotation.TitleSet("t"),
                            new Annotation.Tagged(List.of("t"), List.of()),
                            new Annotation.Noted("n", null),
                            new SegmentOpened(
                                    1,
                                    "log",
                                    2,
                                    new Origin.RolledOver(),
                                    new SegmentOpened.Writer("", "", "", 0),
                                    null,
                                    Json.EMPTY_OBJECT,
                                    null)),
                    WorkEvents.samples())
            .toList();

    @ParameterizedTest
    @EnumSource
    void everyEventInEveryStatusIsTreatedAsTheTableSays(SessionKind kind) {
        Map<String, List<String>> table = tables().get(kind);
        assertThat(table).isNotNull();
        List<String> described = new ArrayList<>();
        for (Event event : ONE_OF_EACH) {
            String row = event instanceof Unknown ? "any unknown type" : "`" + event.type() + "`";
            List<String> cells = table.get(row);
            assertThat(cells).as("row %s of %s", row, kind).hasSize(SessionStatus.values().length);
            described.add(row);
            for (SessionStatus status : SessionStatus.values()) {
                String cell = cells.get(status.ordinal());
                assertThat(outcome(kind, status, event))
                        .as("%s in a %s %s", event.type(), status, kind)
                        .isEqualTo(cell);
            }
        }
        assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(new LinkedHashSet<>(described));
    }

    private static String outcome(SessionKind kind, SessionStatus status, Event event) {
        try {
            SessionStatus after = Admission.admit(kind, status, event);
            return event instanceof Lifecycle ? "→ " + after.wireName() : after == status ? "yes" : "moved to " + after;
        } catch (IllegalTransitionException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_TRANSITION);
            assertThat(e.from()).isEqualTo(status);
            assertThat(e.to()).isEqualTo(event instanceof Lifecycle lifecycle ? Admission.target(lifecycle) : null);
            assertThat(e.getMessage()).contains(event.type(), status.wireName());
            return "no";
        } catch (HoldfastException e) {
            assertThat(event).isInstanceOf(SegmentOpened.class);
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            return "no";
        }
    }

    /** Reads the tables of {@code docs/lifecycle.md}: by kind, by first cell, the other cells. */
    private static Map<SessionKind, Map<String, List<String>>> tables() {
        Map<SessionKind, Map<String, List<String>>> tables = new LinkedHashMap<>();
        List<SessionKind> kinds = List.of();
        for (String line : Docs.read("lifecycle.md").lines().toList()) {
            if (line.startsWith("#")) {
                kinds = line.startsWith("### ")
                        ? List.of(line.substring(4).split(", ")).stream()
                                .map(SessionKind::of)
                                .toList()
                        : List.of();
            } else if (line.startsWith("|") && !line.startsWith("|---") && !kinds.isEmpty()) {
                List<String> cells = List.of(
                                line.substring(1, line.length() - 1).split("\\|"))
                        .stream()
                        .map(String::strip)
                        .toList();
                if (cells.getFirst().equals("event")) {
                    assertThat(cells.subList(1, cells.size()).stream().map(SessionStatus::of))
                            .containsExactly(SessionStatus.values());
                } else {
                    for (String event : cells.getFirst().split(", ")) {
                        kinds.forEach(kind -> tables.computeIfAbsent(kind, k -> new LinkedHashMap<>())
                                .put(event, cells.subList(1, cells.size())));
                    }
                }
            }
        }
        return tables;
    }

    @Test
    void theDiagramShowsEveryWayAndNoOther() {
        List<String> drawn = Docs.read("lifecycle.md")
                .lines()
                .filter(line -> line.contains(" --> ") && !line.contains("[*]"))
                .map(line -> line.strip().replaceAll(" : .*", ""))
                .toList();
        List<String> ways = new ArrayList<>();
        for (SessionStatus from : SessionStatus.values()) {
            from.next().forEach(to -> ways.add(from.wireName() + " --> " + to.wireName()));
        }

        assertThat(drawn).containsExactlyInAnyOrderElementsOf(ways);
    }

    @Test
    void aRefusalSaysWhatIsAllowedInstead() {
        assertThatThrownBy(() -> Admission.admit(SessionKind.WORKFLOW, SessionStatus.CREATED, new Lifecycle.Paused("")))
                .hasMessage(
                        "session.paused: no way from created to paused; from created it may become running, failed, cancelled");
        assertThatThrownBy(() -> Admission.admit(SessionKind.CONVERSATION, SessionStatus.FAILED, Message.user("go on")))
                .hasMessageContaining("failed is final")
                .hasMessageContaining("title, tags, notes");
    }

    @Test
    void statusesAndKindsHaveWireNamesThatReadBack() {
        for (SessionStatus status : SessionStatus.values()) {
            assertThat(SessionStatus.of(status.wireName())).isEqualTo(status);
            assertThat(status.isFinal())
                    .isEqualTo(EnumSet.of(SessionStatus.COMPLETED, SessionStatus.FAILED, SessionStatus.CANCELLED)
                            .contains(status));
        }
        for (SessionKind kind : SessionKind.values()) {
            assertThat(SessionKind.of(kind.wireName())).isEqualTo(kind);
        }
        assertThatThrownBy(() -> SessionStatus.of("Running")).hasMessageContaining("one of created, running");
        assertThatThrownBy(() -> SessionKind.of("")).hasMessageContaining("one of conversation, workflow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000", "a\u007f"})
    void aTagIsVisibleText(String tag) {
        refused(new Annotation.Tagged(List.of(tag), List.of()));
    }

    @Test
    void titlesAndTagsHaveALimit() {
        admitted(new Annotation.TitleSet("x".repeat(Admission.MAX_TITLE)));
        admitted(new Annotation.Tagged(List.of("x".repeat(Admission.MAX_TAG)), List.of()));
        refused(new Annotation.TitleSet("x".repeat(Admission.MAX_TITLE + 1)));
        refused(new Annotation.Tagged(List.of("x".repeat(Admission.MAX_TAG + 1)), List.of()));
    }

    private static void admitted(Event event) {
        assertThatCode(() -> Objects.requireNonNull(
                        Admission.admit(SessionKind.CONVERSATION, SessionStatus.COMPLETED, event)))
                .doesNotThrowAnyException();
    }

    private static void refused(Event event) {
        assertThatThrownBy(() -> Admission.admit(SessionKind.CONVERSATION, SessionStatus.RUNNING, event))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
