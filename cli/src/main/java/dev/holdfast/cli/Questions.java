package dev.holdfast.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks a person, if there is one. */
final class Questions {
    private Questions() {}

    /** The answer; without a person to ask, yes. For what can be undone. */
    static boolean agreed(String question, Invocation invocation) {
        return !isPersonThere(invocation) || answer(question, invocation);
    }

    static boolean isPersonThere(Invocation invocation) {
        Terminal terminal = invocation.terminal();
        return terminal.inIsTerminal() && terminal.errIsTerminal() && !invocation.json();
    }

    static boolean answer(String question, Invocation invocation) {
        invocation.out().flush();
        invocation.err().print(question + " [y/N] ");
        invocation.err().flush();
        String answer = new LineInput(invocation.in(), 1024).next();
        return answer != null
                && answer.getBytes(StandardCharsets.UTF_8).length < 10
                && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
