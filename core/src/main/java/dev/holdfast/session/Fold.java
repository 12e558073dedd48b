package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.BlobSource;
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
import dev.holdfast.log.LogRecord;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Folds events into a state, changing itself, so that a million records cost no million states. Not thread-safe; the
 * outcome depends on nothing but the events.
 */
public final class Fold {
    private static final int PREVIEW_CHARACTERS = 240;
    private static final int MAX_TAGS = 64;
    private static final int MAX_RESPONSE_ID = 64;

    /*
     * The state must stay below 64 KiB in its stored form, so each part has its share, in bytes of JSON. What is beyond
     * it stays in the log but not in the state.
     */
    private static final int MAX_WORDS_BYTES = 3_000;
    private static final int MAX_RESULT_BYTES = 6_000;
    private static final int MAX_TAGS_BYTES = 7_000;
    private static final int MAX_METADATA_BYTES = 24 * 1024;
    private static final int MAX_CONFIG_CHARACTERS = 64 * 1024;

    private final SessionKind kind;
    private final Instant createdAt;
    private final Origin origin;
    private final Set<String> tags;
    private final Map<String, Json> metadata;
    private final ArrayDeque<SessionState.CountedResponse> responses;
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
    private @Nullable String phase;
    private long iteration;
    private long checkpoints;
    private long records;
    private long messages;
    private @Nullable String preview;
    private Tokens tokens;
    private @Nullable BigDecimal costUsd;
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
        phase = from.phase();
        iteration = from.iteration();
        checkpoints = from.checkpoints();
        records = from.records();
        messages = from.messages();
        preview = from.preview();
        tokens = from.tokens();
        costUsd = from.costUsd();
        oddities = from.oddities();
        responses = new ArrayDeque<>(from.recentResponses());
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
                config.title() == null ? null : cut(config.title()),
                List.of(),
                Map.of(),
                opened.config(),
                opened.origin(),
                null,
                0,
                0,
                0,
                0,
                null,
                Tokens.NONE,
                null,
                0,
                List.of()));
        fold.addTags(config.tags());
        fold.addMetadata(config.metadata());
        return fold;
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
                apply(event, record.at());
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
        switch (event) {
            case SegmentOpened opened -> {
                return;
            }
            case Lifecycle lifecycle -> lifecycle(lifecycle, at);
            case Message message -> message(message);
            case UsageRecorded usage -> usage(usage);
            case Annotation annotation -> annotate(annotation);
            case MetadataSet change -> change(change);
            case ConfigChanged changed -> configure(changed);
            case Extension extension -> {}
            case OutputAppended output -> {}
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
                phase,
                iteration,
                checkpoints,
                records,
                messages,
                preview,
                tokens,
                costUsd,
                oddities,
                List.copyOf(responses));
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
            case Lifecycle.Paused paused -> reason = cut(paused.reason());
            case Lifecycle.Resumed resumed -> {}
            case Lifecycle.Completed completed -> {
                summary = cut(completed.summary());
                result = small(completed.result());
            }
            case Lifecycle.Failed failed -> {
                error = cut(failed.error());
                result = small(failed.detail());
            }
            case Lifecycle.Cancelled cancelled -> reason = cut(cancelled.reason());
        }
        if (status.isFinal()) {
            completedAt = at;
        }
    }

    private void message(Message message) {
        messages++;
        if (preview == null && message.role() == Role.USER) {
            String folded = fold(message.text());
            preview = folded.isEmpty() ? null : folded;
        }
    }

    private void usage(UsageRecorded usage) {
        String given = usage.responseId();
        String id = given == null ? null : shortened(given);
        SessionState.CountedResponse before = null;
        if (id != null) {
            before = responses.stream()
                    .filter(r -> r.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }
        Tokens counted = before == null ? Tokens.NONE : before.tokens();
        Tokens largest = counted.max(usage.tokens());
        tokens = tokens.plus(largest.minus(counted));
        BigDecimal reported = usage.costUsd();
        BigDecimal cost = reported == null ? null : reported.round(MathContext.DECIMAL128);
        BigDecimal costBefore = before == null ? null : before.costUsd();
        BigDecimal largestCost = cost == null ? costBefore : costBefore == null ? cost : cost.max(costBefore);
        if (largestCost != null) {
            BigDecimal sum = costUsd == null ? BigDecimal.ZERO : costUsd;
            costUsd = sum.add(largestCost)
                    .subtract(costBefore == null ? BigDecimal.ZERO : costBefore)
                    .round(MathContext.DECIMAL128);
        }
        if (id != null) {
            responses.removeIf(r -> r.id().equals(id));
            responses.add(new SessionState.CountedResponse(id, largest, largestCost));
            if (responses.size() > SessionState.REMEMBERED_RESPONSES) {
                responses.poll();
            }
        }
    }

    private void annotate(Annotation annotation) {
        switch (annotation) {
            case Annotation.TitleSet set -> title = cut(set.title());
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
                    && tagBytes() + storedBytes(tag) + 3 <= MAX_TAGS_BYTES;
            if (fits) {
                tags.add(tag);
            } else {
                oddities += tags.contains(tag) ? 0 : 1;
            }
        }
    }

    private int tagBytes() {
        return tags.stream().mapToInt(tag -> storedBytes(tag) + 3).sum();
    }

    private void change(MetadataSet change) {
        change.unset().forEach(metadata::remove);
        addMetadata(change.set());
    }

    private void addMetadata(Map<String, Json> added) {
        added.forEach((key, value) -> {
            Json before = metadata.put(key, value);
            if (metadataBytes() > MAX_METADATA_BYTES) {
                oddities++;
                if (before == null) {
                    metadata.remove(key);
                } else {
                    metadata.put(key, before);
                }
            }
        });
    }

    private long metadataBytes() {
        long bytes = 0;
        for (Map.Entry<String, Json> entry : metadata.entrySet()) {
            bytes += storedBytes(entry.getKey()) + entry.getValue().text().getBytes(StandardCharsets.UTF_8).length + 4;
        }
        return bytes;
    }

    private void configure(ConfigChanged change) {
        try {
            JsonNode merged = merge(config.toNode(), change.patch().toNode());
            Json patched = Json.parse(merged.toString());
            SessionConfig changed = SessionConfig.of(patched);
            if (patched.text().length() <= MAX_CONFIG_CHARACTERS && changed.kind() == kind) {
                config = patched;
            } else {
                oddities++;
            }
        } catch (HoldfastException | JacksonException e) {
            oddities++;
        }
    }

    /** JSON merge patch, RFC 7396. */
    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged =
                target instanceof ObjectNode object ? object : Json.mapper().createObjectNode();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                merged.remove(change.getKey());
            } else {
                JsonNode before = merged.get(change.getKey());
                merged.set(
                        change.getKey(),
                        merge(before == null ? Json.mapper().createObjectNode() : before, change.getValue()));
            }
        });
        return merged;
    }

    private static @Nullable Json small(@Nullable Json value) {
        return value == null || value.text().getBytes(StandardCharsets.UTF_8).length > MAX_RESULT_BYTES ? null : value;
    }

    /** An id that is too long to be remembered is remembered by its hash. */
    private static String shortened(String id) {
        return storedBytes(id) <= MAX_RESPONSE_ID
                ? id
                : UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Cuts a text to its share of the state, between two characters. */
    private static String cut(String text) {
        if (storedBytes(text) <= MAX_WORDS_BYTES) {
            return text;
        }
        int bytes = 3;
        int end = 0;
        while (true) {
            int c = text.codePointAt(end);
            bytes += storedBytes(c);
            if (bytes > MAX_WORDS_BYTES) {
                return text.substring(0, end) + "…";
            }
            end += Character.charCount(c);
        }
    }

    private static int storedBytes(String text) {
        return text.codePoints().map(Fold::storedBytes).sum();
    }

    /** How many bytes a character takes in a JSON string, at most. */
    private static int storedBytes(int c) {
        if (c < 0x20 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            return 6;
        }
        if (c < 0x80) {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        return c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static String beginning(String text, int length) {
        boolean splits = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, splits ? length - 1 : length);
    }

    private static String fold(String text) {
        String start = text.length() > 10_000 ? beginning(text, 10_000) : text;
        String folded = start.strip().replaceAll("\\s+", " ");
        return folded.length() <= PREVIEW_CHARACTERS ? folded : beginning(folded, PREVIEW_CHARACTERS) + "…";
    }
}
