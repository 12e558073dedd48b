package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.Unknown;
import dev.holdfast.log.LogRecord;
import dev.holdfast.store.SessionSummary;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One JSON object a record. */
final class JsonLines implements Transcript {
    private final Writer out;
    private final Redactor redactor;
    private final List<String> lost = new ArrayList<>();

    JsonLines(Writer out, Redactor redactor) {
        this.out = out;
        this.redactor = redactor;
    }

    @Override
    public void begin(SessionSummary session, boolean view) {
        // A line for each record and none besides.
    }

    @Override
    public void add(LogRecord record, BlobSource blobs) throws IOException {
        // Put together as text, so that data is what stands in the log.
        StringBuilder line = new StringBuilder(256);
        line.append("{\"position\":\"").append(record.position());
        line.append("\",\"at\":\"").append(record.at());
        line.append("\",\"type\":").append(Json.of(record.type()).text());
        String id = record.id();
        if (id != null) {
            line.append(",\"id\":").append(Json.of(redactor.text(id)).text());
        }
        line.append(",\"data\":").append(redacted(data(record, blobs)));
        Json source = record.source();
        if (source != null) {
            line.append(",\"source\":").append(redacted(source));
        }
        out.write(Clean.json(line.append('}').toString()));
        out.write('\n');
    }

    private Json data(LogRecord record, BlobSource blobs) {
        try {
            // A type that no version knows comes back as it is, with its payloads put back.
            Event event = EventCodec.decode("any", record.data(), blobs);
            if (event instanceof Unknown any) {
                return any.data();
            }
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.STORAGE) {
                throw e;
            }
            lost.add(record.position() + ": " + e.getMessage());
        }
        return Json.trusted(new String(record.data(), StandardCharsets.UTF_8));
    }

    private String redacted(Json json) {
        long before = count();
        String after = Json.of(redactor.json(json.toNode())).text();
        return count() == before ? json.toLine() : after;
    }

    private long count() {
        return redactor.counts().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void end(SessionSummary session) {
        // Nothing follows the last record.
    }

    @Override
    public List<String> lost() {
        return lost;
    }
}
