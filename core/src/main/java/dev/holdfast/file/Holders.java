package dev.holdfast.file;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The files in which drivers say who they are. Words, not authority: the lock is what counts. */
final class Holders {
    private static final String HOST = Hosts.name();
    private static final Instant STARTED =
            ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);

    private final Layout layout;
    private final Storage storage;

    Holders(Layout layout, Storage storage) {
        this.layout = layout;
        this.storage = storage;
    }

    void write(LogId id) {
        ProcessHandle self = ProcessHandle.current();
        String word = Json.mapper()
                .createObjectNode()
                .put("pid", self.pid())
                .put("host", HOST)
                .put("processStarted", STARTED.toString())
                .put("since", Instant.now().toString())
                .toString();
        Path file = layout.holder(id);
        try {
            storage.makeDirectories(java.util.Objects.requireNonNull(file.getParent()));
            FileBackend.replace(storage, file, (word + "\n").getBytes(StandardCharsets.UTF_8), false);
        } catch (IOException e) {
            System.getLogger(Holders.class.getName())
                    .log(System.Logger.Level.DEBUG, "driver of " + id + " left no word", e);
        }
    }

    @Nullable
    Holder read(LogId id) {
        try {
            JsonNode in = Json.tree(new String(storage.readAll(layout.holder(id)), StandardCharsets.UTF_8));
            return new Holder(
                    in.path("pid").asLong(0),
                    in.path("host").asString("?"),
                    Instant.parse(in.path("processStarted").asString("")),
                    Instant.parse(in.path("since").asString("")));
        } catch (IOException | HoldfastException | DateTimeException e) {
            return null;
        }
    }

    boolean exists(LogId id) {
        return storage.exists(layout.holder(id));
    }

    void remove(LogId id) {
        try {
            storage.delete(layout.holder(id));
        } catch (IOException e) {
            System.getLogger(Holders.class.getName())
                    .log(System.Logger.Level.DEBUG, "word of the driver of " + id + " stays", e);
        }
    }
}
