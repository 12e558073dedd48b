package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Prints records, as JSON or for people. */
final class RecordPrinter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int FIRST_LINES = 6;
    private static final int INDENT = 4;

    private final SessionId session;
    private final Output out;
    private final Style style;
    private final int columns;
    private final boolean json;
    private final boolean full;
    private final boolean payloadsInData;

    /** A printer of the records of a session and of those it came from. */
    RecordPrinter(SessionId session, Invocation invocation, boolean full, boolean payloadsInData) {
        this.session = session;
        this.out = invocation.out();
        this.style = invocation.style();
        this.columns = invocation.columns();
        this.json = invocation.json();
        this.full = full;
        this.payloadsInData = payloadsInData;
    }

    void print(LogRecord record, BlobSource payloads) {
        if (json) {
            out.rawJson(json(record, payloads));
        } else {
            human(record, payloads);
        }
    }

    private String json(LogRecord record, BlobSource payloads) {
        // Put together as text, so that data is what stands in the file.
        StringBuilder line = new StringBuilder(256);
        line.append("{\"position\":\"").append(record.position());
        line.append("\",\"at\":\"").append(record.at());
        line.append("\",\"type\":").append(Json.of(record.type()).text());
        String id = record.id();
        if (id != null) {
            line.append(",\"id\":").append(Json.of(id).text());
        }
        line.append(",\"data\":").append(payloadsInData ? joined(record, payloads) : data(record));
        Json source = record.source();
        if (source != null) {
            line.append(",\"source\":").append(source.text());
        }
        return line.append('}').toString();
    }

    private static String data(LogRecord record) {
        return new String(record.data(), StandardCharsets.UTF_8);
    }

    /** Data of a type that no version knows comes back as it is, with its payloads put back. */
    private static String joined(LogRecord record, BlobSource payloads) {
        Event event = EventCodec.decode("any", record.data(), payloads);
        return event instanceof Unknown any ? any.data().text() : data(record);
    }

    private void human(LogRecord record, BlobSource payloads) {
        String place = Positions.shown(record.position(), session);
        String head = style.dim(TIME.format(record.at()) + "  " + place) + "  ";
        Event event;
        try {
            event = record.event(payloads);
        } catch (HoldfastException e) {
            out.line(head + style.red(Text.line(record.type() + ": " + e.getMessage())));
            return;
        }
        if (event instanceof Message message) {
            String model = message.model();
            out.line(head + role(message.role()) + (model == null ? "" : style.dim("  " + Text.line(model))));
            message.parts().forEach(this::part);
        } else {
            String text = head + style.bold(Text.line(record.type()));
            String detail = EventText.of(event, record.position().session());
            int used = 19 + 2 + place.length() + 4 + record.type().length();
            out.line(detail.isEmpty() ? text : text + "  " + short1(detail, used));
            if (event instanceof SegmentOpened opened && opened.origin() instanceof Origin.Compacted compacted) {
                block(compacted.summary());
            }
        }
    }

    private String role(Role role) {
        return switch (role) {
            case SYSTEM -> style.magenta("system");
            case USER -> style.cyan("user");
            case ASSISTANT -> style.green("assistant");
            case TOOL -> style.yellow("tool");
        };
    }

    private void part(Part part) {
        switch (part) {
            case Part.Text text -> block(text.content());
            case Part.Reasoning reasoning -> {
                out.line(" ".repeat(INDENT) + style.dim("(reasoning)"));
                block(reasoning.content());
            }
            case Part.ToolCall call ->
                line("-> " + call.name() + " " + call.arguments().text());
            case Part.ToolResponse response -> {
                JsonNode value = response.response().toNode();
                line((response.error() ? "<- error: " : "<- ")
                        + (value.isString()
                                ? value.stringValue()
                                : response.response().text()));
            }
            case Part.Blob blob -> line("[" + blob.mimeType() + ", " + Text.bytes(blob.content().length) + "]");
            case Part.Other other -> line(other.data().text());
        }
    }

    private void line(String text) {
        if (full) {
            block(text);
        } else {
            out.line(" ".repeat(INDENT) + short1(text, INDENT));
        }
    }

    /** One line of at most the terminal's width, and of at most 400 characters anywhere. */
    private String short1(String text, int used) {
        if (full) {
            return Text.line(text);
        }
        String start = text.length() > 4_000 ? text.substring(0, 4_000) : text;
        return Text.cut(Text.line(start), Math.max(20, Math.min(400, columns - used)));
    }

    private void block(String text) {
        if (text.isEmpty()) {
            return;
        }
        String start = full || text.length() <= 40_000 ? text : text.substring(0, 40_000);
        String[] lines = Text.block(start).stripTrailing().split("\n", -1);
        int shown = full ? lines.length : Math.min(lines.length, FIRST_LINES);
        for (int k = 0; k < shown; k++) {
            String line = full ? lines[k] : Text.cut(lines[k], Math.max(20, Math.min(1_000, columns - INDENT)));
            out.line(line.isEmpty() ? "" : " ".repeat(INDENT) + line);
        }
        if (shown < lines.length) {
            out.line(" ".repeat(INDENT) + style.dim("... " + Text.number(lines.length - shown, "more line")));
        }
    }
}
