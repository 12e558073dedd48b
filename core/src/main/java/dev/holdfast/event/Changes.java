package dev.holdfast.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an iteration changed. Immutable.
 *
 * @param filesModified paths of the files, relative to the project
 * @param linesAdded lines added
 * @param linesRemoved lines removed
 * @param commandsRun the commands that ran
 * @param commits the commits that were made
 */
public record Changes(
        List<String> filesModified,
        long linesAdded,
        long linesRemoved,
        List<String> commandsRun,
        List<Commit> commits) {
    /** Nothing changed. */
    public static final Changes NONE = new Changes(List.of(), 0, 0, List.of(), List.of());

    /** Checks the ranges and copies the lists. */
    public Changes {
        filesModified = List.copyOf(filesModified);
        commandsRun = List.copyOf(commandsRun);
        commits = List.copyOf(commits);
        Ranges.requireNotNegative("lines added", linesAdded);
        Ranges.requireNotNegative("lines removed", linesRemoved);
    }

    /**
     * Changes to files.
     *
     * @param files paths of the files, relative to the project
     * @param linesAdded lines added
     * @param linesRemoved lines removed
     * @return the changes
     */
    public static Changes of(List<String> files, long linesAdded, long linesRemoved) {
        return new Changes(files, linesAdded, linesRemoved, List.of(), List.of());
    }

    /**
     * Changes and the commands that ran.
     *
     * @param commands the commands
     * @return a changed copy
     */
    public Changes commandsRun(List<String> commands) {
        return new Changes(filesModified, linesAdded, linesRemoved, commands, commits);
    }

    /**
     * A commit.
     *
     * @param sha its name
     * @param message its message, may be empty
     * @param at when it was made, as the other system writes it, or null
     */
    public record Commit(
            String sha, String message, @Nullable String at) {
        /** Checks the name. */
        public Commit {
            Ranges.requireName("a commit's name", sha);
        }
    }
}
