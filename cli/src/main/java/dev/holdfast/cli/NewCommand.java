package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.log.LogId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code new}: makes a session. */
@CommandLine.Command(
        name = "new",
        description = "Makes a session and prints its id.",
        footerHeading = "%nExample:%n",
        footer = "  id=$(holdfast new --kind workflow --title \"nightly refactor\" --tag ci --start)")
final class NewCommand implements Command {
    @Option(names = "--kind", paramLabel = "KIND", description = "conversation (the default), workflow or mapreduce.")
    String kind = "conversation";

    @Option(names = "--title", paramLabel = "TEXT", description = "What it is about.")
    @Nullable
    String title;

    @Option(names = "--project", paramLabel = "NAME", description = "The project it belongs to.")
    @Nullable
    String project;

    @Option(names = "--agent", paramLabel = "ID", description = "The agent it belongs to.")
    @Nullable
    String agent;

    @Option(names = "--tag", paramLabel = "TAG", description = "A tag. May be repeated.")
    List<String> tags = new ArrayList<>();

    @Option(names = "--workflow", paramLabel = "JSON", description = "The workflow's name, steps or own data.")
    @Nullable
    String workflow;

    @Option(names = "--max-iterations", paramLabel = "N", description = "How many iterations may begin.")
    @Nullable
    Integer maxIterations;

    @Option(names = "--focus", paramLabel = "TEXT", description = "What to attend to.")
    @Nullable
    String focus;

    @Option(names = "--mode", paramLabel = "MODE", description = "direct (the default) or worktree:NAME.")
    String mode = "direct";

    @Option(
            names = "--option",
            paramLabel = "KEY=JSON",
            description = "An option for whoever runs it, such as fail_fast=true. May be repeated.")
    List<String> runOptions = new ArrayList<>();

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description = "Metadata; JSON, or else a string. May be repeated.")
    List<String> metadata = new ArrayList<>();

    @Option(names = "--start", description = "Start it at once.")
    boolean start;

    @Override
    public ExitCode run(Invocation invocation) {
        SessionConfig config = config();
        try (SessionStore store = invocation.openOrCreate();
                Session session = store.create(config)) {
            if (start) {
                session.start();
            }
            if (invocation.json()) {
                invocation.out().json(SessionJson.made(session));
            } else {
                invocation.out().line(session.id().value());
            }
        }
        return ExitCode.DONE;
    }

    private SessionConfig config() {
        if (agent != null) {
            // Refuses what is no agent's id.
            agent = new LogId(LogId.Kind.AGENT, agent).name();
        }
        return SessionConfig.of(SessionKind.of(kind))
                .title(title)
                .project(project)
                .agent(agent)
                .tags(tags)
                .workflow(workflow == null ? null : Json.parse(workflow))
                .maxIterations(maxIterations)
                .focus(focus)
                .executionMode(mode)
                .options(Assignments.values(runOptions))
                .metadata(Assignments.values(metadata));
    }
}
