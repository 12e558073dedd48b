package dev.holdfast.event;

/** Writes each event's fields. The mirror of {@link EventReader}: a field added here is read there. */
final class EventWriter {
    private EventWriter() {}

    static DataWriter write(Event event, DataWriter out) {
        if (event instanceof Unknown unknown) {
            return out.value(unknown.data());
        }
        out.start();
        switch (event) {
            case SegmentOpened opened -> segment(opened, out);
            case Lifecycle lifecycle -> lifecycle(lifecycle, out);
            case Message message -> message(message, out);
            case UsageRecorded usage -> usage(usage, out);
            case Annotation annotation -> annotation(annotation, out);
            case MetadataSet metadata -> {
                out.values("set", metadata.set());
                out.words("unset", metadata.unset());
            }
            case ConfigChanged changed -> out.value("patch", changed.patch());
            case CheckpointTaken taken -> checkpoint(taken, out);
            case CheckpointsPruned pruned -> out.words("ids", pruned.ids()).word("previous", pruned.previous());
            case Extension extension ->
                out.word("namespace", extension.namespace()).value("data", extension.data());
            case OutputAppended output -> {
                String text = EventCodec.utf8(output.line());
                if (text == null) {
                    out.bytes("base64", output.line());
                } else {
                    out.text("text", text);
                }
            }
            case WorkEvent work -> WorkEventWriter.write(work, out);
            case Unknown unknown -> throw new IllegalStateException("handled above: " + unknown.type());
        }
        return out.end();
    }

    private static void segment(SegmentOpened opened, DataWriter out) {
        out.number("format", opened.format()).word("log", opened.log()).number("segment", opened.segment());
        out.name("origin").start();
        origin(opened.origin(), out);
        out.end();
        SegmentOpened.Writer writer = opened.writer();
        out.name("writer")
                .start()
                .word("program", writer.program())
                .word("version", writer.version())
                .word("host", writer.host())
                .number("pid", writer.pid())
                .end();
        SegmentOpened.Previous previous = opened.previous();
        if (previous != null) {
            out.name("prev")
                    .start()
                    .number("segment", previous.segment())
                    .number("records", previous.records())
                    .number("bytes", previous.bytes())
                    .number("durable", previous.durable())
                    .end();
        }
        out.value("config", opened.config()).value("state", opened.state());
    }

    static void origin(Origin origin, DataWriter out) {
        switch (origin) {
            case Origin.Fresh fresh -> out.word("kind", "fresh");
            case Origin.RolledOver rolled -> out.word("kind", "rolled-over");
            case Origin.Recovered recovered -> out.word("kind", "recovered").flag("repaired", recovered.repaired());
            case Origin.Forked forked ->
                out.word("kind", "forked")
                        .word("position", forked.position())
                        .word("crc", forked.crc())
                        .word("relation", forked.relation().isEmpty() ? null : forked.relation());
            case Origin.Compacted compacted ->
                out.word("kind", "compacted")
                        .text("summary", compacted.summary())
                        .words("kept", compacted.kept());
            case Origin.Rewound rewound -> out.word("kind", "rewound").word("position", rewound.position());
            case Origin.Restored restored ->
                out.word("kind", "restored")
                        .word("checkpoint", restored.checkpoint())
                        .word("position", restored.position())
                        .value("state", restored.state());
            case Origin.Imported imported ->
                out.word("kind", "imported")
                        .word("system", imported.system())
                        .word("id", imported.id())
                        .word("parent", imported.parent())
                        .word("relation", imported.relation());
            case Origin.Other other -> out.value("other", other.data());
        }
    }

    private static void checkpoint(CheckpointTaken taken, DataWriter out) {
        out.word("id", taken.id())
                .number("number", taken.number())
                .text("label", taken.label())
                .number("iteration", taken.iteration())
                .word("phase", taken.phase())
                .flag("resumable", taken.resumable())
                .word("previous", taken.previous())
                .values("metadata", taken.metadata());
        out.value("state", taken.state());
    }

    private static void lifecycle(Lifecycle lifecycle, DataWriter out) {
        switch (lifecycle) {
            case Lifecycle.Started started -> {}
            case Lifecycle.Paused paused -> out.text("reason", paused.reason());
            case Lifecycle.Resumed resumed -> {}
            case Lifecycle.Completed completed ->
                out.text("summary", completed.summary()).value("result", completed.result());
            case Lifecycle.Failed failed -> out.text("error", failed.error()).value("detail", failed.detail());
            case Lifecycle.Cancelled cancelled -> out.text("reason", cancelled.reason());
        }
    }

    private static void message(Message message, DataWriter out) {
        out.word("role", message.role().wireName()).startArray("parts");
        for (Part part : message.parts()) {
            if (part instanceof Part.Other other) {
                out.value(other.data());
            } else {
                out.start();
                part(part, out);
                out.end();
            }
        }
        out.endArray().word("model", message.model()).word("response_id", message.responseId());
    }

    private static void part(Part part, DataWriter out) {
        switch (part) {
            case Part.Text text -> out.word("type", "text").text("content", text.content());
            case Part.Reasoning reasoning -> out.word("type", "reasoning").text("content", reasoning.content());
            case Part.ToolCall call ->
                out.word("type", "tool_call")
                        .word("id", call.id())
                        .word("name", call.name())
                        .value("arguments", call.arguments());
            case Part.ToolResponse response ->
                out.word("type", "tool_call_response")
                        .word("id", response.id())
                        .value("response", response.response())
                        .flag("error", response.error());
            case Part.Blob blob ->
                out.word("type", "blob").word("mime_type", blob.mimeType()).bytes("content", blob.content());
            case Part.Other other -> throw new IllegalStateException("handled by the caller: " + other);
        }
    }

    private static void usage(UsageRecorded usage, DataWriter out) {
        Tokens tokens = usage.tokens();
        out.number("input", tokens.input())
                .number("output", tokens.output())
                .number("cache_read", tokens.cacheRead())
                .number("cache_write", tokens.cacheWrite())
                .number("reasoning", tokens.reasoning())
                .word("model", usage.model())
                .word("response_id", usage.responseId())
                .decimal("cost_usd", usage.costUsd());
    }

    private static void annotation(Annotation annotation, DataWriter out) {
        switch (annotation) {
            case Annotation.TitleSet title -> out.text("title", title.title());
            case Annotation.Tagged tagged -> out.words("add", tagged.add()).words("remove", tagged.remove());
            case Annotation.Noted noted -> out.text("text", noted.text()).word("author", noted.author());
        }
    }
}
