package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoreOptions;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One run of the program: its streams, its surroundings and the options of every command.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error, for messages and progress
 * @param env the environment
 * @param terminal where the streams end
 * @param options the options of every command
 */
record Invocation(
        InputStream in, Output out, PrintStream err, Map<String, String> env, Terminal terminal, RootOptions options) {
    boolean json() {
        return options.json;
    }

    Style style() {
        return Style.of(terminal, env);
    }

    /** Whether lines can be drawn with more than ASCII, by what the locale says. */
    boolean canDrawBoxes() {
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> env.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
        return locale.contains("utf") && !env.containsKey("HOLDFAST_ASCII");
    }

    /** The width that lines are cut to; a file or pipe gets whole lines. */
    int columns() {
        return terminal.outIsTerminal() ? terminal.columns() : Integer.MAX_VALUE;
    }

    /** Opens the store; there must be one. */
    SessionStore open() {
        Path directory = place();
        try {
            return SessionStore.open(directory, storeOptions());
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new HoldfastException(
                    ErrorCode.NOT_FOUND,
                    "no store in " + directory + "; make one with `holdfast init`, or name another with --store",
                    e);
        }
    }

    /** Opens the store, or makes it and says so. */
    SessionStore openOrCreate() {
        Path directory = place();
        try {
            return SessionStore.open(directory, storeOptions());
        } catch (HoldfastException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            SessionStore store = SessionStore.create(directory, storeOptions());
            note("made a new store in " + store.info().location());
            return store;
        }
    }

    StoreOptions storeOptions() {
        return StoreOptions.usual().program("holdfast", Main.version()).unsafeFileSystem(options.unsafeFileSystem);
    }

    Path workingDirectory() {
        return Path.of("");
    }

    private Path place() {
        return StorePlace.find(options.store, env, workingDirectory());
    }

    /** Tells the user something that is no fault. */
    void note(String message) {
        message("note", message);
    }

    /** Tells the user about something odd. */
    void warn(String message) {
        message("warning", message);
    }

    private void message(String kind, String message) {
        // What was printed before it is seen before it.
        out.flush();
        if (json()) {
            err.println(
                    Text.json(Json.of(Map.of(kind, Map.of("message", message))).text()));
        } else {
            err.println("holdfast: " + (kind.equals("note") ? "" : kind + ": ") + Text.line(message));
        }
    }
}
