package dev.holdfast.store;

import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list. Immutable; each with-method returns a changed copy.
 *
 * @param statuses the statuses to show
 * @param kind the kind to show, or null for all
 * @param project the project to show, or null for all
 * @param agent the agent to show, or null for all
 * @param tag a tag that must be there, or null
 * @param since show what was updated at or after this time, or null for all
 * @param limit at most this many, newest update first
 */
public record SessionFilter(
        Set<SessionStatus> statuses,
        @Nullable SessionKind kind,
        @Nullable String project,
        @Nullable String agent,
        @Nullable String tag,
        @Nullable Instant since,
        int limit) {
    /** Every session. */
    public static final SessionFilter ALL =
            new SessionFilter(EnumSet.allOf(SessionStatus.class), null, null, null, null, null, Integer.MAX_VALUE);

    /** Every session that is not final. */
    public static final SessionFilter ACTIVE = new SessionFilter(
            EnumSet.of(SessionStatus.CREATED, SessionStatus.RUNNING, SessionStatus.PAUSED),
            null,
            null,
            null,
            null,
            null,
            Integer.MAX_VALUE);

    /** Copies the statuses. */
    public SessionFilter {
        if (limit < 0) {
            throw dev.holdfast.HoldfastException.invalid("limit is " + limit + "; at least 0");
        }
        statuses = Set.copyOf(statuses);
    }

    /**
     * Shows only these statuses.
     *
     * @param value the statuses
     * @return a changed copy
     */
    public SessionFilter statuses(Set<SessionStatus> value) {
        return new SessionFilter(value, kind, project, agent, tag, since, limit);
    }

    /**
     * Shows only one kind.
     *
     * @param value the kind, or null for all
     * @return a changed copy
     */
    public SessionFilter kind(@Nullable SessionKind value) {
        return new SessionFilter(statuses, value, project, agent, tag, since, limit);
    }

    /**
     * Shows only one project.
     *
     * @param value the project, or null for all
     * @return a changed copy
     */
    public SessionFilter project(@Nullable String value) {
        return new SessionFilter(statuses, kind, value, agent, tag, since, limit);
    }

    /**
     * Shows only one agent.
     *
     * @param value the agent, or null for all
     * @return a changed copy
     */
    public SessionFilter agent(@Nullable String value) {
        return new SessionFilter(statuses, kind, project, value, tag, since, limit);
    }

    /**
     * Shows only what has a tag.
     *
     * @param value the tag, or null for all
     * @return a changed copy
     */
    public SessionFilter tag(@Nullable String value) {
        return new SessionFilter(statuses, kind, project, agent, value, since, limit);
    }

    /**
     * Shows only what was updated at or after a time.
     *
     * @param value the time, or null for all
     * @return a changed copy
     */
    public SessionFilter since(@Nullable Instant value) {
        return new SessionFilter(statuses, kind, project, agent, tag, value, limit);
    }

    /**
     * Shows at most so many.
     *
     * @param value the number
     * @return a changed copy
     */
    public SessionFilter limit(int value) {
        return new SessionFilter(statuses, kind, project, agent, tag, since, value);
    }

    boolean admits(SessionSummary summary) {
        return statuses.contains(summary.state().status())
                && (kind == null || kind == summary.state().kind())
                && (project == null || project.equals(summary.project()))
                && (agent == null || agent.equals(summary.agent()))
                && (tag == null || summary.state().tags().contains(tag))
                && (since == null || !summary.state().updatedAt().isBefore(since));
    }
}
