package dev.holdfast.cli;

import dev.holdfast.log.Position;
import dev.holdfast.store.RepairReport;
import dev.holdfast.store.SessionStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code repair}: makes a damaged session writable again. */
@CommandLine.Command(
        name = "repair",
        description =
                "Makes a damaged session writable again: what is damaged is copied aside, and a new segment accepts what is"
                        + " intact. No segment is changed.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast repair 0196f5a2")
final class RepairCommand implements Command {
    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Override
    public ExitCode run(Invocation invocation) {
        try (SessionStore store = invocation.open()) {
            RepairReport report = store.repair(store.resolve(id));
            Position opened = report.opened();
            if (invocation.json()) {
                ObjectNode out = VerifyCommand.json(report.before());
                out.put("repaired", opened != null)
                        .put("opened", opened == null ? null : opened.toString())
                        .put("aside", report.aside())
                        .put("defaulted", report.defaulted());
                invocation.out().json(out);
            } else {
                print(report, opened, invocation);
            }
        }
        return ExitCode.DONE;
    }

    private static void print(RepairReport report, @Nullable Position opened, Invocation invocation) {
        Output out = invocation.out();
        report.before().faults().forEach(fault -> out.line("  " + VerifyCommand.text(fault)));
        if (opened == null) {
            out.line(report.id() + " needs no repair");
            return;
        }
        out.line("  " + VerifyCommand.extents(report.before()));
        if (report.defaulted()) {
            out.line("  its configuration was nowhere intact: it goes on as a conversation with the default one");
        }
        String aside = report.aside();
        out.line(report.id() + " is repaired: it goes on at " + opened
                + (aside == null || aside.isEmpty() ? "" : "; what was damaged is kept in its " + aside));
    }
}
