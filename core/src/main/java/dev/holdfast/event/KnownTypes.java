package dev.holdfast.event;

import java.util.Set;

/** The wire names that {@link EventReader} understands. */
final class KnownTypes {
    private static final Set<String> NAMES = Set.of(
            "segment.opened",
            "session.started",
            "session.paused",
            "session.resumed",
            "session.completed",
            "session.failed",
            "session.cancelled",
            "message.added",
            "usage.recorded",
            "title.set",
            "tagged",
            "noted",
            "metadata.set",
            "config.changed",
            "checkpoint.taken",
            "checkpoint.pruned",
            "extension",
            "output.appended");

    private KnownTypes() {}

    static boolean contains(String type) {
        return NAMES.contains(type);
    }
}
