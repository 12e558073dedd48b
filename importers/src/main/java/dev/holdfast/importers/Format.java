package dev.holdfast.importers;

/** The systems whose files are read. */
public enum Format {
    /** Transcripts of Claude Code, {@code ~/.claude/projects}. */
    CLAUDE_CODE("claude-code"),
    /** Rollouts of the Codex CLI, {@code ~/.codex/sessions}. */
    CODEX("codex"),
    /** Anything else. */
    UNRECOGNISED("unrecognised");

    private final String wireName;

    Format(String wireName) {
        this.wireName = wireName;
    }

    /**
     * Returns the name as it stands in records and reports.
     *
     * @return the name
     */
    public String wireName() {
        return wireName;
    }
}
