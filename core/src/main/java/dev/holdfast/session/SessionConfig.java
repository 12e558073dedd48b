package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a session is created with. Immutable; each with-method returns a changed copy.
 *
 * @param kind what kind of history it holds
 * @param title its first title, or null
 * @param project the project it belongs to (a portable id or a path), or null
 * @param agent the agent it belongs to, or null
 * @param tags its first tags
 * @param metadata its first metadata
 * @param workflow the workflow's name, steps or own data, or null
 * @param executionMode {@code direct}, or {@code worktree:<name>}
 * @param maxIterations how many iterations may begin, or null for any number
 * @param focus what to attend to, or null
 * @param options options recorded for whoever runs the session (fail fast, auto merge, collect metrics, verbose, own
 *     ones)
 * @param environment environment values of the run; never logged
 */
public record SessionConfig(
        SessionKind kind,
        @Nullable String title,
        @Nullable String project,
        @Nullable String agent,
        List<String> tags,
        Map<String, Json> metadata,
        @Nullable Json workflow,
        String executionMode,
        @Nullable Integer maxIterations,
        @Nullable String focus,
        Map<String, Json> options,
        Map<String, String> environment) {
    /** Copies the collections and checks the limits. */
    public SessionConfig {
        tags = List.copyOf(tags);
        metadata = copy(metadata);
        options = copy(options);
        environment = copy(environment);
        if (title != null && title.length() > Admission.MAX_TITLE) {
            throw HoldfastException.invalid(
                    "title of " + title.length() + " characters; at most " + Admission.MAX_TITLE);
        }
        tags.forEach(Admission::requireTag);
        if (!executionMode.equals("direct") && !isWorktree(executionMode)) {
            throw HoldfastException.invalid("unknown execution mode \"" + executionMode
                    + "\"; direct or worktree:<name>, where a name has letters, digits and . _ - /");
        }
        if (maxIterations != null && maxIterations < 1) {
            throw HoldfastException.invalid("max iterations is " + maxIterations + "; at least 1, or leave it out");
        }
    }

    private static boolean isWorktree(String mode) {
        return mode.matches("worktree:[A-Za-z0-9_][A-Za-z0-9._/-]{0,127}") && !mode.contains("..");
    }

    /**
     * The configuration of a session with nothing but a kind.
     *
     * @param kind the kind
     * @return the configuration
     */
    public static SessionConfig of(SessionKind kind) {
        return new SessionConfig(
                kind, null, null, null, List.of(), Map.of(), null, "direct", null, null, Map.of(), Map.of());
    }

    /**
     * The configuration of a conversation.
     *
     * @param title its title, or null
     * @return the configuration
     */
    public static SessionConfig conversation(@Nullable String title) {
        return of(SessionKind.CONVERSATION).title(title);
    }

    /**
     * The configuration of a workflow run.
     *
     * @param name the workflow's name, also the title
     * @return the configuration
     */
    public static SessionConfig workflow(String name) {
        return of(SessionKind.WORKFLOW).title(name).workflow(Json.of(Map.of("name", name)));
    }

    /**
     * Changes the title.
     *
     * @param value the title, or null
     * @return a changed copy
     */
    public SessionConfig title(@Nullable String value) {
        return new SessionConfig(
                kind,
                value,
                project,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the project.
     *
     * @param value the project, or null
     * @return a changed copy
     */
    public SessionConfig project(@Nullable String value) {
        return new SessionConfig(
                kind,
                title,
                value,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the agent.
     *
     * @param value the agent, or null
     * @return a changed copy
     */
    public SessionConfig agent(@Nullable String value) {
        return new SessionConfig(
                kind,
                title,
                project,
                value,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the tags.
     *
     * @param value the tags
     * @return a changed copy
     */
    public SessionConfig tags(List<String> value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                value,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the metadata.
     *
     * @param value the metadata
     * @return a changed copy
     */
    public SessionConfig metadata(Map<String, Json> value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                value,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the workflow.
     *
     * @param value name, steps or own data
     * @return a changed copy
     */
    public SessionConfig workflow(@Nullable Json value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                value,
                executionMode,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes the execution mode.
     *
     * @param value {@code direct}, or {@code worktree:<name>}
     * @return a changed copy
     */
    public SessionConfig executionMode(String value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                workflow,
                value,
                maxIterations,
                focus,
                options,
                environment);
    }

    /**
     * Changes how many iterations may begin.
     *
     * @param value at least 1, or null for any number
     * @return a changed copy
     */
    public SessionConfig maxIterations(@Nullable Integer value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                value,
                focus,
                options,
                environment);
    }

    /**
     * Changes the focus.
     *
     * @param value what to attend to, or null
     * @return a changed copy
     */
    public SessionConfig focus(@Nullable String value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                value,
                options,
                environment);
    }

    /**
     * Changes the options.
     *
     * @param value the options
     * @return a changed copy
     */
    public SessionConfig options(Map<String, Json> value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                value,
                environment);
    }

    /**
     * Changes the environment.
     *
     * @param value environment values; never logged
     * @return a changed copy
     */
    public SessionConfig environment(Map<String, String> value) {
        return new SessionConfig(
                kind,
                title,
                project,
                agent,
                tags,
                metadata,
                workflow,
                executionMode,
                maxIterations,
                focus,
                options,
                value);
    }

    /**
     * Returns the stored form.
     *
     * @return a JSON object without absent fields
     */
    public Json toJson() {
        ObjectNode out = Json.mapper().createObjectNode().put("kind", kind.wireName());
        putText(out, "title", title);
        putText(out, "project", project);
        putText(out, "agent", agent);
        if (!tags.isEmpty()) {
            tags.forEach(out.putArray("tags")::add);
        }
        putAll(out, "metadata", metadata);
        if (workflow != null) {
            out.set("workflow", workflow.toNode());
        }
        out.put("executionMode", executionMode);
        if (maxIterations != null) {
            out.put("maxIterations", maxIterations);
        }
        putText(out, "focus", focus);
        putAll(out, "options", options);
        if (!environment.isEmpty()) {
            ObjectNode values = out.putObject("environment");
            environment.forEach(values::put);
        }
        return Json.parse(out.toString());
    }

    /**
     * Reads the stored form. Unknown fields are passed over; they stay in the stored form.
     *
     * @param json the stored form
     * @return the configuration
     * @throws HoldfastException INVALID_ARGUMENT if a field is out of its range
     */
    public static SessionConfig of(Json json) {
        JsonNode in = json.toNode();
        List<String> tags = new ArrayList<>();
        in.path("tags").values().forEach(tag -> tags.add(tag.asString("")));
        Map<String, String> environment = new LinkedHashMap<>();
        in.path("environment")
                .properties()
                .forEach(e -> environment.put(e.getKey(), e.getValue().asString("")));
        return new SessionConfig(
                SessionKind.of(in.path("kind").asString("conversation")),
                textOrNull(in, "title"),
                textOrNull(in, "project"),
                textOrNull(in, "agent"),
                tags,
                values(in.path("metadata")),
                in.hasNonNull("workflow") ? Json.parse(in.path("workflow").toString()) : null,
                in.path("executionMode").asString("direct"),
                in.hasNonNull("maxIterations") ? in.path("maxIterations").asInt() : null,
                textOrNull(in, "focus"),
                values(in.path("options")),
                environment);
    }

    static Map<String, Json> values(JsonNode object) {
        Map<String, Json> values = new LinkedHashMap<>();
        object.properties().forEach(e -> values.put(e.getKey(), Json.of(e.getValue())));
        return values;
    }

    static @Nullable String textOrNull(JsonNode in, String name) {
        return in.hasNonNull(name) ? in.path(name).asString() : null;
    }

    static void putText(ObjectNode out, String name, @Nullable String value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    static void putAll(ObjectNode out, String name, Map<String, Json> values) {
        if (!values.isEmpty()) {
            ObjectNode object = out.putObject(name);
            values.forEach((key, value) -> object.set(key, value.toNode()));
        }
    }

    private static <T> Map<String, T> copy(Map<String, T> map) {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
