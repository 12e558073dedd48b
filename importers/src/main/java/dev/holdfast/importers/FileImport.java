package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.importers.source.BadPiece;
import dev.holdfast.importers.source.Extensions;
import dev.holdfast.importers.source.Identities;
import dev.holdfast.importers.source.Lines;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.RecordReader;
import dev.holdfast.importers.source.SourceRecord;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Target;
import dev.holdfast.importers.source.Translator;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Entry;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Imports one file: reads it once from start to end and keeps the account. Used by one thread, once. */
final class FileImport implements Target, RecordReader.Handler {
    private static final long PROGRESS_BYTES = 1024 * 1024;
    private static final int MAX_DRIVEN = 16;
    private static final int RAW_INLINE_CHARS = 16 * 1024;
    private static final int LARGE_RECORD_BYTES = 900 * 1024;
    private static final int MANY_PARTS = 64;
    private static final int MAX_WORD = 200;

    private final Importer.Run run;
    private final SessionStore store;
    private final Path file;
    private final Format format;
    private final Probe probe;
    private final Translator translator;
    private final String sourcePrefix;
    private final Map<SessionId, SessionWriter> writers = new LinkedHashMap<>();
    private final LinkedHashMap<SessionId, SessionWriter> driving = new LinkedHashMap<>(32, 0.75f, true);
    private final Identities badPieces = new Identities();
    private final Account account = new Account();
    /** Of the session that was written last: an id is a hash, too dear to be made for every record. */
    private @Nullable SessionWriter lastWriter;

    private Instant lastTime = Instant.EPOCH;
    private long bytes;

    /**
     * What came of it.
     *
     * @param report the report
     * @param again whether another file of the run was in the way, so that this one must be read again
     */
    record Outcome(FileReport report, boolean again) {}

    FileImport(Importer.Run run, Path file, Format format, Probe probe) {
        this.run = run;
        this.store = run.store();
        this.file = file;
        this.format = format;
        this.probe = probe;
        this.translator = probe.translator(file, store::exists);
        this.sourcePrefix = "{\"system\":\"" + format.wireName() + "\",\"file\":"
                + Json.of(String.valueOf(file.getFileName())).text() + ",\"line\":";
    }

    Outcome read() throws IOException {
        SourceSession primary = translator.primary();
        bytes = Files.size(file);
        FileMark mark = FileMark.of(file, bytes);
        long known = primary == null || run.options().rescan() ? -1 : mark.recordsIn(store, primary.id());
        if (known >= 0) {
            account.unchanged(known);
            return new Outcome(report(true, null), false);
        }
        try {
            readAll();
            translator.end(this);
            SessionWriter main = primary == null ? null : writers.get(primary.id());
            for (SessionWriter writer : writers.values()) {
                if (writer != main) {
                    writer.park();
                }
            }
            if (main != null) {
                // Last of all: the mark says that everything in the file is durable.
                main.park(mark, account.records());
            }
            FileReport report = report(false, null);
            return new Outcome(report, false);
        } catch (Claims.Taken e) {
            writers.values().forEach(SessionWriter::park);
            return new Outcome(stopped(e.getMessage()), true);
        } catch (HoldfastException e) {
            if (isFatal(e)) {
                throw e;
            }
            return new Outcome(stopped(e.getMessage()), false);
        } finally {
            writers.values().forEach(SessionWriter::abandon);
            run.claims().releaseAll(this);
        }
    }

    private void readAll() throws IOException {
        RecordReader reader = new RecordReader(probe::isRecord);
        long shown = 0;
        try (InputStream in = Files.newInputStream(file)) {
            Lines lines = new Lines(in, bytes);
            while (lines.next()) {
                account.line();
                reader.read(lines, this);
                long done = lines.offset(lines.to());
                if (done - shown >= PROGRESS_BYTES) {
                    shown = done;
                    run.progress(file, done, bytes);
                }
            }
        }
        run.progress(file, bytes, bytes);
    }

    private FileReport stopped(@Nullable String problem) {
        account.notWritten(
                writers.values().stream().mapToLong(SessionWriter::unwritten).sum());
        long held = account.held();
        if (held > 0) {
            account.skipped("not-written", held);
        }
        return report(false, problem == null ? "stopped" : problem);
    }

    private FileReport report(boolean unchanged, @Nullable String problem) {
        List<ImportedSession> sessions =
                writers.values().stream().map(SessionWriter::report).toList();
        return new FileReport(
                file,
                format,
                bytes,
                account.lines(),
                account.records(),
                account.imported(),
                account.skipped(),
                account.faultCount(),
                account.faults(),
                account.joined(),
                account.warnings(),
                sessions,
                unchanged,
                problem);
    }

    @Override
    public void onRecord(SourceRecord record, boolean joined) {
        account.record(joined);
        translator.translate(record, this);
    }

    @Override
    public void onBad(BadPiece piece) {
        account.fault(piece);
        SourceSession session = translator.current();
        if (session != null) {
            String id = badPieces.next(piece.id());
            Place place = new Place(piece.line(), piece.offset(), lastTime);
            emitDerived(session, place, id, Extensions.of(format.wireName(), "bad-line", piece.content()));
        }
    }

    @Override
    public void onIncomplete(long offset) {
        account.record(false);
        account.skipped("incomplete-last-line", 1);
    }

    @Override
    public void ensure(SourceSession session) {
        writer(session);
    }

    @Override
    public void emit(SourceSession session, SourceRecord record, Event event) {
        boolean first = record.events() == 0;
        lastTime = record.at();
        add(session, record, isTooLarge(event, record) ? raw("large-record", record) : event);
        if (first && run.options().keepRaw() && !isInline(record)) {
            add(session, record, raw("raw", record));
        }
    }

    private void add(SourceSession session, SourceRecord record, Event event) {
        SessionWriter writer = writer(session);
        int ordinal = record.events();
        Json source = source(
                record.line(), record.offset(), record.id(), ordinal, ordinal == 0 ? record : null, record.isCopied());
        if (event instanceof UsageRecorded usage) {
            writer.usages().count(usage);
        }
        boolean fresh = writer.add(
                record.id(), ordinal, new Entry(event, record.at(), source), ordinal == 0 ? record.length() : 0);
        record.emitted(fresh);
        wrote(writer, fresh && ordinal == 0);
    }

    @Override
    public void emitUsage(SourceSession session, Place place, String response, UsageRecorded usage) {
        writer(session).usages().count(usage);
        emitDerived(session, place, UsageLedger.identity(response, usage.tokens()), usage);
    }

    @Override
    public void emitDerived(SourceSession session, Place place, String id, Event event) {
        SessionWriter writer = writer(session);
        Json source = source(place.line(), place.offset(), id, 0, null, false);
        writer.add(id, 0, new Entry(event, place.at(), source), 0);
        wrote(writer, false);
    }

    @Override
    public void compact(SourceSession session, SourceRecord record, String summary, List<String> kept) {
        SessionWriter writer = writer(session);
        writer.compact(record.id(), summary, kept);
        wrote(writer, false);
    }

    @Override
    public void settle(SourceRecord record) {
        if (record.fresh() > 0) {
            account.countImported();
        } else if (record.events() > 0) {
            account.skipped("already-imported", 1);
        } else {
            throw new IllegalStateException(file + ", line " + record.line() + ": settled without an event");
        }
    }

    @Override
    public void skip(SourceRecord record, String reason) {
        account.skipped(reason, 1);
    }

    @Override
    public void warn(String kind, long count) {
        account.warning(kind, count);
    }

    private SessionWriter writer(SourceSession session) {
        SessionWriter recent = lastWriter;
        if (recent != null && recent.source().equals(session)) {
            return recent;
        }
        SessionId id = session.id();
        SessionWriter writer = writers.get(id);
        if (writer == null) {
            run.claims().claim(id, this);
            writer = new SessionWriter(store, session);
            writers.put(id, writer);
            wrote(writer, false);
        }
        lastWriter = writer;
        return writer;
    }

    /** Keeps few sessions driven, so that a file of a thousand subagents needs no thousand locks. */
    private void wrote(SessionWriter writer, boolean fresh) {
        if (fresh) {
            writer.noteRecord();
        }
        if (writer.isDriving()) {
            driving.put(writer.sourceSession(), writer);
            if (driving.size() > MAX_DRIVEN) {
                driving.pollFirstEntry().getValue().park();
            }
        }
    }

    private Json source(long line, long offset, String id, int ordinal, @Nullable SourceRecord record, boolean copied) {
        StringBuilder text = new StringBuilder(200).append(sourcePrefix);
        text.append(line).append(",\"offset\":").append(offset);
        quoted(text.append(",\"id\":"), id);
        if (ordinal > 0) {
            text.append(",\"n\":").append(ordinal);
        }
        String parent = record == null ? null : record.parent();
        if (parent != null && parent.length() <= MAX_WORD) {
            quoted(text.append(",\"parent\":"), parent);
        }
        if (copied) {
            text.append(",\"copied\":true");
        }
        if (record != null && run.options().keepRaw() && isInline(record)) {
            text.append(",\"raw\":").append(record.raw().text());
        }
        return Json.trusted(text.append('}').toString());
    }

    private static StringBuilder quoted(StringBuilder out, String text) {
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (c < ' ' || c > 126 || c == '"' || c == '\\') {
                return out.append(Json.of(text).text());
            }
        }
        return out.append('"').append(text).append('"');
    }

    private static boolean isInline(SourceRecord record) {
        return record.length() <= RAW_INLINE_CHARS;
    }

    private Event raw(String kind, SourceRecord record) {
        return Extensions.of(format.wireName(), kind, record.raw());
    }

    /** A message of very many parts, or of long names, may not fit a record even when its texts are split out. */
    private static boolean isTooLarge(Event event, SourceRecord record) {
        return event instanceof Message message
                && record.length() > LARGE_RECORD_BYTES
                && (message.parts().size() > MANY_PARTS
                        || message.parts().stream().anyMatch(FileImport::hasLongName));
    }

    private static boolean hasLongName(Part part) {
        return switch (part) {
            case Part.ToolCall call -> call.id().length() + call.name().length() > MAX_WORD;
            case Part.ToolResponse response -> response.id().length() > MAX_WORD;
            case Part.Blob blob -> blob.mimeType().length() > MAX_WORD;
            case Part.Text text -> false;
            case Part.Reasoning reasoning -> false;
            case Part.Other other -> false;
        };
    }

    private static boolean isFatal(HoldfastException e) {
        return switch (e.code()) {
            case STORAGE, OUTCOME_UNKNOWN, CLOSED, UNSUPPORTED -> true;
            case NOT_FOUND, INVALID_ARGUMENT, CONFLICT, DRIVEN_BY_OTHER, ILLEGAL_TRANSITION, BUSY, TOO_LARGE, DAMAGED ->
                false;
        };
    }
}
