package dev.holdfast.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segment files of one log: how they are named, which are there, and which were left behind. Thread-safe. */
final class Segments {
    private final Path directory;
    private final Storage storage;

    Segments(Path directory, Storage storage) {
        this.directory = directory;
        this.storage = storage;
    }

    /** Made anew each time: ten thousand open sessions should not hold twenty thousand names. */
    Path file(int segment) {
        return directory.resolve(Layout.segment(segment));
    }

    /** Returns the numbers of all files named as segments are, ascending. */
    List<Integer> numbers() {
        try {
            List<Integer> numbers = new ArrayList<>();
            for (String name : storage.names(directory)) {
                int number = Layout.segmentNumber(name);
                if (number > 0) {
                    numbers.add(number);
                }
            }
            numbers.sort(null);
            return numbers;
        } catch (IOException e) {
            throw FileLog.storageFault("cannot list " + directory, e);
        }
    }

    /** Whether a higher file is there, so that nobody may append to this one. */
    boolean leftBehind(int segment) {
        return storage.exists(file(segment + 1));
    }

    /** Where a writer that failed says its history ends: its own records from there on may be a lie of the page cache. */
    @Nullable
    Fence fence(int segment) {
        if (!leftBehind(segment)) {
            return null;
        }
        try {
            return Fence.read(storage, file(segment + 1));
        } catch (IOException e) {
            return null;
        }
    }
}
