package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/** A transition of a session's status. Which ones are legal, the session package decides. */
public sealed interface Lifecycle extends Event {
    /** Work begins: created to running. */
    record Started() implements Lifecycle {
        @Override
        public String type() {
            return "session.started";
        }
    }

    /**
     * Work rests: running to paused.
     *
     * @param reason why, in words; may be empty
     */
    record Paused(String reason) implements Lifecycle {
        @Override
        public String type() {
            return "session.paused";
        }
    }

    /** Work goes on: paused to running. */
    record Resumed() implements Lifecycle {
        @Override
        public String type() {
            return "session.resumed";
        }
    }

    /**
     * Work ended well. Final.
     *
     * @param summary what came of it, in words; may be empty
     * @param result what came of it, as data, or null
     */
    record Completed(String summary, @Nullable Json result) implements Lifecycle {
        @Override
        public String type() {
            return "session.completed";
        }
    }

    /**
     * Work ended badly. Final.
     *
     * @param error what went wrong, in words
     * @param detail what went wrong, as data, or null
     */
    record Failed(String error, @Nullable Json detail) implements Lifecycle {
        @Override
        public String type() {
            return "session.failed";
        }
    }

    /**
     * Work was called off. Final.
     *
     * @param reason why, in words; may be empty
     */
    record Cancelled(String reason) implements Lifecycle {
        @Override
        public String type() {
            return "session.cancelled";
        }
    }
}
