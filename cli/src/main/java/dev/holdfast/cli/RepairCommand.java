package dev.holdfast.cli;

import dev.holdfast.log.Position;
import dev.holdfast.store.RepairReport;
import dev.holdfast.store.SessionStore;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code repair}: makes a damaged session writable again. */
@CommandLine.Command(
        name = "repair",
        description =
                "Makes a damaged session writable again: a new segment accepts what is intact. No file is changed.",
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
                out.put("repaired", opened != null).put("opened", opened == null ? null : opened.toString());
                invocation.out().json(out);
            } else {
                report.before().faults().forEach(fault -> invocation.out().line("  " + VerifyCommand.text(fault)));
                invocation
                        .out()
                        .line(
                                opened == null
                                        ? report.id() + " needs no repair"
                                        : report.id() + " is repaired: it goes on at " + opened + ", with "
                                                + Text.number(report.before().records(), "intact record")
                                                + " behind it");
            }
        }
        return ExitCode.DONE;
    }
}
