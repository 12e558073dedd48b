package dev.holdfast.cli;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkEvent;
import dev.holdfast.log.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in a line what an event is about. The text is foreign: clean it before it is shown. */
final class EventText {
    private EventText() {}

    /** The line; positions in the session itself are shown without its id. */
    static String of(Event event, SessionId session) {
        return switch (event) {
            case SegmentOpened opened ->
                Origins.text(opened.origin(), session) + ", by "
                        + opened.writer().program() + " " + opened.writer().version();
            case Lifecycle lifecycle -> lifecycle(lifecycle);
            case Message message -> message.text();
            case UsageRecorded usage -> usage(usage);
            case Annotation annotation -> annotation(annotation);
            case MetadataSet metadata ->
                Stream.concat(
                                metadata.unset().stream().map(key -> "-" + key),
                                metadata.set().entrySet().stream()
                                        .map(entry -> entry.getKey() + "="
                                                + entry.getValue().text()))
                        .collect(Collectors.joining(", "));
            case ConfigChanged changed -> withoutValuesOfEnvironment(changed.patch());
            case CheckpointTaken taken ->
                "checkpoint " + taken.number() + (taken.label().isEmpty() ? "" : ": " + taken.label());
            case CheckpointsPruned pruned -> String.join(", ", pruned.ids());
            case Extension extension ->
                extension.namespace() + " " + extension.data().text();
            case OutputAppended output -> new String(output.line(), StandardCharsets.UTF_8);
            case WorkEvent work -> WorkEventText.of(work);
            case Unknown unknown -> unknown.data().text();
        };
    }

    private static String lifecycle(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case Lifecycle.Started started -> "";
            case Lifecycle.Paused paused -> paused.reason();
            case Lifecycle.Resumed resumed -> "";
            case Lifecycle.Completed completed ->
                completed.result() == null ? completed.summary() : completed.summary() + " " + completed.result();
            case Lifecycle.Failed failed -> failed.error();
            case Lifecycle.Cancelled cancelled -> cancelled.reason();
        };
    }

    private static String usage(UsageRecorded usage) {
        Tokens tokens = usage.tokens();
        return tokens.input() + " in, " + tokens.output() + " out, " + tokens.cacheRead() + " from cache, "
                + tokens.cacheWrite() + " to cache"
                + (usage.model() == null ? "" : ", " + usage.model())
                + (usage.costUsd() == null ? "" : ", $" + usage.costUsd().toPlainString());
    }

    private static String annotation(Annotation annotation) {
        return switch (annotation) {
            case Annotation.TitleSet title -> title.title();
            case Annotation.Tagged tagged ->
                Stream.concat(
                                tagged.add().stream().map(tag -> "+" + tag),
                                tagged.remove().stream().map(tag -> "-" + tag))
                        .collect(Collectors.joining(" "));
            case Annotation.Noted noted -> noted.author() == null ? noted.text() : noted.author() + ": " + noted.text();
        };
    }

    private static String withoutValuesOfEnvironment(Json patch) {
        var node = patch.toNode();
        if (node.path("environment") instanceof tools.jackson.databind.node.ObjectNode environment) {
            environment.propertyNames().forEach(name -> environment.put(name, "..."));
        }
        return node.toString();
    }
}
