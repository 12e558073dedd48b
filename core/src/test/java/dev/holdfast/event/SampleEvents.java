package dev.holdfast.event;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** At least one of each event, with every field given and with every field left out. */
final class SampleEvents {
    private static final Json OBJECT = Json.parse("{\"a\":[1,true,null,\"x\"],\"b\":{}}");

    private SampleEvents() {}

    static Stream<Event> everyEvent() {
        return Stream.of(openings(), others(), WorkEvents.samples()).flatMap(each -> each);
    }

    private static Stream<Event> openings() {
        SegmentOpened.Writer writer = new SegmentOpened.Writer("holdfast", "1.2", "host", 42);
        return Stream.of(
                        new Origin.Fresh(),
                        new Origin.RolledOver(),
                        new Origin.Recovered(false),
                        new Origin.Recovered(true),
                        new Origin.Forked("0196f5a2-7c3b-7d41-9c55-3c1f0e2d4b6a/1/17", "0123abcd", ""),
                        new Origin.Compacted("", List.of()),
                        new Origin.Compacted("what was said", List.of("p/1/2", "p/1/3")),
                        new Origin.Rewound("p/1/2"),
                        new Origin.Restored("checkpoint", "p/1/2", null),
                        new Origin.Imported("codex", "x", "", ""),
                        new Origin.Imported("claude-code", "x", "parent", "subagent"),
                        new Origin.Other(OBJECT))
                .map(origin -> new SegmentOpened(
                        1,
                        "log",
                        2,
                        origin,
                        writer,
                        new SegmentOpened.Previous(1, 7, 900, 6),
                        OBJECT,
                        Json.EMPTY_OBJECT));
    }

    private static Stream<Event> others() {
        SegmentOpened.Writer writer = new SegmentOpened.Writer("holdfast", "1.2", "host", 42);
        return Stream.of(
                new SegmentOpened(1, "log", 1, new Origin.Fresh(), writer, null, Json.EMPTY_OBJECT, null),
                new Lifecycle.Started(),
                new Lifecycle.Paused(""),
                new Lifecycle.Paused("lunch"),
                new Lifecycle.Resumed(),
                new Lifecycle.Completed("", null),
                new Lifecycle.Completed("done", OBJECT),
                new Lifecycle.Failed("no", null),
                new Lifecycle.Failed("no", OBJECT),
                new Lifecycle.Cancelled(""),
                new Message(Role.SYSTEM, List.of(), null, null),
                Message.user(""),
                Message.system("be brief"),
                Message.tool("call", Json.of("plain")),
                new Message(Role.ASSISTANT, everyPart(), "model", "response"),
                new UsageRecorded(Tokens.NONE, null, null, null),
                new UsageRecorded(new Tokens(1, 2, 3, 4, Long.MAX_VALUE), "model", "r", new BigDecimal("0.012300")),
                new Annotation.TitleSet(""),
                new Annotation.TitleSet("a title"),
                new Annotation.Tagged(List.of(), List.of()),
                new Annotation.Tagged(List.of("a", "b"), List.of("c")),
                new Annotation.Noted("text", null),
                new Annotation.Noted("text", "author"),
                new MetadataSet(Map.of(), List.of()),
                new MetadataSet(Map.of("k", Json.NULL, "$blob", OBJECT), List.of("old")),
                new ConfigChanged(Json.EMPTY_OBJECT),
                new ConfigChanged(Json.parse("{\"focus\":null,\"x\":1.50}")),
                new Extension("name/space-1.x", Json.NULL),
                new Extension("n", Json.of("text")),
                new Extension("n", OBJECT),
                new CheckpointTaken(
                        "c-1",
                        1,
                        "tests green",
                        Json.parse("{\"step\":1}"),
                        Map.of("k", Json.parse("[1]")),
                        2,
                        "build",
                        true,
                        null),
                new CheckpointTaken("c-2", 2, "", null, Map.of(), 0, null, false, "p/1/2"),
                new CheckpointsPruned(List.of("c-1"), "p/1/2"),
                new CheckpointsPruned(List.of(), null),
                OutputAppended.of(""),
                OutputAppended.of("{\"type\":\"assistant\"}"),
                new OutputAppended(new byte[] {(byte) 0xff, 0, 10, 13}),
                new Unknown("later.thing", Json.EMPTY_OBJECT),
                new Unknown("later", OBJECT));
    }

    private static List<Part> everyPart() {
        return List.of(
                new Part.Text(""),
                new Part.Text("text"),
                new Part.Reasoning(""),
                new Part.ToolCall("", "name", Json.EMPTY_OBJECT),
                new Part.ToolCall("id", "name", Json.of(List.of(1, 2))),
                new Part.ToolResponse("id", Json.of("plain"), false),
                new Part.ToolResponse("id", Json.NULL, true),
                new Part.Blob("image/png", new byte[] {1, 2, 3}),
                new Part.Blob("image/png", new byte[0]),
                new Part.Other(Json.parse("{\"type\":\"later\",\"x\":1}")));
    }
}
