package dev.holdfast.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the documents that tests compare with the code. */
public final class Docs {
    private Docs() {}

    /**
     * Reads a document.
     *
     * @param name its name in {@code docs}
     * @return its text
     */
    public static String read(String name) {
        Path inModule = Path.of("..", "docs", name);
        try {
            return Files.readString(Files.exists(inModule) ? inModule : Path.of("docs", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
