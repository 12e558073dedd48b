package dev.holdfast.cli;

import java.io.Console;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the program's streams end.
 *
 * @param inIsTerminal whether a person can be asked
 * @param outIsTerminal whether a person reads the output
 * @param errIsTerminal whether a person reads messages and progress
 * @param columns the width in characters
 */
record Terminal(boolean inIsTerminal, boolean outIsTerminal, boolean errIsTerminal, int columns) {
    /** No terminal at all. */
    static final Terminal NONE = new Terminal(false, false, false, 80);

    private static final String VARIABLE = "HOLDFAST_TTY";

    /** Reads what the launcher found out: {@code HOLDFAST_TTY=<in>,<out>,<err>,<columns>}, flags 0 or 1. */
    static @Nullable Terminal told(Map<String, String> env) {
        String[] words = env.getOrDefault(VARIABLE, "").split(",", -1);
        if (words.length != 4) {
            return null;
        }
        int columns = words[3].matches("[0-9]{1,4}") ? Integer.parseInt(words[3]) : 0;
        return new Terminal(
                words[0].equals("1"), words[1].equals("1"), words[2].equals("1"), columns < 20 ? 80 : columns);
    }

    /** What the launcher found out, else what Java knows: less, and slower. */
    @SuppressWarnings("SystemConsoleNull") // Java 21 answers null where there is no terminal.
    static Terminal find(Map<String, String> env) {
        Terminal told = told(env);
        if (told != null) {
            return told;
        }
        Console console = System.console();
        boolean terminal = console != null && isTerminal(console);
        return new Terminal(terminal, terminal, terminal, 80);
    }

    /** Java 21 has a console only on a terminal; later versions always have one, and can be asked. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
