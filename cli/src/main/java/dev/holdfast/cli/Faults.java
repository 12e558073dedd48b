package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what went wrong: one line, or one JSON object; a stack trace only when asked for. */
final class Faults {
    private final PrintStream err;
    private final boolean json;
    private final boolean debug;

    Faults(PrintStream err, boolean json, boolean debug) {
        this.err = err;
        this.json = json;
        this.debug = debug;
    }

    ExitCode usage(String message, String command) {
        print(ErrorCode.INVALID_ARGUMENT.name(), lowerFirst(message) + "; see " + command + " --help");
        return ExitCode.USAGE;
    }

    ExitCode report(RuntimeException fault) {
        ExitCode code;
        if (fault instanceof HoldfastException known) {
            print(known.code().name(), String.valueOf(known.getMessage()));
            code = ExitCode.of(known.code());
        } else if (fault instanceof UncheckedIOException io) {
            print(ErrorCode.STORAGE.name(), io.getCause() + "; look at the disk, then try again");
            code = ExitCode.FAILED;
        } else {
            print(
                    "INTERNAL",
                    "a fault of the program, " + fault + "; run it again with --debug and report what it prints");
            code = ExitCode.FAILED;
        }
        if (debug) {
            fault.printStackTrace(err);
        }
        return code;
    }

    private void print(String code, String message) {
        if (json) {
            Map<String, String> error = new LinkedHashMap<>();
            error.put("code", code);
            error.put("message", message);
            err.println(Text.json(Json.of(Map.of("error", error)).text()));
        } else {
            err.println("holdfast: " + Text.line(message));
        }
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
