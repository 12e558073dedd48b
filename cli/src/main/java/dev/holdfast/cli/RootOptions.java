package dev.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
@Command(name = "holdfast", description = "Keeps the sessions of AI agents.")
final class RootOptions {
    @Option(
            names = "--store",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "The store. Else $HOLDFAST_STORE, else the nearest .holdfast upwards, else ~/.holdfast.")
    @Nullable
    String store;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Print JSON: one object, or one a line.")
    boolean json;

    @Option(names = "--debug", scope = ScopeType.INHERIT, order = 102, description = "Print stack traces of faults.")
    boolean debug;

    @Option(
            names = "--unsafe-file-system",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Write where appends are not atomic (NFS, SMB, 9p, FUSE).")
    boolean unsafeFileSystem;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Show this help.")
    boolean help;
}
