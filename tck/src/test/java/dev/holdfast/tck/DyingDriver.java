package dev.holdfast.tck;

import dev.holdfast.file.FileBackend;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import java.nio.file.Path;

/** A process that drives a session and dies without giving it back. */
final class DyingDriver {
    /** How it ends when it got to drive. */
    static final int STATUS = 42;

    private DyingDriver() {}

    public static void main(String[] args) {
        FileBackend.open(Path.of(args[0]), true).drive(LogId.of(new SessionId(args[1])));
        Runtime.getRuntime().halt(STATUS);
    }
}
