package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Role;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkEvent;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Folds events into a state, changing itself, so that a million records cost no million states. Not thread-safe; the
 * outcome depends on nothing but the events.
 */
public final class Fold {
    private static final int MAX_TAGS = 64;

    /*
     * The state must stay below 64 KiB in its stored form, so each part has its share, in bytes of JSON. What is beyond
     * it stays in the log but not in the state.
     */
    private static final int MAX_TAGS_BYTES = 7_000;
    private static final int MAX_METADATA_BYTES = 24 * 1024;
    private static final int MAX_CONFIG_CHARACTERS = 64 * 1024;

    private final SessionKind kind;
    private final Instant createdAt;
    private final Origin origin;
    private final Set<String> tags;
    private final Map<String, Json> metadata;
    private final UsageCount usage;
    private SessionStatus status;
    private @Nullable String reason;
    private @Nullable String error;
    private @Nullable String summary;
    private @Nullable Json result;
    private @Nullable Instant startedAt;
    private Instant updatedAt;
    private @Nullable Instant completedAt;
    private @Nullable String title;
    private Json config;
    private final WorkFold work;
    /** The configuration as it is understood, or null if nobody asked yet. */
    private @Nullable SessionConfig configuration;

    private long checkpoints;
    private @Nullable String lastCheckpoint;
    private long records;
    private long messages;
    private @Nullable String preview;
    private long oddities;

    /**
     * Goes on from a state.
     *
     * @param from the state
     */
    public Fold(SessionState from) {
        kind = from.kind();
        status = from.status();
        reason = from.reason();
        error = from.error();
        summary = from.summary();
        result = from.result();
        createdAt = from.createdAt();
        startedAt = from.startedAt();
        updatedAt = from.updatedAt();
        completedAt = from.completedAt();
        title = from.title();
        tags = new LinkedHashSet<>(from.tags());
        metadata = new LinkedHashMap<>(from.metadata());
        config = from.config();
        origin = from.origin();
        work = new WorkFold(from.phase(), from.iteration(), from.work());
        checkpoints = from.checkpoints();
        lastCheckpoint = from.lastCheckpoint();
        records = from.records();
        messages = from.messages();
        preview = from.preview();
        oddities = from.oddities();
        usage = new UsageCount(from);
    }

    /**
     * The state at the start of a segment.
     *
     * @param opened the segment's first record
     * @param at when it was written
     * @return the fold to go on with
     */
    public static Fold of(SegmentOpened opened, Instant at) {
        if (opened.state() != null) {
            return new Fold(StateJson.read(opened.state().toNode(), opened.config()));
        }
        SessionConfig config = SessionConfig.of(opened.config());
        return new Fold(fresh(config, opened.config(), opened.origin(), at));
    }

    private static SessionState fresh(SessionConfig config, Json stored, Origin origin, Instant at) {
        Fold fold = new Fold(new SessionState(
                config.kind(),
                SessionStatus.CREATED,
                null,
                null,
                null,
                null,
                at,
                null,
                at,
                null,
                config.title() == null ? null : Bounded.cut(config.title()),
                List.of(),
                Map.of(),
                stored,
                origin,
                null,
                0,
                0,
                null,
                0,
                0,
                null,
                Tokens.NONE,
                null,
                0,
                List.of(),
                WorkState.NONE));
        fold.addTags(config.tags());
        fold.addMetadata(config.metadata());
        return fold.toState();
    }

    /**
     * Applies a record without its payloads: a text that was split out counts as empty.
     *
     * @param record the record
     */
    public void apply(LogRecord record) {
        apply(record, BlobSource.EMPTY);
    }

    /**
     * Applies a record. Opening records change nothing: what they say was folded before them.
     *
     * @param record the record
     * @param blobs where payloads are found; one that is not there counts as empty
     */
    public void apply(LogRecord record, BlobSource blobs) {
        switch (record.type()) {
            case "segment.opened" -> {}
            case "message.added" -> {
                if (preview == null) {
                    apply(decoded(record, blobs), record.at());
                } else {
                    messages++;
                    count(record.at());
                }
            }
            case "extension", "output.appended", "noted" -> count(record.at());
            default -> {
                Event event = decoded(record, blobs);
                if (event instanceof Unknown && !record.ignorable()) {
                    oddities++;
                }
                apply(event, record.at(), record.position());
            }
        }
    }

    private static Event decoded(LogRecord record, BlobSource blobs) {
        try {
            return record.event(blobs);
        } catch (HoldfastException e) {
            return record.event(BlobSource.EMPTY);
        }
    }

    /**
     * Applies an event.
     *
     * @param event the event
     * @param at when it happened
     */
    public void apply(Event event, Instant at) {
        apply(event, at, null);
    }

    /**
     * Applies an event that stands in a log.
     *
     * @param event the event
     * @param at when it happened
     * @param position where it stands, or null if it stands nowhere yet
     */
    public void apply(Event event, Instant at, @Nullable Position position) {
        switch (event) {
            case SegmentOpened opened -> {
                return;
            }
            case Lifecycle lifecycle -> lifecycle(lifecycle, at);
            case Message message -> message(message);
            case UsageRecorded recorded -> usage.add(recorded);
            case Annotation annotation -> annotate(annotation);
            case MetadataSet change -> change(change);
            case ConfigChanged changed -> configure(changed);
            case CheckpointTaken taken -> checkpoint(taken, position);
            case CheckpointsPruned pruned -> checkpointRecord(position);
            case Extension extension -> {}
            case OutputAppended output -> {}
            case WorkEvent each -> work(each);
            case Unknown unknown -> {}
        }
        count(at);
    }

    /**
     * Returns the state so far.
     *
     * @return an immutable state
     */
    public SessionState toState() {
        return new SessionState(
                kind,
                status,
                reason,
                error,
                summary,
                result,
                createdAt,
                startedAt,
                updatedAt,
                completedAt,
                title,
                List.copyOf(tags),
                java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metadata)),
                config,
                origin,
                work.phase,
                work.iteration,
                checkpoints,
                lastCheckpoint,
                records,
                messages,
                preview,
                usage.tokens(),
                usage.costUsd(),
                oddities,
                usage.responses(),
                work.toState());
    }

    /**
     * Returns the session's kind.
     *
     * @return the kind
     */
    public SessionKind kind() {
        return kind;
    }

    /**
     * Returns how many checkpoints were taken so far.
     *
     * @return the number of the last one, 0 before the first
     */
    public long checkpoints() {
        return checkpoints;
    }

    /**
     * Returns where the last record about checkpoints stands.
     *
     * @return its position in text form, or null
     */
    public @Nullable String lastCheckpoint() {
        return lastCheckpoint;
    }

    /**
     * Returns how many records could not be applied so far.
     *
     * @return a count
     */
    public long oddities() {
        return oddities;
    }

    /**
     * The state a session begins with that goes on from a record of another one: where work stood there, and nothing of
     * what it had cost.
     *
     * @param config what the new session is created with
     * @param from the other session's state at that record
     * @param origin says where it goes on from
     * @param at when it is made
     * @return the state
     */
    public static SessionState forked(SessionConfig config, SessionState from, Origin origin, Instant at) {
        Fold fold = new Fold(fresh(config, config.toJson(), origin, at));
        fold.metadata.putAll(from.metadata());
        fold.addMetadata(config.metadata());
        fold.placeAt(from);
        fold.checkpoints = from.checkpoints();
        fold.lastCheckpoint = from.lastCheckpoint();
        fold.preview = from.preview();
        return fold.toState();
    }

    /**
     * Goes back to where work stood in an earlier state. What was counted stays counted: going back refunds nothing.
     *
     * @param earlier the earlier state
     */
    public void placeAt(SessionState earlier) {
        work.placeAt(earlier);
    }

    /**
     * Returns a copy that changes on its own, to try what may be refused.
     *
     * @return the copy
     */
    public Fold copy() {
        Fold copy = new Fold(toState());
        copy.configuration = configuration;
        return copy;
    }

    /** Says why an event of work does not follow from the state, or returns null if it does. */
    @Nullable
    String refusal(WorkEvent event) {
        return WorkRules.refusal(work, configuration(), event);
    }

    private SessionConfig configuration() {
        SessionConfig known = configuration;
        if (known == null) {
            try {
                known = SessionConfig.of(config);
            } catch (HoldfastException | JacksonException e) {
                // A later version may have written what this one refuses; its session is still to be read.
                known = SessionConfig.of(kind);
            }
            configuration = known;
        }
        return known;
    }

    private void work(WorkEvent event) {
        oddities += work.apply(event, configuration()) ? 0 : 1;
    }

    /**
     * Returns the status so far.
     *
     * @return the status
     */
    public SessionStatus status() {
        return status;
    }

    private void count(Instant at) {
        records++;
        updatedAt = at;
    }

    private void lifecycle(Lifecycle lifecycle, Instant at) {
        if (!Admission.isLegal(status, lifecycle)) {
            oddities++;
            return;
        }
        status = Admission.target(lifecycle);
        reason = null;
        switch (lifecycle) {
            case Lifecycle.Started started -> startedAt = startedAt == null ? at : startedAt;
            case Lifecycle.Paused paused -> reason = Bounded.cut(paused.reason());
            case Lifecycle.Resumed resumed -> {}
            case Lifecycle.Completed completed -> {
                summary = Bounded.cut(completed.summary());
                result = Bounded.small(completed.result());
            }
            case Lifecycle.Failed failed -> {
                error = Bounded.cut(failed.error());
                result = Bounded.small(failed.detail());
            }
            case Lifecycle.Cancelled cancelled -> reason = Bounded.cut(cancelled.reason());
        }
        work.moved(status, at);
        if (status.isFinal()) {
            completedAt = at;
        }
    }

    private void message(Message message) {
        messages++;
        if (preview == null && message.role() == Role.USER) {
            String folded = Bounded.fold(message.text());
            preview = folded.isEmpty() ? null : folded;
        }
    }

    private void checkpoint(CheckpointTaken taken, @Nullable Position position) {
        if (taken.number() <= checkpoints) {
            oddities++;
            return;
        }
        checkpoints = taken.number();
        checkpointRecord(position);
    }

    private void checkpointRecord(@Nullable Position position) {
        lastCheckpoint = position == null ? lastCheckpoint : position.toString();
    }

    private void annotate(Annotation annotation) {
        switch (annotation) {
            case Annotation.TitleSet set -> title = Bounded.cut(set.title());
            case Annotation.Tagged tagged -> {
                tagged.remove().forEach(tags::remove);
                addTags(tagged.add());
            }
            case Annotation.Noted noted -> {}
        }
    }

    private void addTags(List<String> added) {
        for (String tag : added) {
            boolean fits = tags.size() < MAX_TAGS
                    && tag.length() <= Admission.MAX_TAG
                    && Bounded.storedBytes(tags) + Bounded.storedBytes(tag) + 3 <= MAX_TAGS_BYTES;
            if (fits) {
                tags.add(tag);
            } else {
                oddities += tags.contains(tag) ? 0 : 1;
            }
        }
    }

    private void change(MetadataSet change) {
        change.unset().forEach(metadata::remove);
        addMetadata(change.set());
    }

    private void addMetadata(Map<String, Json> added) {
        added.forEach((key, value) -> {
            Json before = metadata.put(key, value);
            if (Bounded.storedBytes(metadata) > MAX_METADATA_BYTES) {
                oddities++;
                if (before == null) {
                    metadata.remove(key);
                } else {
                    metadata.put(key, before);
                }
            }
        });
    }

    private void configure(ConfigChanged change) {
        try {
            JsonNode merged = MergePatch.apply(config.toNode(), change.patch().toNode());
            Json patched = Json.parse(merged.toString());
            SessionConfig changed = SessionConfig.of(patched);
            String phase = work.phase;
            boolean fits = phase == null || changed.plan().contains(phase);
            if (fits && patched.text().length() <= MAX_CONFIG_CHARACTERS && changed.kind() == kind) {
                config = patched;
                configuration = changed;
            } else {
                oddities++;
            }
        } catch (HoldfastException | JacksonException e) {
            oddities++;
        }
    }
}
