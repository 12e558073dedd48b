package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.Fault;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionFilter;
import dev.holdfast.store.SessionListing;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.VerifyReport;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code verify}: reads everything and says what is wrong. */
@CommandLine.Command(
        name = "verify",
        description =
                "Reads everything a session has, or all sessions, and lists each fault. What a crash leaves behind"
                        + " is normal; damage means that something acknowledged may be lost, and is exit code 5.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast verify && echo sound")
final class VerifyCommand implements Command {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "The session, or the beginning of its id. Else all.")
    @Nullable
    String id;

    private long sessions;
    private long damaged;
    private long records;
    private long bytes;

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            List<SessionId> ids = id == null ? all(store) : List.of(store.resolve(id));
            ids.forEach(each -> verify(store, each, invocation));
            if (id == null) {
                strays(store, invocation);
            }
        }
        if (!invocation.json()) {
            String what = Text.number(sessions, "session") + ", " + Text.number(records, "record") + ", "
                    + Text.bytes(bytes) + ": ";
            Style style = invocation.style();
            invocation
                    .out()
                    .line(what
                            + (damaged == 0
                                    ? style.green("sound")
                                    : style.red(damaged + " damaged")
                                            + "; they stay readable, `holdfast repair ID` makes one"
                                            + " writable again"));
        }
        return damaged == 0 ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private static List<SessionId> all(SessionStore store) {
        SessionListing listing = store.list(SessionFilter.ALL);
        return Stream.concat(
                        listing.sessions().stream().map(session -> session.id()),
                        listing.unreadable().keySet().stream())
                .sorted()
                .toList();
    }

    private void verify(SessionStore store, SessionId session, Invocation invocation) {
        sessions++;
        VerifyReport report;
        try {
            report = store.verify(session);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND && id == null) {
                // Removed while the others were read.
                sessions--;
                return;
            }
            if (e.code() != ErrorCode.DAMAGED) {
                throw e;
            }
            Fault fault = new Fault("", 0, Fault.Kind.MISSING_OPENING, true, String.valueOf(e.getMessage()));
            report = new VerifyReport(
                    session, 0, 0, new VerifyReport.Extent(0, 0), new VerifyReport.Extent(0, 0), List.of(fault));
        }
        damaged += report.isDamaged() ? 1 : 0;
        records += report.records();
        bytes += report.bytes();
        if (invocation.json()) {
            invocation.out().json(json(report));
        } else if (!report.faults().isEmpty()) {
            Style style = invocation.style();
            invocation.out().line(style.bold(session.value()));
            report.faults()
                    .forEach(fault ->
                            invocation.out().line("  " + (fault.damage() ? style.red(text(fault)) : text(fault))));
            invocation.out().line("  " + extents(report));
        }
    }

    /** What lies between the sessions: harmless, but somebody may look for it. */
    private static void strays(SessionStore store, Invocation invocation) {
        List<Fault> strays = store.strays();
        if (strays.isEmpty()) {
            return;
        }
        if (invocation.json()) {
            ObjectNode out =
                    Json.mapper().createObjectNode().put("store", store.info().location());
            invocation.out().json(faults(out, strays));
        } else {
            invocation.out().line(invocation.style().bold("beside the sessions"));
            strays.forEach(fault -> invocation.out().line("  " + text(fault)));
        }
    }

    /** How much of a session is intact. */
    static String extents(VerifyReport report) {
        String safe = Text.number(report.safe().records(), "record") + " of "
                + Text.bytes(report.safe().bytes()) + " intact and known to be durable";
        return report.unsure().records() == 0
                ? safe
                : safe + ", " + Text.number(report.unsure().records(), "record") + " of "
                        + Text.bytes(report.unsure().bytes()) + " intact but perhaps never forced";
    }

    static ObjectNode json(VerifyReport report) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("id", report.id().value())
                .put("damaged", report.isDamaged())
                .put("segments", report.segments())
                .put("records", report.records())
                .put("bytes", report.bytes());
        extent(out, "safe", report.safe());
        extent(out, "unsure", report.unsure());
        return faults(out, report.faults());
    }

    private static void extent(ObjectNode out, String name, VerifyReport.Extent extent) {
        out.putObject(name).put("records", extent.records()).put("bytes", extent.bytes());
    }

    private static ObjectNode faults(ObjectNode out, List<Fault> all) {
        ArrayNode faults = out.putArray("faults");
        for (Fault fault : all) {
            faults.addObject()
                    .put("file", fault.file())
                    .put("offset", fault.offset())
                    .put("kind", fault.kind().word())
                    .put("damage", fault.damage())
                    .put("detail", fault.detail());
        }
        return out;
    }

    static String text(Fault fault) {
        return Text.line((fault.damage() ? "damage: " : "normal: ") + fault.file() + " at byte " + fault.offset() + ", "
                + fault.kind().word().replace('-', ' ') + ": " + fault.detail());
    }
}
