package dev.holdfast.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code completion}: prints a completion script. */
@CommandLine.Command(
        name = "completion",
        description = "Prints a completion script for bash, or zsh with bashcompinit.",
        footerHeading = "%nExample:%n",
        footer = "  source <(holdfast completion)")
final class CompletionCommand implements Command {
    @Override
    public ExitCode run(Invocation invocation) {
        CommandLine root = new CommandLine(new RootOptions());
        for (CommandName name : CommandName.values()) {
            root.addSubcommand(name.word(), Dispatch.commandLine(name));
        }
        invocation.out().line(AutoComplete.bash("holdfast", root).stripTrailing());
        return ExitCode.DONE;
    }
}
