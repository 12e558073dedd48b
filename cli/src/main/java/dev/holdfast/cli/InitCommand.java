package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.spi.StoreInfo;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code init}: makes a store. */
@CommandLine.Command(
        name = "init",
        description = "Makes a store in an empty or new directory and prints where it is.",
        footerHeading = "%nExample:%n",
        footer = "  holdfast init            # ./.holdfast")
final class InitCommand implements Command {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The store's directory. Else --store, else $HOLDFAST_STORE, else ./.holdfast.")
    @Nullable
    String directory;

    @Override
    public ExitCode run(Invocation invocation) {
        Path place = directory == null
                ? StorePlace.forNew(invocation.options().store, invocation.env(), invocation.workingDirectory())
                : StorePlace.path(directory);
        try (SessionStore store = SessionStore.create(place, invocation.storeOptions())) {
            StoreInfo info = store.info();
            if (invocation.json()) {
                invocation
                        .out()
                        .json(Json.mapper()
                                .createObjectNode()
                                .put("id", info.id())
                                .put("format", info.format())
                                .put("created", info.created().toString())
                                .put("location", info.location()));
            } else {
                invocation.out().line(Text.line(info.location()));
            }
        }
        return ExitCode.DONE;
    }
}
