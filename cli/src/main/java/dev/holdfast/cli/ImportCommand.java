package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.importers.FileReport;
import dev.holdfast.importers.Format;
import dev.holdfast.importers.ImportFault;
import dev.holdfast.importers.ImportListener;
import dev.holdfast.importers.ImportOptions;
import dev.holdfast.importers.ImportReport;
import dev.holdfast.importers.ImportedSession;
import dev.holdfast.importers.Importer;
import dev.holdfast.store.SessionStore;
import dev.holdfast.travel.Archive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code import}: takes in other systems' transcripts. */
@CommandLine.Command(
        name = "import",
        description = "Takes in transcripts of Claude Code and Codex: files, or directories with all that is in them."
                + " Again takes in only what is new. The sources are never written to. A file that `holdfast export`"
                + " wrote brings its session with its id; if that went another way here, as a fork.",
        footerHeading = "%nExamples:%n",
        footer = {"  holdfast import ~/.claude/projects ~/.codex/sessions", "  holdfast import 0196f5a2.holdfast.zip"})
final class ImportCommand implements Command {
    private static final String HEAD = "FORMAT        RECORDS  IMPORTED  SKIPPED  FAULTS  SESSIONS  FILE";
    private static final int FAULTS_SHOWN = 3;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
    List<String> paths = new ArrayList<>();

    @Option(names = "--keep-raw", description = "Keep the exact text of each source record beside its translation.")
    boolean keepRaw;

    @Option(names = "--rescan", description = "Read files again that did not change since they were imported.")
    boolean rescan;

    @Override
    public ExitCode run(Invocation invocation) {
        List<Path> sources = paths.stream().map(StorePlace::path).toList();
        for (Path source : sources) {
            if (!source.toFile().exists()) {
                throw HoldfastException.notFound("there is no " + source + "; name files or directories to import");
            }
        }
        List<Path> archives = sources.stream().filter(Archive::isArchive).toList();
        List<Path> transcripts =
                sources.stream().filter(source -> !archives.contains(source)).toList();
        try (SessionStore store = invocation.openOrCreate()) {
            for (Path archive : archives) {
                ArchiveReport.print(archive, Archive.read(archive, store), invocation);
            }
            return transcripts.isEmpty() ? ExitCode.DONE : transcripts(store, transcripts, invocation);
        }
    }

    private ExitCode transcripts(SessionStore store, List<Path> sources, Invocation invocation) {
        if (!invocation.json()) {
            invocation.out().line(invocation.style().bold(HEAD));
        }
        Progress progress = new Progress(invocation);
        ImportOptions options = ImportOptions.usual().keepRaw(keepRaw).rescan(rescan);
        ImportReport report;
        try {
            report = new Importer(store, options).run(sources, listener(invocation, progress, sources));
        } finally {
            progress.clear();
        }
        if (!invocation.json()) {
            total(report, invocation);
        }
        return report.files().stream().anyMatch(file -> isUnread(file, sources)) ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** A file of another kind is no fault of a directory it lies in, only of whoever names it. */
    private static boolean isUnread(FileReport file, List<Path> named) {
        boolean foreign = file.format() == Format.UNRECOGNISED;
        return file.problem() != null && (!foreign || named.contains(file.path()));
    }

    private static ImportListener listener(Invocation invocation, Progress progress, List<Path> sources) {
        return new ImportListener() {
            @Override
            public void progress(Path file, long done, long total) {
                progress.show(file, done, total);
            }

            @Override
            public void finished(FileReport report) {
                progress.finished(report);
                progress.clear();
                if (invocation.json()) {
                    invocation.out().json(json(report));
                } else {
                    rows(report, sources, invocation);
                }
                invocation.out().flush();
            }
        };
    }

    /** One line a file, and lines below it for what is odd. */
    private static void rows(FileReport file, List<Path> named, Invocation invocation) {
        Style style = invocation.style();
        String problem = file.problem();
        String head = Text.padRight(file.format().wireName(), 12)
                + "  " + Text.padLeft(Text.count(file.records()), 7)
                + "  " + Text.padLeft(Text.count(file.imported()), 8)
                + "  " + Text.padLeft(Text.count(file.skippedCount()), 7)
                + "  " + Text.padLeft(Text.count(file.faultCount()), 6)
                + "  " + Text.padLeft(Text.count(file.sessions().size()), 8)
                + "  ";
        String path = Text.cutStart(Text.line(file.path().toString()), Math.max(20, invocation.columns() - 62));
        boolean passedOver = file.unchanged() || file.format() == Format.UNRECOGNISED;
        invocation.out().line(passedOver ? style.dim(head + path) : head + path);
        if (problem != null && isUnread(file, named)) {
            invocation.out().line("    " + style.red(Text.line(problem)));
        }
        for (ImportFault fault :
                file.faults().subList(0, Math.min(FAULTS_SHOWN, file.faults().size()))) {
            invocation
                    .out()
                    .line("    " + style.yellow("line " + fault.line() + ", " + Text.line(fault.kind())) + ": "
                            + Text.cut(Text.line(fault.detail()), 100));
        }
        file.warnings()
                .forEach((kind, count) -> invocation.out().line("    " + style.yellow(Text.line(kind)) + ": " + count));
        for (ImportedSession session : file.sessions()) {
            if (session.continuedIn() != null) {
                invocation
                        .out()
                        .line("    " + session.id() + " goes on in the fork " + session.continuedIn() + ": "
                                + Text.line(session.reason()));
            }
        }
    }

    private static void total(ImportReport report, Invocation invocation) {
        Style style = invocation.style();
        invocation
                .out()
                .line(style.bold(Text.number(report.files().size(), "file") + ", "
                        + Text.bytes(report.bytes()) + ", " + Text.number(report.records(), "record") + ": "
                        + report.imported()
                        + " imported, " + report.skipped() + " skipped, " + Text.number(report.faults(), "fault")));
    }

    private static ObjectNode json(FileReport file) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("path", file.path().toString())
                .put("format", file.format().wireName())
                .put("bytes", file.bytes())
                .put("lines", file.lines())
                .put("records", file.records())
                .put("imported", file.imported());
        ObjectNode skipped = out.putObject("skipped");
        file.skipped().forEach(skipped::put);
        out.put("faultCount", file.faultCount());
        ArrayNode faults = out.putArray("faults");
        for (ImportFault fault : file.faults()) {
            faults.addObject()
                    .put("line", fault.line())
                    .put("offset", fault.offset())
                    .put("kind", fault.kind())
                    .put("detail", fault.detail());
        }
        out.put("joined", file.joined());
        ObjectNode warnings = out.putObject("warnings");
        file.warnings().forEach(warnings::put);
        ArrayNode sessions = out.putArray("sessions");
        file.sessions().forEach(session -> sessions.add(json(session)));
        out.set("tokens", SessionJson.tokens(file.tokens()));
        return out.put("unchanged", file.unchanged()).put("problem", file.problem());
    }

    private static ObjectNode json(ImportedSession session) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("sourceId", session.sourceId())
                .put("id", session.id().value())
                .put("parent", textOrNull(session.parent()))
                .put("relation", session.relation())
                .put("created", session.created())
                .put("newRecords", session.newRecords())
                .put("continuedIn", textOrNull(session.continuedIn()))
                .put("reason", session.reason());
        out.set("tokens", SessionJson.tokens(session.tokens()));
        return out;
    }

    private static @Nullable String textOrNull(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
