package dev.holdfast.cli;

import dev.holdfast.store.SessionSummary;

/** Shows where a session stands. */
final class Statuses {
    private Statuses() {}

    static String word(SessionSummary session) {
        return session.interrupted() ? "interrupted" : session.state().status().wireName();
    }

    static String styled(SessionSummary session, Style style, int columns) {
        String word = Text.padRight(word(session), columns);
        if (session.interrupted()) {
            return style.red(word);
        }
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
