package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/**
 * Where the work is done. Wire name {@code workspace.set}.
 *
 * @param branch the branch, or null
 * @param worktree the name of the worktree, or null
 * @param base what the branch began at, or null
 */
public record WorkspaceSet(
        @Nullable String branch,
        @Nullable String worktree,
        @Nullable String base) implements WorkEvent {
    /** Checks the names. */
    public WorkspaceSet {
        Ranges.requireName("a branch", branch);
        Ranges.requireName("a worktree", worktree);
        Ranges.requireName("a base", base);
    }

    @Override
    public String type() {
        return "workspace.set";
    }
}
