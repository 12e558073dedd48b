package dev.holdfast.session;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Origin;
import dev.holdfast.event.Tokens;
import dev.holdfast.log.LogRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session's events amount to: a pure fold, the same from the same records. Immutable.
 *
 * <p>Bounded: at most 64 KiB in its stored form. What grows with the history (messages, items, files) is read from the
 * log, not from here.
 *
 * @param kind what kind of history the session holds
 * @param status where it stands
 * @param reason why it is paused or was cancelled, or null
 * @param error why it failed, or null
 * @param summary what came of it, or null
 * @param result what came of it as data, or null
 * @param createdAt when its first segment was opened
 * @param startedAt when it was first started, or null
 * @param updatedAt when its last record was written
 * @param completedAt when it became final, or null
 * @param title its title, or null
 * @param tags its tags, in the order they were added
 * @param metadata its metadata, in the order they were set
 * @param config its configuration in stored form, with fields this version does not know
 * @param origin why its first segment exists
 * @param phase where work stands, or null
 * @param iteration the iteration that was begun last, 0 before the first
 * @param checkpoints how many checkpoints were taken along its lineage
 * @param lastCheckpoint position of the last record about checkpoints, in text form, or null
 * @param records how many records its history has, opening records not counted
 * @param messages how many messages it has
 * @param preview the first user message, white space folded, at most 240 characters, or null
 * @param tokens tokens used, each response once
 * @param costUsd the sum of the costs that providers gave, or null if none did
 * @param oddities how many records could not be applied: unknown types that are not ignorable, illegal transitions
 * @param recentResponses the last responses whose usage was counted, oldest first, at most 32
 * @param work what its work amounts to
 */
public record SessionState(
        SessionKind kind,
        SessionStatus status,
        @Nullable String reason,
        @Nullable String error,
        @Nullable String summary,
        @Nullable Json result,
        Instant createdAt,
        @Nullable Instant startedAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        @Nullable String title,
        List<String> tags,
        Map<String, Json> metadata,
        Json config,
        Origin origin,
        @Nullable String phase,
        long iteration,
        long checkpoints,
        @Nullable String lastCheckpoint,
        long records,
        long messages,
        @Nullable String preview,
        Tokens tokens,
        @Nullable BigDecimal costUsd,
        long oddities,
        List<CountedResponse> recentResponses,
        WorkState work) {
    /** How many responses are remembered, so that repeated reports of one count once. */
    public static final int REMEMBERED_RESPONSES = 32;

    /**
     * The usage of one response as it was counted.
     *
     * @param id the provider's id of the response
     * @param tokens the largest figures reported
     * @param costUsd the largest cost reported, or null
     */
    public record CountedResponse(
            String id, Tokens tokens, @Nullable BigDecimal costUsd) {}

    /**
     * The state after one more event. Never fails: what cannot be applied is counted as an oddity.
     *
     * @param event the event
     * @param at when it happened
     * @return the state after it
     */
    public SessionState apply(Event event, Instant at) {
        Fold fold = new Fold(this);
        fold.apply(event, at);
        return fold.toState();
    }

    /**
     * The state after one more record.
     *
     * @param record the record
     * @param blobs where payloads are found; one that is not there counts as empty
     * @return the state after it
     */
    public SessionState apply(LogRecord record, BlobSource blobs) {
        Fold fold = new Fold(this);
        fold.apply(record, blobs);
        return fold.toState();
    }

    /**
     * Returns the configuration.
     *
     * @return the configuration as this version understands it
     */
    public SessionConfig configuration() {
        return SessionConfig.of(config);
    }

    /**
     * Tells whether the session is not final.
     *
     * @return true if created, running or paused
     */
    public boolean isActive() {
        return !status.isFinal();
    }

    /**
     * Describes the state in a line. Neither metadata nor the configuration is in it: they may hold what nobody should
     * read in a log.
     *
     * @return text for people
     */
    @Override
    public String toString() {
        return kind.wireName() + " " + status.wireName() + (title == null ? "" : " \"" + title + "\"") + ", " + records
                + " records, iteration " + iteration + (phase == null ? "" : ", phase " + phase) + ", items "
                + work.items() + ", " + oddities + " oddities";
    }
}
