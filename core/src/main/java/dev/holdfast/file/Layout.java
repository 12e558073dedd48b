package dev.holdfast.file;

import dev.holdfast.log.LogId;
import java.nio.file.Path;

/** Where things are in a store's directory: format 1, {@code docs/format.md}. Pure. */
record Layout(Path root) {
    Path marker() {
        return root.resolve("holdfast.json");
    }

    Path runtime() {
        return root.resolve("runtime");
    }

    Path locks() {
        return runtime().resolve("locks");
    }

    Path holder(LogId id) {
        return runtime().resolve("holders").resolve(id.name() + ".json");
    }

    Path trash() {
        return root.resolve("trash");
    }

    Path directory(LogId.Kind kind) {
        return root.resolve(
                switch (kind) {
                    case SESSION -> "sessions";
                    case AGENT -> "agents";
                });
    }

    Path log(LogId id) {
        Path parent = directory(id.kind());
        return switch (id.kind()) {
            case SESSION ->
                parent.resolve(id.name().substring(id.name().length() - 2)).resolve(id.name());
            case AGENT -> parent.resolve(id.name());
        };
    }

    /** Where a log keeps a copy of one that it came from. */
    static Path ancestor(Path log, LogId ancestor) {
        return log.resolve("ancestors").resolve(ancestor.name());
    }

    static String segment(int number) {
        String digits = Integer.toString(number);
        return "000000".substring(Math.min(6, digits.length())) + digits + ".jsonl";
    }

    /** Returns a segment's number, or -1 for any other file. */
    static int segmentNumber(String fileName) {
        if (fileName.length() != 12 || !fileName.endsWith(".jsonl")) {
            return -1;
        }
        int number = 0;
        for (int k = 0; k < 6; k++) {
            char c = fileName.charAt(k);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number == 0 ? -1 : number;
    }
}
