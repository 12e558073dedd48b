package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobSource;
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
import dev.holdfast.event.Part;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkEvent;
import dev.holdfast.log.LogRecord;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.SessionSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tells a session's events to a page: what was said in full, what was done folded, the rest in a line each. */
final class Story implements Transcript {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_OUTPUT = 64 * 1024;

    private final Page page;
    private final Redactor redactor;
    private final List<String> lost = new ArrayList<>();
    /** Lines of output that came one after the other. */
    private final StringBuilder output = new StringBuilder();

    Story(Page page, Redactor redactor) {
        this.page = page;
        this.redactor = redactor;
    }

    @Override
    public List<String> lost() {
        return lost;
    }

    @Override
    public void begin(SessionSummary session, boolean view) throws IOException {
        SessionState state = session.state();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("session", session.id().value());
        facts.put("kind", state.kind().wireName());
        facts.put("status", state.status().wireName());
        facts.put("created", TIME.format(state.createdAt()));
        facts.put("updated", TIME.format(state.updatedAt()));
        if (!state.tags().isEmpty()) {
            facts.put("tags", redactor.text(String.join(", ", state.tags())));
        }
        if (state.origin() instanceof Origin.Forked forked) {
            facts.put("forked from", forked.position());
        }
        if (view) {
            facts.put("shown", "what a model would be shown");
        }
        state.metadata().forEach((key, value) -> facts.put(redactor.text(key), value(key, value)));
        String title = state.title();
        page.begin(title == null || title.isBlank() ? "Session " + session.id() : redactor.text(title), facts);
    }

    private String value(String key, Json value) {
        JsonNode whole = Json.mapper().createObjectNode().set(key, value.toNode());
        JsonNode clean = redactor.json(whole).values().iterator().next();
        return clean.isString() ? clean.stringValue() : clean.toString();
    }

    @Override
    public void add(LogRecord record, BlobSource blobs) throws IOException {
        String when = TIME.format(record.at());
        Event event;
        try {
            event = record.event(blobs);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.STORAGE) {
                throw e;
            }
            lost.add(record.position() + ": " + e.getMessage());
            page.remark(when, record.type() + ": its payload is lost");
            return;
        }
        if (event instanceof OutputAppended appended) {
            output(redactor.text(new String(appended.line(), StandardCharsets.UTF_8)));
        } else {
            endOutput();
            tell(record, event, when);
        }
    }

    private void tell(LogRecord record, Event event, String when) throws IOException {
        switch (event) {
            case SegmentOpened opened -> opened(opened, when);
            case Message message -> message(message, when);
            case Lifecycle lifecycle -> page.remark(when, record.type() + told(lifecycle));
            case Annotation annotation -> page.remark(when, redactor.text(annotation(annotation)));
            case CheckpointTaken taken ->
                page.remark(when, redactor.text("checkpoint " + taken.number() + " " + taken.label()));
            case MetadataSet set -> page.remark(when, "metadata: " + value("metadata", Json.of(set.set())));
            case ConfigChanged changed -> page.remark(when, "configuration changed");
            case CheckpointsPruned pruned -> page.remark(when, pruned.ids().size() + " checkpoints taken off the list");
            case WorkEvent work ->
                page.folded(record.type(), json(Json.parse(new String(record.data(), StandardCharsets.UTF_8))));
            case Extension extension -> page.folded("extension " + extension.namespace(), json(extension.data()));
            case Unknown unknown -> page.folded(unknown.type(), json(unknown.data()));
            case UsageRecorded usage -> {
                // Summed up at the end.
            }
            case OutputAppended appended -> throw new IllegalStateException("told before: " + appended);
        }
    }

    private void opened(SegmentOpened opened, String when) throws IOException {
        switch (opened.origin()) {
            case Origin.Fresh fresh -> {}
            case Origin.RolledOver rolled -> {}
            case Origin.Recovered recovered -> {}
            case Origin.Imported imported -> page.remark(when, "imported from " + imported.system());
            case Origin.Forked forked -> page.remark(when, "forked from " + forked.position());
            case Origin.Rewound rewound -> page.remark(when, "went back to " + rewound.position());
            case Origin.Restored restored -> page.remark(when, "restored the checkpoint at " + restored.position());
            case Origin.Compacted compacted -> {
                page.speaker("summary", when, "what came before was compacted");
                page.text(redactor.text(compacted.summary()));
            }
            case Origin.Other other -> page.remark(when, "a segment of an unknown kind");
        }
    }

    private void message(Message message, String when) throws IOException {
        String model = message.model();
        page.speaker(message.role().wireName(), when, model == null ? "" : redactor.text(model));
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text -> page.text(redactor.text(text.content()));
                case Part.Reasoning reasoning -> page.folded("reasoning", redactor.text(reasoning.content()));
                case Part.ToolCall call ->
                    page.folded("tool call " + redactor.text(call.name()), json(call.arguments()));
                case Part.ToolResponse response ->
                    page.folded(response.error() ? "tool result, an error" : "tool result", json(response.response()));
                case Part.Blob blob ->
                    page.text("[" + redactor.text(blob.mimeType()) + ", " + blob.content().length + " bytes]");
                case Part.Other other -> page.folded("a part of an unknown kind", json(other.data()));
            }
        }
    }

    /** A string as its text, anything else as JSON in lines. */
    private String json(Json json) {
        JsonNode clean = redactor.json(json.toNode());
        return clean.isString() ? clean.stringValue() : clean.toPrettyString();
    }

    private String told(Lifecycle lifecycle) {
        String text = switch (lifecycle) {
            case Lifecycle.Started started -> "";
            case Lifecycle.Paused paused -> paused.reason();
            case Lifecycle.Resumed resumed -> "";
            case Lifecycle.Completed completed -> completed.summary();
            case Lifecycle.Failed failed -> failed.error();
            case Lifecycle.Cancelled cancelled -> cancelled.reason();
        };
        return text.isEmpty() ? "" : ": " + redactor.text(text);
    }

    private static String annotation(Annotation annotation) {
        return switch (annotation) {
            case Annotation.TitleSet title -> "title: " + title.title();
            case Annotation.Tagged tagged ->
                "tags:" + (tagged.add().isEmpty() ? "" : " +" + String.join(" +", tagged.add()))
                        + (tagged.remove().isEmpty() ? "" : " -" + String.join(" -", tagged.remove()));
            case Annotation.Noted noted ->
                "note" + (noted.author() == null ? "" : " of " + noted.author()) + ": " + noted.text();
        };
    }

    private void output(String line) throws IOException {
        output.append(line).append('\n');
        if (output.length() > MAX_OUTPUT) {
            endOutput();
        }
    }

    private void endOutput() throws IOException {
        if (!output.isEmpty()) {
            page.folded("output", output.toString());
            output.setLength(0);
        }
    }

    @Override
    public void end(SessionSummary session) throws IOException {
        endOutput();
        SessionState state = session.state();
        Tokens tokens = state.tokens();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("records", Long.toString(state.records()));
        facts.put("messages", Long.toString(state.messages()));
        facts.put("input tokens", Long.toString(tokens.input()));
        facts.put("output tokens", Long.toString(tokens.output()));
        facts.put("tokens read from cache", Long.toString(tokens.cacheRead()));
        facts.put("tokens written to cache", Long.toString(tokens.cacheWrite()));
        facts.put(
                "cost",
                state.costUsd() == null ? "unknown" : "$" + state.costUsd().toPlainString());
        time(facts, "ended", state.completedAt());
        page.end("Usage", facts);
    }

    private static void time(Map<String, String> facts, String name, @Nullable Instant at) {
        if (at != null) {
            facts.put(name, TIME.format(at));
        }
    }
}
