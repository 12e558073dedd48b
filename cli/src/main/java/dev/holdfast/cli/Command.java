package dev.holdfast.cli;

/** A command: picocli fills its fields from the arguments, then it runs once. */
interface Command {
    /** Does it. Faults are exceptions; the returned code says what was found, such as damage. */
    ExitCode run(Invocation invocation);
}
