package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Reads the arguments with picocli, runs the command that is meant, and turns faults into a message and a code. */
final class Dispatch {
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> env;
    private final Terminal terminal;

    Dispatch(InputStream in, PrintStream out, PrintStream err, Map<String, String> env, Terminal terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.env = env;
        this.terminal = terminal;
    }

    ExitCode run(String[] given) {
        String[] args = given;
        if (args[0].equals("help")) {
            args = new String[] {args[1], "--help"};
        }
        Faults faults = new Faults(err, has(args, "--json"), has(args, "--debug"));
        Output output = new Output(out);
        try {
            try {
                return dispatch(args, output);
            } finally {
                output.flush();
            }
        } catch (Output.Closed e) {
            // The reader has seen enough, as head has; what was written to the store stands.
            return ExitCode.DONE;
        } catch (CommandLine.ParameterException e) {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            return faults.usage(String.valueOf(e.getMessage()), command);
        } catch (RuntimeException e) {
            return faults.report(e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return faults.report(new IllegalStateException(e));
        }
    }

    private ExitCode dispatch(String[] args, Output output) {
        if (Arrays.stream(args).anyMatch(arg -> arg.indexOf('\ufffd') >= 0)) {
            throw HoldfastException.invalid(
                    "an argument has characters that were lost on the way: they are not UTF-8, or"
                            + " the locale cannot carry them; set LC_ALL=C.UTF-8, then try again");
        }
        String word = commandWord(args);
        CommandName name = word == null ? null : CommandName.of(word);
        if (name == null) {
            if (has(args, "--help") || has(args, "-h")) {
                output.line(HelpPage.text().stripTrailing());
                return ExitCode.DONE;
            }
            throw HoldfastException.invalid(
                    word == null
                            ? "no command is given; see holdfast --help"
                            : "there is no command \"" + word + "\"; see holdfast --help");
        }
        RootOptions options = new RootOptions();
        CommandLine root = new CommandLine(options);
        root.addSubcommand(name.word(), commandLine(name));
        root.setExpandAtFiles(false);
        // As everywhere: what follows an option that takes a value is its value.
        root.setAllowOptionsAsOptionParameters(true);
        CommandLine.ParseResult parsed = root.parseArgs(args);
        CommandLine last = parsed.asCommandLineList().getLast();
        if (last.isUsageHelpRequested() || options.help) {
            output.line(usage(last).stripTrailing());
            return ExitCode.DONE;
        }
        return ((Command) last.getCommandSpec().userObject())
                .run(new Invocation(in, output, err, env, terminal, options));
    }

    /** The command with its own subcommands, as picocli sees it. */
    static CommandLine commandLine(CommandName name) {
        return new CommandLine(name.create());
    }

    private String usage(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true);
        command.setUsageHelpWidth(Math.min(120, Math.max(80, terminal.outIsTerminal() ? terminal.columns() : 100)));
        return command.getUsageMessage(
                Style.of(terminal, env).on() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF);
    }

    /** The first argument that is neither an option nor the value of one. */
    private static @Nullable String commandWord(String[] args) {
        for (int k = 0; k < args.length; k++) {
            if (args[k].equals("--store")) {
                k++;
            } else if (!args[k].startsWith("-")) {
                return args[k];
            }
        }
        return null;
    }

    /** Whether an option is given, for messages about arguments that cannot be read. */
    private static boolean has(String[] args, String option) {
        List<String> all = Arrays.asList(args);
        int end = all.indexOf("--");
        return all.subList(0, end < 0 ? all.size() : end).contains(option);
    }
}
