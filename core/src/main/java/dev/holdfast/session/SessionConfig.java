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
 * @param directory where in the project it works, a relative path with {@code /}, or null
 * @param agent the agent it belongs to, or null
 * @param tags its first tags
 * @param metadata its first metadata
 * @param workflow the workflow's name, steps or own data, or null
 * @param executionMode {@code direct}, or {@code worktree:<name>}
 * @param phasePlan the phases of the work, or null for the usual ones of the kind
 * @param retry how often items are tried, or null for {@link RetryPolicy#USUAL}
 * @param maxIterations how many iterations may begin, or null for any number
 * @param focus what to attend to, or null
 * @param options options recorded for whoever runs the session (fail fast, auto merge, collect metrics, verbose, own
 *     ones)
 * @param environment environment values of the run; {@link #toString} and the command line show their names only
 */
public record SessionConfig(
        SessionKind kind,
        @Nullable String title,
        @Nullable String project,
        @Nullable String directory,
        @Nullable String agent,
        List<String> tags,
        Map<String, Json> metadata,
        @Nullable Json workflow,
        String executionMode,
        @Nullable PhasePlan phasePlan,
        @Nullable RetryPolicy retry,
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
        if (directory != null) {
            requireRelative("directory", directory);
        }
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
                kind, null, null, null, null, List.of(), Map.of(), null, "direct", null, null, null, null, Map.of(),
                Map.of());
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
        Draft draft = new Draft(this);
        draft.title = value;
        return draft.toConfig();
    }

    /**
     * Changes the project.
     *
     * @param value the project, or null
     * @return a changed copy
     */
    public SessionConfig project(@Nullable String value) {
        Draft draft = new Draft(this);
        draft.project = value;
        return draft.toConfig();
    }

    /**
     * Changes the agent.
     *
     * @param value the agent, or null
     * @return a changed copy
     */
    public SessionConfig agent(@Nullable String value) {
        Draft draft = new Draft(this);
        draft.agent = value;
        return draft.toConfig();
    }

    /**
     * Changes the tags.
     *
     * @param value the tags
     * @return a changed copy
     */
    public SessionConfig tags(List<String> value) {
        Draft draft = new Draft(this);
        draft.tags = value;
        return draft.toConfig();
    }

    /**
     * Changes the metadata.
     *
     * @param value the metadata
     * @return a changed copy
     */
    public SessionConfig metadata(Map<String, Json> value) {
        Draft draft = new Draft(this);
        draft.metadata = value;
        return draft.toConfig();
    }

    /**
     * Changes the workflow.
     *
     * @param value name, steps or own data
     * @return a changed copy
     */
    public SessionConfig workflow(@Nullable Json value) {
        Draft draft = new Draft(this);
        draft.workflow = value;
        return draft.toConfig();
    }

    /**
     * Changes the execution mode.
     *
     * @param value {@code direct}, or {@code worktree:<name>}
     * @return a changed copy
     */
    public SessionConfig executionMode(String value) {
        Draft draft = new Draft(this);
        draft.executionMode = value;
        return draft.toConfig();
    }

    /**
     * Changes how many iterations may begin.
     *
     * @param value at least 1, or null for any number
     * @return a changed copy
     */
    public SessionConfig maxIterations(@Nullable Integer value) {
        Draft draft = new Draft(this);
        draft.maxIterations = value;
        return draft.toConfig();
    }

    /**
     * Changes the focus.
     *
     * @param value what to attend to, or null
     * @return a changed copy
     */
    public SessionConfig focus(@Nullable String value) {
        Draft draft = new Draft(this);
        draft.focus = value;
        return draft.toConfig();
    }

    /**
     * Changes the options.
     *
     * @param value the options
     * @return a changed copy
     */
    public SessionConfig options(Map<String, Json> value) {
        Draft draft = new Draft(this);
        draft.options = value;
        return draft.toConfig();
    }

    /**
     * Changes the environment.
     *
     * @param value environment values; never logged
     * @return a changed copy
     */
    public SessionConfig environment(Map<String, String> value) {
        Draft draft = new Draft(this);
        draft.environment = value;
        return draft.toConfig();
    }

    /**
     * Changes where in the project the session works.
     *
     * @param value a relative path with {@code /}, or null
     * @return a changed copy
     */
    public SessionConfig directory(@Nullable String value) {
        Draft draft = new Draft(this);
        draft.directory = value;
        return draft.toConfig();
    }

    /**
     * Changes the phase plan.
     *
     * @param value the phases of the work, or null for the usual ones of the kind
     * @return a changed copy
     */
    public SessionConfig phasePlan(@Nullable PhasePlan value) {
        Draft draft = new Draft(this);
        draft.phasePlan = value;
        return draft.toConfig();
    }

    /**
     * Changes how often items are tried.
     *
     * @param value the policy, or null for the usual one
     * @return a changed copy
     */
    public SessionConfig retry(@Nullable RetryPolicy value) {
        Draft draft = new Draft(this);
        draft.retry = value;
        return draft.toConfig();
    }

    /**
     * Returns the plan that holds: the configured one, else the usual one of the kind.
     *
     * @return the plan
     */
    public PhasePlan plan() {
        return phasePlan == null ? PhasePlan.of(kind) : phasePlan;
    }

    /**
     * Returns the retry policy that holds.
     *
     * @return the policy
     */
    public RetryPolicy retryPolicy() {
        return retry == null ? RetryPolicy.USUAL : retry;
    }

    /**
     * Returns the hash of the workflow's definition. The order of fields and white space do not count.
     *
     * @return 64 hexadecimal digits, or null if there is no workflow
     */
    public @Nullable String workflowHash() {
        return workflow == null ? null : WorkflowHash.of(workflow);
    }

    /**
     * Returns the hash of a workflow's definition, to compare with {@link #workflowHash()}.
     *
     * @param workflow the definition
     * @return 64 hexadecimal digits
     */
    public static String workflowHash(Json workflow) {
        return WorkflowHash.of(workflow);
    }

    /**
     * Describes the configuration without the values of its environment.
     *
     * @return text for people
     */
    @Override
    public String toString() {
        ObjectNode out = (ObjectNode) toJson().toNode();
        if (out.path("environment") instanceof ObjectNode values) {
            environment.keySet().forEach(name -> values.put(name, "..."));
        }
        return out.toString();
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
        putText(out, "directory", directory);
        putText(out, "agent", agent);
        if (!tags.isEmpty()) {
            tags.forEach(out.putArray("tags")::add);
        }
        putAll(out, "metadata", metadata);
        if (workflow != null) {
            out.set("workflow", workflow.toNode());
        }
        out.put("executionMode", executionMode);
        if (phasePlan != null) {
            out.set("phasePlan", phasePlan.toJson().toNode());
        }
        if (retry != null) {
            out.set("retry", retry.toJson().toNode());
        }
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
                textOrNull(in, "directory"),
                textOrNull(in, "agent"),
                tags,
                values(in.path("metadata")),
                in.hasNonNull("workflow") ? Json.parse(in.path("workflow").toString()) : null,
                in.path("executionMode").asString("direct"),
                in.hasNonNull("phasePlan") ? PhasePlan.of(Json.of(in.path("phasePlan"))) : null,
                in.hasNonNull("retry") ? RetryPolicy.of(in.path("retry")) : null,
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

    /** A path that means the same wherever the project is. */
    static void requireRelative(String what, String path) {
        boolean inside = !path.isBlank()
                && !path.startsWith("/")
                && path.indexOf('\\') < 0
                && !path.matches("[A-Za-z]:.*")
                && path.chars().noneMatch(Character::isISOControl)
                && List.of(path.split("/", -1)).stream().noneMatch(part -> part.isEmpty() || part.equals(".."));
        if (!inside) {
            throw HoldfastException.invalid(what + " \"" + path.replaceAll("\\p{Cntrl}", "?")
                    + "\" is not a path inside the project; relative, with / between its parts and without ..");
        }
    }

    /** A configuration in the making. */
    private static final class Draft {
        private final SessionConfig from;
        private @Nullable String title;
        private @Nullable String project;
        private @Nullable String directory;
        private @Nullable String agent;
        private List<String> tags;
        private Map<String, Json> metadata;
        private @Nullable Json workflow;
        private String executionMode;
        private @Nullable PhasePlan phasePlan;
        private @Nullable RetryPolicy retry;
        private @Nullable Integer maxIterations;
        private @Nullable String focus;
        private Map<String, Json> options;
        private Map<String, String> environment;

        Draft(SessionConfig from) {
            this.from = from;
            title = from.title;
            project = from.project;
            directory = from.directory;
            agent = from.agent;
            tags = from.tags;
            metadata = from.metadata;
            workflow = from.workflow;
            executionMode = from.executionMode;
            phasePlan = from.phasePlan;
            retry = from.retry;
            maxIterations = from.maxIterations;
            focus = from.focus;
            options = from.options;
            environment = from.environment;
        }

        SessionConfig toConfig() {
            return new SessionConfig(
                    from.kind,
                    title,
                    project,
                    directory,
                    agent,
                    tags,
                    metadata,
                    workflow,
                    executionMode,
                    phasePlan,
                    retry,
                    maxIterations,
                    focus,
                    options,
                    environment);
        }
    }
}
