package dev.holdfast.cli;

import dev.holdfast.store.SessionSummary;

/** Shows where a session stands. */
final class Statuses {
    private Statuses() {}

    static String styled(SessionSummary session, Style style, int columns) {
        if (session.interrupted()) {
            return style.red(Text.padRight("interrupted", columns));
        }
        String word = Text.padRight(session.state().status().wireName(), columns);
        return switch (session.state().status()) {
            case CREATED -> style.dim(word);
            case RUNNING -> style.cyan(word);
            case PAUSED -> style.yellow(word);
            case COMPLETED -> style.green(word);
            case FAILED -> style.red(word);
            case CANCELLED -> style.magenta(word);
        };
    }
}
