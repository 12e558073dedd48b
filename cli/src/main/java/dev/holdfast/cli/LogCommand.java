package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobSource;
import dev.holdfast.log.Cursor;
import dev.holdfast.log.Fault;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Follower;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Records;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code log}: shows a session's records. */
@CommandLine.Command(
        name = "log",
        description = {
            "Shows what happened in a session, record by record. --json prints one object a record: position, at, type,"
                    + " data and, where there are any, id and source.",
            "Without --view or --history these are the session's own records, also those that were compacted away or"
                    + " rewound from."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holdfast log 0196f5a2 --from 1/120",
            "  holdfast log 0196f5a2 -f --json | jq -c .type",
            "  holdfast log 0196f5a2 --history --reverse --limit 20 --before 0196f5a2/1/120"
        })
final class LogCommand implements Command {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Parameters(paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Option(names = "--view", description = "Only what a model would see: since the last compaction, past rewinds.")
    boolean asView;

    @Option(names = "--history", description = "Also the history of the sessions that this one came from.")
    boolean withAncestors;

    @Option(names = "--reverse", description = "The last record first.")
    boolean reverse;

    @Option(
            names = "--from",
            paramLabel = "POS",
            description = "Only from this record on: a position, or SEGMENT/INDEX.")
    @Nullable
    String from;

    @Option(names = "--before", paramLabel = "POS", description = "Only what is before this record.")
    @Nullable
    String before;

    @Option(names = "--limit", paramLabel = "N", description = "End after so many records.")
    long limit = Long.MAX_VALUE;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is appended, by whomever.")
    boolean follow;

    @Option(names = "--until-final", description = "With -f: end once the session is completed, failed or cancelled.")
    boolean untilFinal;

    @Option(names = "--blobs", description = "With --json: put payloads that were split out back into data.")
    boolean blobs;

    @Option(names = "--full", description = "Show whole texts, not only their first lines.")
    boolean full;

    private long printed;

    @Override
    public ExitCode run(Invocation invocation) {
        if (limit < 1) {
            throw HoldfastException.invalid("--limit is " + limit + "; at least 1, or leave it out");
        }
        refuseContradictions();
        try (SessionStore store = invocation.open()) {
            SessionId sessionId = store.resolve(id);
            SessionView view = store.read(sessionId);
            RecordPrinter printer = new RecordPrinter(sessionId, invocation, full, blobs);
            Position last = null;
            List<Fault> faults;
            try (RecordReader reader = records(view, store).reader()) {
                LogRecord record = reader.next();
                while (record != null) {
                    print(printer, record, reader.blobs());
                    last = record.position();
                    record = printed < limit ? reader.next() : null;
                }
                faults = reader.faults();
            }
            if (follow && printed < limit) {
                follow(view, last == null ? view.last() : last, printer, invocation);
            }
            return report(faults, invocation);
        }
    }

    private void refuseContradictions() {
        if (asView && withAncestors) {
            throw HoldfastException.invalid("--view and --history exclude each other; choose one");
        }
        if (follow && (reverse || before != null)) {
            throw HoldfastException.invalid("-f goes on behind the last record; leave out --reverse and --before");
        }
    }

    private Records records(SessionView view, SessionStore store) {
        Records records = asView ? view.view() : withAncestors ? view.history() : view.own();
        if (from != null) {
            records = records.from(position(from, view, store));
        }
        if (before != null) {
            records = records.before(position(before, view, store));
        }
        return reverse ? records.reversed() : records;
    }

    private Position position(String text, SessionView view, SessionStore store) {
        return asView || withAncestors
                ? Positions.parse(text, view.id(), store)
                : Positions.own(text, view.id(), store);
    }

    private void follow(SessionView view, Position last, RecordPrinter printer, Invocation invocation) {
        invocation.out().flush();
        try (Follower follower = view.follow(Cursor.after(last))) {
            while (printed < limit && !Thread.currentThread().isInterrupted()) {
                LogRecord record = follower.next(PATIENCE);
                if (record != null) {
                    print(printer, record, follower.blobs());
                    invocation.out().flush();
                } else if (untilFinal && view.state().status().isFinal()) {
                    return;
                }
            }
        }
    }

    private void print(RecordPrinter printer, LogRecord record, BlobSource payloads) {
        printer.print(record, payloads);
        printed++;
    }

    /** What is normal after a crash is for verify to tell; damage is said here too. */
    private static ExitCode report(List<Fault> faults, Invocation invocation) {
        List<Fault> damage = faults.stream().filter(Fault::damage).distinct().toList();
        damage.forEach(fault -> invocation.warn(VerifyCommand.text(fault)));
        return damage.isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }
}
