package dev.holdfast.cli;

import org.jspecify.annotations.Nullable;

/** The commands by purpose. Knows their classes by name only when one is asked for, so that starting stays fast. */
enum CommandName {
    INIT("init", Group.STORE, "make a store"),
    VERIFY("verify", Group.STORE, "check that everything recorded is intact"),
    REPAIR("repair", Group.STORE, "make a damaged session writable again"),
    RM("rm", Group.STORE, "move sessions to the trash"),
    PRUNE("prune", Group.STORE, "move old sessions to the trash"),
    TRASH("trash", Group.STORE, "list, restore or destroy what was removed"),

    IMPORT("import", Group.SESSIONS, "take in transcripts of Claude Code and Codex, and exports"),
    EXPORT("export", Group.SESSIONS, "write a session into a file, to take it elsewhere or to read it"),
    NEW("new", Group.SESSIONS, "make a session, print its id"),
    LS("ls", Group.SESSIONS, "list sessions, newest first"),
    SHOW("show", Group.SESSIONS, "show one session"),
    LOG("log", Group.SESSIONS, "show what happened in a session, follow it with -f"),
    APPEND("append", Group.SESSIONS, "record events, print their positions once they are durable"),
    SET("set", Group.SESSIONS, "change title, tags, notes, metadata or configuration"),

    START("start", Group.LIFECYCLE, "created -> running"),
    PAUSE("pause", Group.LIFECYCLE, "running -> paused"),
    RESUME("resume", Group.LIFECYCLE, "paused or interrupted -> running"),
    COMPLETE("complete", Group.LIFECYCLE, "running, paused -> completed"),
    FAIL("fail", Group.LIFECYCLE, "any but final -> failed"),
    CANCEL("cancel", Group.LIFECYCLE, "any but final -> cancelled"),

    FORK("fork", Group.LINEAGE, "make a session that goes on from a record of another one"),
    RETRY("retry", Group.LINEAGE, "make a new attempt at a finished session"),
    LINEAGE("lineage", Group.LINEAGE, "draw what came from what"),
    COMPACT("compact", Group.LINEAGE, "begin the view anew behind a summary"),
    REWIND("rewind", Group.LINEAGE, "go on from an earlier record"),
    RESTORE("restore", Group.LINEAGE, "go on from a checkpoint"),
    CHECKPOINT("checkpoint", Group.LINEAGE, "take, list, show or prune checkpoints"),

    COMPLETION("completion", Group.PROGRAM, "print a completion script for bash and zsh");

    /** What commands are for. */
    enum Group {
        SESSIONS("Sessions"),
        LIFECYCLE("Lifecycle"),
        LINEAGE("Lineage and checkpoints"),
        STORE("Store"),
        PROGRAM("Program");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final String word;
    private final Group group;
    private final String purpose;

    CommandName(String word, Group group, String purpose) {
        this.word = word;
        this.group = group;
        this.purpose = purpose;
    }

    String word() {
        return word;
    }

    Group group() {
        return group;
    }

    String purpose() {
        return purpose;
    }

    static @Nullable CommandName of(String word) {
        for (CommandName name : values()) {
            if (name.word.equals(word)) {
                return name;
            }
        }
        return null;
    }

    Command create() {
        return switch (this) {
            case INIT -> new InitCommand();
            case VERIFY -> new VerifyCommand();
            case REPAIR -> new RepairCommand();
            case RM -> new RemoveCommand();
            case PRUNE -> new PruneCommand();
            case TRASH -> new TrashCommand();
            case IMPORT -> new ImportCommand();
            case EXPORT -> new ExportCommand();
            case NEW -> new NewCommand();
            case LS -> new ListCommand();
            case SHOW -> new ShowCommand();
            case LOG -> new LogCommand();
            case APPEND -> new AppendCommand();
            case SET -> new SetCommand();
            case START -> new LifecycleCommand.Start();
            case PAUSE -> new LifecycleCommand.Pause();
            case RESUME -> new ResumeCommand();
            case COMPLETE -> new LifecycleCommand.Complete();
            case FAIL -> new LifecycleCommand.Fail();
            case CANCEL -> new LifecycleCommand.Cancel();
            case FORK -> new ForkCommand();
            case RETRY -> new RetryCommand();
            case LINEAGE -> new LineageCommand();
            case COMPACT -> new TurnCommand.Compact();
            case REWIND -> new TurnCommand.Rewind();
            case RESTORE -> new TurnCommand.Restore();
            case CHECKPOINT -> new CheckpointCommand();
            case COMPLETION -> new CompletionCommand();
        };
    }
}
