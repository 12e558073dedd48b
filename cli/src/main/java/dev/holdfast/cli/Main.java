package dev.holdfast.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The program's entry. What needs neither picocli nor a store is answered here, so that it comes at once.
 */
public final class Main {
    private Main() {}

    /**
     * Runs the program and ends the process with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        Map<String, String> env = System.getenv();
        Outlet outlet = new Outlet(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(outlet, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(args, new FileInputStream(FileDescriptor.in), out, err, env, null);
        String problem = outlet.problem();
        if (problem != null) {
            err.println("holdfast: cannot write the output, " + problem + "; send it somewhere else");
            code = ExitCode.FAILED.number();
        }
        System.exit(code);
    }

    /**
     * Runs the program inside another one. There is a terminal only if {@code HOLDFAST_TTY} says so.
     *
     * @param args the command and its options
     * @param in standard input
     * @param out standard output
     * @param err standard error
     * @param env the environment
     * @return the exit code
     */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
        return run(args, in, out, err, env, Objects.requireNonNullElse(Terminal.told(env), Terminal.NONE));
    }

    /** Without a terminal given, it is looked for where it matters. */
    private static int run(
            String[] args,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> env,
            @Nullable Terminal terminal) {
        String first = args.length == 0 ? "" : args[0];
        switch (first) {
            case "--version", "-V", "version" -> {
                out.print("holdfast " + version() + "\n");
                out.flush();
                return 0;
            }
            case "--help", "-h" -> {
                return help(out);
            }
            case "--warm-up" -> {
                // The launcher's training run: what it loads starts fast from then on.
                return WarmUp.run();
            }
            case "help" -> {
                if (args.length == 1) {
                    return help(out);
                }
            }
            case "" -> {
                if (args.length == 0) {
                    err.print(HelpPage.text());
                    err.flush();
                    return ExitCode.USAGE.number();
                }
            }
            default -> {}
        }
        Terminal found = terminal == null ? Terminal.find(env) : terminal;
        ExitCode code = new Dispatch(in, out, err, env, found).run(args);
        out.flush();
        err.flush();
        return code.number();
    }

    private static int help(PrintStream out) {
        out.print(HelpPage.text());
        out.flush();
        return 0;
    }

    /** The version from the jar's manifest. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
