package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionStore;
import dev.holdfast.travel.Archive;
import dev.holdfast.travel.Redaction;
import dev.holdfast.travel.TextExport;
import dev.holdfast.travel.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code export}: writes a session into a file. */
@CommandLine.Command(
        name = "export",
        description =
                "Writes a session into a file that only you may read. Format holdfast loses nothing, carries what"
                        + " the session reads of those it came from, and comes back with `holdfast import`. jsonl, markdown and"
                        + " html are for reading; with --redact, without the secrets that patterns find: look before you publish.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holdfast export 0196f5a2",
            "  holdfast export 0196f5a2 --format markdown --redact -o talk.md",
            "  holdfast export 0196f5a2 --format jsonl --view | jq -c .type"
        })
final class ExportCommand implements Command {
    private static final String STDOUT = "-";
    private static final String ARCHIVE = "holdfast";

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Option(names = "--format", paramLabel = "NAME", description = "holdfast (default), jsonl, markdown or html.")
    String format = ARCHIVE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where to; - is standard output. Without: ID.holdfast.zip, the other formats to standard output.")
    @Nullable
    String output;

    @Option(names = "--force", description = "Replace a file that is there.")
    boolean force;

    @Option(names = "--view", description = "Only what a model would be shown; without: everything that happened.")
    boolean view;

    @Option(names = "--redact", description = "Take out what looks like a key, a token or a password.")
    boolean redact;

    @Option(
            names = "--redact-pattern",
            paramLabel = "REGEX",
            description = "Take out what matches this, too. May be repeated.")
    List<String> patterns = new ArrayList<>();

    @Override
    public ExitCode run(Invocation invocation) {
        boolean archive = format.equals(ARCHIVE);
        TextFormat text = archive ? TextFormat.JSONL : textFormat();
        refuseWhatAnArchiveCannot(archive, invocation);
        TextExport export = TextExport.of(text).redacting(redaction());
        TextExport chosen = view ? export.view() : export;
        try (SessionStore store = invocation.open()) {
            SessionId session = store.resolve(id);
            String target = output == null ? archive ? session + ".holdfast.zip" : STDOUT : output;
            Path file = target.equals(STDOUT) ? null : StorePlace.path(target);
            return archive
                    ? report(archive(store, session, file, invocation), file, invocation)
                    : report(session, text(store, session, chosen, file, invocation), file, invocation);
        }
    }

    private TextFormat textFormat() {
        try {
            return TextFormat.of(format);
        } catch (HoldfastException e) {
            throw HoldfastException.invalid(
                    "there is no format \"" + format + "\"; one of holdfast, jsonl, markdown, html");
        }
    }

    private void refuseWhatAnArchiveCannot(boolean archive, Invocation invocation) {
        if (!archive) {
            return;
        }
        if (redact || !patterns.isEmpty()) {
            throw HoldfastException.invalid("format holdfast cannot be redacted: its lines carry checksums that other"
                    + " sessions refer to; use --format jsonl, markdown or html");
        }
        if (view) {
            throw HoldfastException.invalid(
                    "format holdfast always holds the whole session; use --view with jsonl, markdown or html");
        }
        if (STDOUT.equals(output) && invocation.terminal().outIsTerminal()) {
            throw HoldfastException.invalid("an export is no text for a terminal; send it to a file (-o FILE)");
        }
    }

    private Redaction redaction() {
        Redaction redaction = redact ? Redaction.usual() : Redaction.NONE;
        for (String pattern : patterns) {
            redaction = redaction.pattern(pattern);
        }
        return redaction;
    }

    private Archive.Content archive(SessionStore store, SessionId session, @Nullable Path file, Invocation invocation) {
        String program = "holdfast " + Main.version();
        if (file != null) {
            return Archive.write(store, session, program, file, force);
        }
        try (OutputStream out = invocation.out().bytes()) {
            return Archive.write(store, session, program, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TextExport.Content text(
            SessionStore store, SessionId session, TextExport export, @Nullable Path file, Invocation invocation) {
        if (file != null) {
            return export.write(store, session, file, force);
        }
        try (OutputStream out = invocation.out().bytes()) {
            return export.write(store, session, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExitCode report(Archive.Content content, @Nullable Path file, Invocation invocation) {
        ObjectNode json =
                json(content.session(), file).put("bytes", content.bytes()).put("files", content.entries());
        ArrayNode ancestors = json.putArray("ancestors");
        content.ancestors().forEach(ancestor -> ancestors.add(ancestor.value()));
        String text = Text.number(content.entries(), "file") + ", " + Text.bytes(content.bytes())
                + (content.ancestors().isEmpty()
                        ? ""
                        : ", with " + Text.number(content.ancestors().size(), "session") + " it came from");
        return report(json, text, content.lost(), file, invocation);
    }

    private ExitCode report(SessionId session, TextExport.Content content, @Nullable Path file, Invocation invocation) {
        ObjectNode json = json(session, file).put("records", content.records());
        ObjectNode redactions = json.putObject("redactions");
        content.redactions().forEach(redactions::put);
        if (redact || !patterns.isEmpty()) {
            invocation.out().flush();
            long total = content.redactions().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            String each = content.redactions().entrySet().stream()
                    .map((Map.Entry<String, Long> entry) -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "));
            if (!invocation.json()) {
                invocation.note("redacted " + total + (total == 0 ? "" : ": " + each));
            }
        }
        return report(json, Text.number(content.records(), "record"), content.lost(), file, invocation);
    }

    private ObjectNode json(SessionId session, @Nullable Path file) {
        return Json.mapper()
                .createObjectNode()
                .put("id", session.value())
                .put("format", format)
                .put("path", file == null ? null : file.toString());
    }

    /** What was done; on standard error if the export itself is on standard output. */
    private static ExitCode report(
            ObjectNode json, String text, List<String> lost, @Nullable Path file, Invocation invocation) {
        lost.forEach(json.putArray("lost")::add);
        if (file == null && invocation.json()) {
            invocation.err().println(Text.json(json.toString()));
        } else if (invocation.json()) {
            invocation.out().json(json);
        } else if (file != null) {
            invocation.out().line(Text.line(file.toString()) + "  " + text);
        }
        if (!invocation.json()) {
            lost.forEach(what -> invocation.warn("lost before the export: " + what));
        }
        return lost.isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }
}
