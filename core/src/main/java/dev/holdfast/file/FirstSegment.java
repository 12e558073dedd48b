package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.EncodedEvent;
import dev.holdfast.log.LogId;
import dev.holdfast.spi.Opening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes a log's first segment behind whatever creations were cut short, and takes it away again if that fails. */
final class FirstSegment {
    private final FileLog log;
    private final LogId id;
    private final Path directory;
    private final Storage storage;
    private final FileBlobs blobs;

    FirstSegment(FileLog log, LogId id, Path directory, Storage storage, FileBlobs blobs) {
        this.log = log;
        this.id = id;
        this.directory = directory;
        this.storage = storage;
        this.blobs = blobs;
    }

    void open(Opening opening, List<EncodedEvent.Payload> payloads) {
        List<Integer> unborn = log.segments();
        int number = unborn.isEmpty() ? 1 : unborn.getLast() + 1;
        Path file = log.file(number);
        boolean done = false;
        try {
            log.putBlobs(payloads);
            Storage.Appender appender = log.create(file);
            if (appender == null) {
                done = true; // by somebody else, whose file it is
                throw new HoldfastException(ErrorCode.CONFLICT, id + " is being created by somebody else");
            }
            try (appender) {
                log.writeOpening(appender, file, number, opening.recordZero(number, null, List.of()));
            } catch (IOException e) {
                throw log.unknown("cannot close " + file, e);
            }
            done = true;
        } finally {
            if (!done) {
                deleteUnborn(file, number);
            }
        }
    }

    /** Nothing in the file was acknowledged, so that it may go; so may the fence behind it and the directory, if empty. */
    private void deleteUnborn(Path file, int number) {
        Path next = log.file(number + 1);
        try {
            storage.delete(file);
            if (storage.length(next) == 0 || (storage.exists(next) && Fence.read(storage, next) != null)) {
                storage.delete(next);
            }
            if (log.segments().isEmpty()) {
                blobs.deleteAll();
                storage.delete(directory);
            }
        } catch (IOException e) {
            System.getLogger(FirstSegment.class.getName())
                    .log(System.Logger.Level.DEBUG, "left an unborn log in " + directory, e);
        }
    }
}
