package dev.holdfast.importers;

import dev.holdfast.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the files to import, sorted by name within each directory. A transcript and the files below the directory of its
 * name (its subagents) are one unit, read one after the other. Links to directories are not followed. Stateless.
 */
final class SourceFiles {
    private SourceFiles() {}

    static void walk(List<Path> paths, Consumer<List<Path>> units) {
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                walkDirectory(path, units);
            } else if (Files.isRegularFile(path)) {
                units.accept(List.of(path));
            } else {
                throw HoldfastException.notFound(path + " is no file or directory; nothing of it was imported");
            }
        }
    }

    /** Tells a file that describes a subagent's transcript beside it. */
    static boolean isSidecar(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith("agent-")
                && name.endsWith(".meta.json")
                && Files.isRegularFile(file.resolveSibling(name.replaceFirst("\\.meta\\.json$", ".jsonl")));
    }

    private static void walkDirectory(Path directory, Consumer<List<Path>> units) {
        Set<Path> directories = new TreeSet<>();
        Set<Path> files = new TreeSet<>();
        list(directory, directories, files);
        for (Path file : files) {
            List<Path> unit = new ArrayList<>(List.of(file));
            Path own = ownDirectory(file);
            if (own != null && directories.remove(own)) {
                walkDirectory(own, unit::addAll);
            }
            units.accept(unit);
        }
        directories.forEach(below -> walkDirectory(below, units));
    }

    private static @org.jspecify.annotations.Nullable Path ownDirectory(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".jsonl") ? file.resolveSibling(name.substring(0, name.length() - 6)) : null;
    }

    private static void list(Path directory, Set<Path> directories, Set<Path> files) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    directories.add(entry);
                } else if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("directory " + directory + " cannot be listed", e);
        }
    }
}
