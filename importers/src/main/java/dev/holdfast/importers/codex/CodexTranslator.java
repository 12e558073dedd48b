package dev.holdfast.importers.codex;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Message;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.importers.source.Extensions;
import dev.holdfast.importers.source.Identities;
import dev.holdfast.importers.source.Probe;
import dev.holdfast.importers.source.SourceRecord;
import dev.holdfast.importers.source.SourceSession;
import dev.holdfast.importers.source.Target;
import dev.holdfast.importers.source.Translator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Translates one rollout of the Codex CLI. */
final class CodexTranslator implements Translator {
    private static final String SYSTEM = CodexProbe.SYSTEM;
    private static final String DUPLICATE = "duplicate-of-response-item";
    private static final int MAX_TITLE = 1_000;

    private final SourceSession session;
    private final Identities identities = new Identities();
    private final Twins twins = new Twins();
    private final Replay replay;
    private final CodexUsage usage;
    private Instant lastTime;
    private @Nullable String model;

    CodexTranslator(SourceSession session, ObjectNode header) {
        this.session = session;
        this.replay = new Replay(session.sourceId(), session.firstMillis(), header);
        this.usage = new CodexUsage(!session.relation().isEmpty());
        this.lastTime = session.first();
    }

    @Override
    public SourceSession primary() {
        return session;
    }

    @Override
    public SourceSession current() {
        return session;
    }

    @Override
    public void translate(SourceRecord record, Target target) {
        ObjectNode tree = record.tree();
        JsonNode payload = tree.path("payload");
        String type = requireNonNullElse(Probe.text(tree, "type"), "record");
        Instant time = CodexProbe.time(tree, "timestamp");
        lastTime = time == null ? lastTime : time;
        record.identify(identities.next(record.fingerprint()), lastTime, null, replay.repeats(type, payload, time));
        target.ensure(session);
        twins.step()
                .forEach(
                        alone -> keep(alone, "event_msg." + subtype(alone.tree().path("payload")), target));
        switch (type) {
            case "response_item" -> item(record, payload, target);
            case "event_msg" -> event(record, payload, target);
            case "compacted" -> {
                target.compact(session, record, summary(payload), List.of());
                keep(record, type, target);
            }
            case "turn_context" -> {
                String named = Probe.word(payload, "model");
                model = named == null ? model : named;
                keep(record, type, target);
            }
            default -> keep(record, type, target);
        }
    }

    @Override
    public void end(Target target) {
        twins.rest()
                .forEach(
                        alone -> keep(alone, "event_msg." + subtype(alone.tree().path("payload")), target));
    }

    private void item(SourceRecord record, JsonNode payload, Target target) {
        if (CodexItems.isEmptyReasoning(payload)) {
            target.skip(record, "empty-reasoning");
            return;
        }
        pair(payload, target);
        Message message = CodexItems.message(payload, model);
        if (message == null) {
            keep(record, "response_item." + subtype(payload), target);
        } else {
            emit(record, message, target);
        }
    }

    /** Skips the events that said the same before. */
    private void pair(JsonNode payload, Target target) {
        String role = subtype(payload).equals("reasoning") ? "reasoning" : Probe.text(payload, "role");
        if (role == null) {
            return;
        }
        List<String> texts = new ArrayList<>(CodexItems.texts(payload));
        if (texts.size() > 1) {
            texts.add(String.join("\n", texts));
        }
        for (String text : texts) {
            SourceRecord twin = twins.item(Twins.key(role, text));
            if (twin != null) {
                target.skip(twin, DUPLICATE);
            }
        }
    }

    private void event(SourceRecord record, JsonNode payload, Target target) {
        switch (subtype(payload)) {
            case "token_count" -> tokens(record, payload, target);
            case "user_message" -> twin(record, "user", Probe.text(payload, "message"), target);
            case "agent_message" -> twin(record, "assistant", Probe.text(payload, "message"), target);
            case "agent_reasoning" -> twin(record, "reasoning", Probe.text(payload, "text"), target);
            case "thread_name_updated" -> {
                String name = Probe.text(payload, "thread_name");
                if (name == null || name.isBlank() || name.length() > MAX_TITLE) {
                    keep(record, "event_msg.thread_name_updated", target);
                } else {
                    emit(record, new Annotation.TitleSet(name), target);
                }
            }
            case String other -> keep(record, "event_msg." + other, target);
        }
    }

    private void twin(SourceRecord record, String role, @Nullable String text, Target target) {
        if (text == null) {
            keep(record, "event_msg." + subtype(record.tree().path("payload")), target);
            return;
        }
        // Its bytes will be gone when it turns out that no item says the same.
        record.raw();
        if (twins.event(record, Twins.key(role, text))) {
            target.skip(record, DUPLICATE);
        }
    }

    private void tokens(SourceRecord record, JsonNode payload, Target target) {
        Tokens used = usage.next(payload.path("info"));
        if (used == null) {
            target.skip(record, "token-count-without-total");
        } else if (record.isCopied()) {
            target.skip(record, "usage-of-copied-history");
        } else if (used.equals(Tokens.NONE)) {
            target.skip(record, "unchanged-token-count");
        } else {
            emit(record, new UsageRecorded(used, model, null, null), target);
        }
    }

    /** Newer versions leave the message empty and give the history that replaces the old one. */
    private static String summary(JsonNode payload) {
        String message = Probe.text(payload, "message");
        if (message != null && !message.isBlank()) {
            return message;
        }
        List<String> texts = new ArrayList<>();
        payload.path("replacement_history").values().forEach(item -> texts.addAll(CodexItems.texts(item)));
        return String.join("\n\n", texts);
    }

    private void keep(SourceRecord record, String kind, Target target) {
        emit(record, Extensions.of(SYSTEM, kind, record.raw()), target);
    }

    private void emit(SourceRecord record, Event event, Target target) {
        target.emit(session, record, event);
        target.settle(record);
    }

    private static String subtype(JsonNode payload) {
        return requireNonNullElse(Probe.text(payload, "type"), "unknown");
    }
}
