package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.event.OriginJson;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.LineageNode;
import dev.holdfast.store.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code lineage}: draws what came from what. */
@CommandLine.Command(
        name = "lineage",
        description =
                "Draws the sessions that came from each other, around one that is marked with *: forks, retries and"
                        + " subagents, and where each was compacted, rewound, restored or recovered. --json nests them.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast lineage 0196f5a2")
final class LineageCommand implements Command {
    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            SessionId asked = store.resolve(id);
            LineageNode root = store.lineage(asked);
            if (invocation.json()) {
                StringBuilder json = new StringBuilder();
                json(root, asked, json);
                invocation.out().rawJson(json.toString());
            } else {
                new Drawing(invocation, asked, idColumns(root)).root(root);
            }
        }
        return ExitCode.DONE;
    }

    private static int idColumns(LineageNode root) {
        List<SessionId> ids = new ArrayList<>();
        collect(root, ids);
        return ShortIds.length(ids, false);
    }

    private static void collect(LineageNode node, List<SessionId> ids) {
        ids.add(node.session().id());
        node.children().forEach(child -> collect(child, ids));
    }

    /** Put together as text: there may be more generations than a JSON tree may have levels. */
    private static void json(LineageNode node, SessionId asked, StringBuilder out) {
        String own = json(node, asked).toString();
        out.append(own, 0, own.length() - 1).append(",\"children\":[");
        String comma = "";
        for (LineageNode child : node.children()) {
            out.append(comma);
            json(child, asked, out);
            comma = ",";
        }
        out.append("]}");
    }

    private static ObjectNode json(LineageNode node, SessionId asked) {
        Position from = node.from();
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("id", node.session().id().value())
                .put("title", node.session().state().title())
                .put("status", node.session().state().status().wireName())
                .put("interrupted", node.session().interrupted())
                .put("asked", node.session().id().equals(asked))
                .put("relation", node.relation().isEmpty() ? null : node.relation())
                .put("from", from == null ? null : from.toString())
                .put("missingParent", node.missingParent());
        ArrayNode turns = out.putArray("turns");
        for (LineageNode.Turn turn : node.turns()) {
            ObjectNode origin = (ObjectNode) OriginJson.write(turn.origin()).toNode();
            // A checkpoint's state can be large; `checkpoint show` has it.
            origin.remove("state");
            turns.addObject().put("position", turn.at().toString()).set("origin", origin);
        }
        return out;
    }

    /** The tree as text, a row for each session and each of its turns. */
    private record Drawing(Invocation invocation, SessionId asked, int idColumns) {
        void root(LineageNode root) {
            String missing = root.missingParent();
            if (missing == null) {
                row("", session(root), root.session().id());
                below(root, "");
            } else {
                row("", Text.line(missing) + "  (not in this store)", null);
                child(root, "", true);
            }
        }

        private void child(LineageNode node, String indent, boolean last) {
            row(indent + branch(last), session(node), node.session().id());
            below(node, indent + rail(last));
        }

        private void below(LineageNode node, String indent) {
            int left = node.turns().size() + node.children().size();
            for (LineageNode.Turn turn : node.turns()) {
                SessionId of = node.session().id();
                String words = Positions.shown(turn.at(), of) + " " + Origins.text(turn.origin(), of);
                row(indent + branch(--left == 0), Text.line(words), null);
            }
            for (LineageNode child : node.children()) {
                child(child, indent, --left == 0);
            }
        }

        private String session(LineageNode node) {
            Position from = node.from();
            return (node.session().id().equals(asked) ? "* " : "")
                    + (node.relation().isEmpty() ? "" : Text.line(node.relation()) + " ")
                    + node.session().id().value().substring(0, idColumns)
                    + (from == null ? "" : " from " + from.segment() + "/" + from.index())
                    + "  " + Statuses.word(node.session())
                    + "  " + Titles.of(node.session().state());
        }

        private void row(String indent, String text, @Nullable SessionId of) {
            Style style = invocation.style();
            String cut = Text.cut(text.stripTrailing(), Math.max(20, invocation.columns() - Text.width(indent)));
            String styled = of == null ? style.dim(cut) : of.equals(asked) ? style.bold(cut) : cut;
            invocation.out().line(style.dim(indent) + styled);
        }

        private String branch(boolean last) {
            return invocation.canDrawBoxes() ? (last ? "└─ " : "├─ ") : last ? "`- " : "|- ";
        }

        private String rail(boolean last) {
            return last ? "   " : invocation.canDrawBoxes() ? "│  " : "|  ";
        }
    }
}
