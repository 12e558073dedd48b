package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.store.ImportResult;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** Says what became of a session that came in an archive. */
final class ArchiveReport {
    private ArchiveReport() {}

    static void print(Path archive, ImportResult result, Invocation invocation) {
        if (invocation.json()) {
            invocation.out().json(json(archive, result));
        } else {
            invocation.out().line(result.id() + "  " + text(result));
        }
        invocation.out().flush();
    }

    private static String text(ImportResult result) {
        String records = Text.number(result.records(), "record");
        return switch (result) {
            case ImportResult.Adopted adopted ->
                "new, " + records
                        + (adopted.ancestors() == 0
                                ? ""
                                : ", keeps " + Text.number(adopted.ancestors(), "session") + " it came from");
            case ImportResult.Unchanged unchanged -> "nothing to do, all of it is here";
            case ImportResult.Extended extended -> "extended by " + records;
            case ImportResult.Forked forked ->
                "new, " + records + ": " + forked.of() + " went another way here"
                        + (forked.at() == null ? ", and has no record in common" : ", forked from " + forked.at());
        };
    }

    private static ObjectNode json(Path archive, ImportResult result) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("path", archive.toString())
                .put("format", "holdfast")
                .put("id", result.id().value())
                .put("records", result.records());
        return switch (result) {
            case ImportResult.Adopted adopted -> out.put("result", "adopted").put("ancestors", adopted.ancestors());
            case ImportResult.Unchanged unchanged -> out.put("result", "unchanged");
            case ImportResult.Extended extended -> out.put("result", "extended");
            case ImportResult.Forked forked ->
                out.put("result", "forked")
                        .put("of", forked.of().value())
                        .put("at", forked.at() == null ? null : forked.at().toString());
        };
    }
}
