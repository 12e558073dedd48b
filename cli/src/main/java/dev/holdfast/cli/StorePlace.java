package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the store: {@code --store}, else {@code $HOLDFAST_STORE}, else the nearest {@code .holdfast} upwards, else at home. */
final class StorePlace {
    private static final String DIRECTORY = ".holdfast";

    private StorePlace() {}

    static Path find(@Nullable String option, Map<String, String> env, Path workingDirectory) {
        Path named = named(option, env);
        if (named != null) {
            return named;
        }
        for (Path at = workingDirectory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            Path candidate = at.resolve(DIRECTORY);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        String home = env.getOrDefault("HOME", "");
        return path(home.isEmpty() ? System.getProperty("user.home", "") : home).resolve(DIRECTORY);
    }

    /** Where a new store goes when no directory is given with {@code init}. */
    static Path forNew(@Nullable String option, Map<String, String> env, Path workingDirectory) {
        Path named = named(option, env);
        return named == null ? workingDirectory.toAbsolutePath().resolve(DIRECTORY) : named;
    }

    private static @Nullable Path named(@Nullable String option, Map<String, String> env) {
        if (option != null) {
            return path(option);
        }
        String variable = env.getOrDefault("HOLDFAST_STORE", "");
        return variable.isEmpty() ? null : path(variable);
    }

    static Path path(String text) {
        try {
            if (text.isEmpty()) {
                throw HoldfastException.invalid("an empty text is no directory; name one");
            }
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw HoldfastException.invalid("not a path: \"" + text + "\", " + e.getReason() + "; choose another one");
        }
    }
}
