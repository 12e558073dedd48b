package dev.holdfast.session;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The phases of a piece of work and the ways between them. Forward moves follow the edges; back to an earlier phase there
 * is always a way, with a reason. Immutable data, part of a session's configuration.
 *
 * @param name what the plan is called
 * @param phases the phases in their order, none for {@link #FREE}: then any phase may follow any other
 * @param edges from each phase, the later ones that may follow it
 */
public record PhasePlan(String name, List<String> phases, Map<String, List<String>> edges) {
    /** From a specification to the documents. */
    public static final PhasePlan DELIVERY = new PhasePlan(
            "delivery",
            List.of("spec", "plan", "build", "docs", "complete"),
            Map.of(
                    "spec", List.of("plan", "complete"),
                    "plan", List.of("build"),
                    "build", List.of("docs", "complete"),
                    "docs", List.of("complete")));

    /** Setup, then the items, then what comes of them. Map is left only when every item is done, dead or dropped. */
    public static final PhasePlan MAPREDUCE = new PhasePlan(
            "mapreduce",
            List.of("setup", "map", "reduce", "complete"),
            Map.of("setup", List.of("map"), "map", List.of("reduce", "complete"), "reduce", List.of("complete")));

    /** Any phases, any moves. */
    public static final PhasePlan FREE = new PhasePlan("free", List.of(), Map.of());

    private static final int MOST_PHASES = 32;
    private static final String NAME = "[a-z0-9][a-z0-9._-]{0,39}";

    /** Checks that every edge leads from a phase to a later one, and copies the collections. */
    public PhasePlan {
        phases = List.copyOf(phases);
        requireName(name);
        phases.forEach(PhasePlan::requireName);
        if (phases.size() > MOST_PHASES || new HashSet<>(phases).size() < phases.size()) {
            throw HoldfastException.invalid(
                    "phase plan \"" + name + "\" has at most " + MOST_PHASES + " phases, each once");
        }
        if (phases.isEmpty() && !name.equals("free")) {
            throw HoldfastException.invalid("phase plan \"" + name + "\" has no phase; name at least one");
        }
        Map<String, List<String>> copy = new LinkedHashMap<>();
        for (String phase : phases) {
            List<String> next = List.copyOf(edges.getOrDefault(phase, List.of()));
            for (String to : next) {
                if (phases.indexOf(to) <= phases.indexOf(phase)) {
                    throw HoldfastException.invalid("phase plan \"" + name + "\" has no phase \"" + to + "\" behind \""
                            + phase + "\"; edges lead to later phases, back there is always a way");
                }
            }
            if (!next.isEmpty()) {
                copy.put(phase, next);
            }
        }
        for (String from : edges.keySet()) {
            if (!phases.contains(from)) {
                throw HoldfastException.invalid("phase plan \"" + name + "\" has an edge from \"" + from
                        + "\", which is none of its phases " + phases);
            }
        }
        edges = java.util.Collections.unmodifiableMap(copy);
    }

    private static void requireName(String name) {
        if (!name.matches(NAME)) {
            throw HoldfastException.invalid("not the name of a phase or plan: \"" + name
                    + "\"; 1 to 40 lower-case letters, digits and . _ -, beginning with a letter or digit");
        }
    }

    /**
     * A plan in which each phase leads to the next.
     *
     * @param name what it is called
     * @param phases the phases
     * @return the plan
     */
    public static PhasePlan linear(String name, List<String> phases) {
        Map<String, List<String>> edges = new LinkedHashMap<>();
        for (int k = 0; k + 1 < phases.size(); k++) {
            edges.put(phases.get(k), List.of(phases.get(k + 1)));
        }
        return new PhasePlan(name, phases, edges);
    }

    /**
     * The plan of sessions that were given none.
     *
     * @param kind the session's kind
     * @return the plan
     */
    public static PhasePlan of(SessionKind kind) {
        return kind == SessionKind.MAPREDUCE ? MAPREDUCE : FREE;
    }

    /**
     * Tells whether a phase is one of the plan's.
     *
     * @param phase the phase
     * @return true if work may stand there
     */
    public boolean contains(String phase) {
        return phases.isEmpty() ? phase.matches(NAME) : phases.contains(phase);
    }

    /**
     * Says why work may not move, if so.
     *
     * @param from where it stands, or null
     * @param to where it is to go
     * @param reason why, or null
     * @return why not and what is allowed, or null if it may
     */
    public @Nullable String refusal(@Nullable String from, String to, @Nullable String reason) {
        if (!contains(to)) {
            return phases.isEmpty()
                    ? "\"" + to + "\" is no name of a phase: lower-case letters, digits and . _ -"
                    : "plan " + name + " has no phase \"" + to + "\"; its phases are " + String.join(", ", phases);
        }
        if (phases.isEmpty()) {
            return null;
        }
        int at = from == null ? -1 : phases.indexOf(from);
        if (at < 0) {
            return to.equals(phases.getFirst())
                    ? null
                    : "plan " + name + " begins with " + phases.getFirst() + ", not with " + to;
        }
        boolean back = phases.indexOf(to) < at;
        if (back) {
            return reason == null || reason.isBlank()
                    ? "from " + phases.get(at) + " back to " + to + " only with a reason"
                    : null;
        }
        List<String> next = edges.getOrDefault(phases.get(at), List.of());
        if (next.contains(to)) {
            return null;
        }
        String forward =
                next.isEmpty() ? "nothing follows " + phases.get(at) : String.join(" or ", next) + " may follow";
        return "no way from " + phases.get(at) + " to " + to + " in plan " + name + "; " + forward
                + (at == 0 ? "" : ", and an earlier phase with a reason");
    }

    /**
     * Returns the stored form: the name of a built-in plan, else an object.
     *
     * @return the JSON
     */
    public Json toJson() {
        if (equals(DELIVERY) || equals(MAPREDUCE) || equals(FREE)) {
            return Json.of(name);
        }
        ObjectNode out = Json.mapper().createObjectNode().put("name", name);
        phases.forEach(out.putArray("phases")::add);
        // Pairs, not an object: a merge patch replaces an array whole.
        ArrayNode ways = out.putArray("edges");
        edges.forEach(
                (from, next) -> next.forEach(to -> ways.addArray().add(from).add(to)));
        return Json.parse(out.toString());
    }

    /**
     * Reads the stored form. An object without edges is a linear plan.
     *
     * @param json the name of a built-in plan, or an object with name, phases and, if need be, edges: pairs of phases
     * @return the plan
     * @throws HoldfastException INVALID_ARGUMENT if it is no plan
     */
    public static PhasePlan of(Json json) {
        JsonNode in = json.toNode();
        if (in.isString()) {
            return switch (in.stringValue()) {
                case "delivery" -> DELIVERY;
                case "mapreduce" -> MAPREDUCE;
                case "free" -> FREE;
                default ->
                    throw HoldfastException.invalid("unknown phase plan \"" + in.stringValue()
                            + "\"; delivery, mapreduce, free, or an object with name and phases");
            };
        }
        if (!in.isObject() || !in.path("phases").isArray()) {
            throw HoldfastException.invalid("a phase plan is a name or an object with name and phases");
        }
        String name = in.path("name").asString("own");
        List<String> phases = texts(in.path("phases"));
        if (!in.hasNonNull("edges")) {
            return linear(name, phases);
        }
        Map<String, List<String>> edges = new LinkedHashMap<>();
        for (JsonNode edge : in.path("edges").values()) {
            edges.computeIfAbsent(edge.path(0).asString(""), from -> new ArrayList<>())
                    .add(edge.path(1).asString(""));
        }
        return new PhasePlan(name, phases, edges);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.values().forEach(each -> texts.add(each.asString("")));
        return texts;
    }
}
