package dev.holdfast.cli;

import java.util.Map;

/** Colours, where a person reads and wants them. */
record Style(boolean on) {
    static Style of(Terminal terminal, Map<String, String> env) {
        return new Style(terminal.outIsTerminal()
                && env.getOrDefault("NO_COLOR", "").isEmpty()
                && !env.getOrDefault("TERM", "").equals("dumb"));
    }

    String bold(String text) {
        return with("1", text);
    }

    String dim(String text) {
        return with("2", text);
    }

    String red(String text) {
        return with("31", text);
    }

    String green(String text) {
        return with("32", text);
    }

    String yellow(String text) {
        return with("33", text);
    }

    String magenta(String text) {
        return with("35", text);
    }

    String cyan(String text) {
        return with("36", text);
    }

    private String with(String code, String text) {
        return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
