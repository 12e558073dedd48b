package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Records;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionSummary;
import dev.holdfast.store.SessionView;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes sessions as text. A transcript is foreign text: whatever stands in it, it can neither change the structure of the
 * page nor run, nor do anything to a terminal. Memory is bounded by the largest record with its payloads. Immutable.
 */
public final class TextExport {
    private final TextFormat format;
    private final boolean view;
    private final Redaction redaction;

    /**
     * What was written.
     *
     * @param records how many records
     * @param redactions how often each pattern was found
     * @param lost what could not be written because the store had lost it, in words
     */
    public record Content(long records, Map<String, Long> redactions, List<String> lost) {
        /** Copies the collections. */
        public Content {
            redactions = java.util.Collections.unmodifiableMap(new TreeMap<>(redactions));
            lost = List.copyOf(lost);
        }
    }

    private TextExport(TextFormat format, boolean view, Redaction redaction) {
        this.format = format;
        this.view = view;
        this.redaction = redaction;
    }

    /**
     * Writes everything that happened, the sessions a session came from before it.
     *
     * @param format how
     * @return the export
     */
    public static TextExport of(TextFormat format) {
        return new TextExport(format, false, Redaction.NONE);
    }

    /**
     * Writes what a model would be shown instead.
     *
     * @return a changed copy
     */
    public TextExport view() {
        return new TextExport(format, true, redaction);
    }

    /**
     * Takes secrets out.
     *
     * @param secrets which
     * @return a changed copy
     */
    public TextExport redacting(Redaction secrets) {
        return new TextExport(format, view, secrets);
    }

    /**
     * Writes a session.
     *
     * @param store where the session is
     * @param id the session
     * @param target where to, UTF-8; not closed
     * @return what was written
     * @throws IOException if writing fails
     * @throws HoldfastException NOT_FOUND
     */
    public Content write(SessionStore store, SessionId id, OutputStream target) throws IOException {
        SessionView session = store.read(id);
        SessionSummary summary = store.summary(id);
        Records records = view ? session.view() : session.history();
        Redactor redactor = new Redactor(redaction);
        Writer out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8), 64 * 1024);
        Transcript transcript = transcript(out, redactor);
        long count = 0;
        List<String> lost;
        try (RecordReader reader = records.reader()) {
            transcript.begin(summary, view);
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                transcript.add(record, reader.blobs());
                count++;
            }
            lost = new java.util.ArrayList<>(reader.faults().stream()
                    .filter(Fault::damage)
                    .distinct()
                    .map(fault -> fault.file() + ": " + fault.detail())
                    .toList());
        }
        transcript.end(summary);
        lost.addAll(transcript.lost());
        out.flush();
        return new Content(count, redactor.counts(), lost);
    }

    /**
     * Writes a session into a file that only its owner may read. The file has its name only when it is whole and durable.
     *
     * @param store where the session is
     * @param id the session
     * @param file the file
     * @param overwrite whether a file that is there may be replaced
     * @return what was written
     * @throws HoldfastException NOT_FOUND; CONFLICT if the file is there; STORAGE if writing fails
     */
    public Content write(SessionStore store, SessionId id, Path file, boolean overwrite) {
        Content[] written = new Content[1];
        try {
            PassingFile.write(file, overwrite, out -> written[0] = write(store, id, out));
        } catch (IOException e) {
            throw new HoldfastException(
                    ErrorCode.STORAGE, "cannot write " + file + ": " + e.getMessage() + "; nothing is there", e);
        }
        return written[0];
    }

    private Transcript transcript(Writer out, Redactor redactor) {
        return switch (format) {
            case JSONL -> new JsonLines(out, redactor);
            case MARKDOWN -> new Story(new MarkdownPage(out), redactor);
            case HTML -> new Story(new HtmlPage(out), redactor);
        };
    }
}
