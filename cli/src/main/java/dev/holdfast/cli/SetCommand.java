package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code set}: changes what is said about a session. All changes of one call are one append. */
@CommandLine.Command(
        name = "set",
        description = {
            "Changes a session, all or nothing:",
            "title=TEXT, tag=+TAG, tag=-TAG and note=TEXT at any time, whoever drives it;",
            "meta.KEY=VALUE (JSON, or else a string) and config.KEY=JSON (dots go deeper, null removes) while nobody does."
        },
        footerHeading = "%nExample:%n",
        footer = "  holdfast set 0196f5a2 title=\"Parser split\" tag=+done meta.ticket=PAR-12")
final class SetCommand implements Command {
    @Parameters(index = "0", paramLabel = "ID", description = "The session, or the beginning of its id.")
    String id = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "What to change.")
    List<String> assignments = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "Add a tag. May be repeated.")
    List<String> addTags = new ArrayList<>();

    @Option(names = "--untag", paramLabel = "TAG", description = "Remove a tag. May be repeated.")
    List<String> removeTags = new ArrayList<>();

    @Option(names = "--unset", paramLabel = "KEY", description = "Remove a metadata entry. May be repeated.")
    List<String> unset = new ArrayList<>();

    private final List<Annotation> annotations = new ArrayList<>();
    private final Map<String, Json> metadata = new LinkedHashMap<>();
    private final ObjectNode config = Json.mapper().createObjectNode();

    @Override
    public ExitCode run(Invocation invocation) {
        assignments.stream().map(Assignments::split).forEach(this::read);
        if (!addTags.isEmpty() || !removeTags.isEmpty()) {
            annotations.add(new Annotation.Tagged(addTags, removeTags));
        }
        List<Event> driven = drivenEvents();
        if (annotations.isEmpty() && driven.isEmpty()) {
            throw HoldfastException.invalid("nothing to change is given; see holdfast set --help");
        }
        try (SessionStore store = invocation.open()) {
            SessionId session = store.resolve(id);
            Position position = driven.isEmpty()
                    ? store.annotate(session, annotations.toArray(new Annotation[0]))
                    : append(store, session, driven);
            if (invocation.json()) {
                invocation
                        .out()
                        .json(Json.mapper()
                                .createObjectNode()
                                .put("id", session.value())
                                .put("position", position.toString()));
            } else {
                invocation.out().line(position.toString());
            }
        }
        return ExitCode.DONE;
    }

    private void read(Assignments.Assignment assignment) {
        String key = assignment.key();
        String value = assignment.value();
        if (key.equals("title")) {
            annotations.add(new Annotation.TitleSet(value));
        } else if (key.equals("note")) {
            annotations.add(new Annotation.Noted(value, null));
        } else if (key.equals("tag")) {
            (value.startsWith("-") ? removeTags : addTags).add(value.replaceFirst("^[+-]", ""));
        } else if (key.startsWith("meta.") && key.length() > 5) {
            metadata.put(key.substring(5), Assignments.value(value));
        } else if (key.startsWith("config.")) {
            configure(key.substring(7).split("\\.", -1), value);
        } else {
            throw HoldfastException.invalid("there is no \"" + key
                    + "\" to set; title, tag, note, meta.KEY and config.KEY can be, see holdfast set --help");
        }
    }

    private void configure(String[] path, String value) {
        ObjectNode at = config;
        for (int k = 0; k < path.length - 1; k++) {
            at = at.withObjectProperty(path[k]);
        }
        at.set(path[path.length - 1], Assignments.value(value).toNode());
    }

    private List<Event> drivenEvents() {
        List<Event> events = new ArrayList<>();
        if (!metadata.isEmpty() || !unset.isEmpty()) {
            events.add(new MetadataSet(metadata, unset));
        }
        if (!config.isEmpty()) {
            events.add(new ConfigChanged(Json.of(config)));
        }
        return events;
    }

    private Position append(SessionStore store, SessionId id, List<Event> driven) {
        List<Event> events = new ArrayList<>(annotations);
        events.addAll(driven);
        try (Session session = store.drive(id)) {
            SessionState state = session.state();
            for (Event event : driven) {
                // The fold passes over what does not fit; better to refuse it here than to record it in vain.
                SessionState after = state.apply(event, state.updatedAt());
                if (after.oddities() > state.oddities()) {
                    throw HoldfastException.invalid("the session cannot take " + event.type()
                            + ": a value has the wrong form, or metadata grew over its limit; nothing was recorded");
                }
                state = after;
            }
            return session.append(events.toArray(new Event[0]));
        }
    }
}
