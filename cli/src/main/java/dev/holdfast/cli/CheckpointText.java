package dev.holdfast.cli;

import dev.holdfast.event.Json;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.SessionView;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Shows checkpoints, as words or as JSON. The words are foreign: clean them before they are shown. */
final class CheckpointText {
    private CheckpointText() {}

    /** How messages name one. */
    static String name(Checkpoint checkpoint) {
        return "checkpoint " + checkpoint.number()
                + (checkpoint.label().isEmpty() ? "" : " (" + checkpoint.label() + ")");
    }

    /** Where it stands to what the session is now. */
    static String standing(Checkpoint checkpoint, boolean damaged) {
        List<String> words = new ArrayList<>();
        if (damaged) {
            words.add("damaged");
        }
        words.add(checkpoint.current() ? "current" : "left behind");
        if (!checkpoint.resumable()) {
            words.add("not resumable");
        }
        if (checkpoint.pruned()) {
            words.add("pruned");
        }
        return String.join(", ", words);
    }

    /** Where to go instead of a damaged one. */
    static String older(SessionView view, Checkpoint damaged) {
        return view.checkpoints().reversed().stream()
                .filter(each -> each.number() < damaged.number() && each.resumable() && !view.isDamaged(each))
                .findFirst()
                .map(each -> "the next older intact one is " + name(each) + ": holdfast restore " + view.id() + " "
                        + each.number())
                .orElse("no older one is intact; `holdfast rewind POSITION` goes back without a state");
    }

    /** Every field but the state and whether it is damaged, for which it would have to be loaded. */
    static ObjectNode json(Checkpoint checkpoint) {
        ObjectNode out = Json.mapper()
                .createObjectNode()
                .put("id", checkpoint.id())
                .put("number", checkpoint.number())
                .put("label", checkpoint.label())
                .put("at", checkpoint.at().toString())
                .put("iteration", checkpoint.iteration())
                .put("phase", checkpoint.phase())
                .put("resumable", checkpoint.resumable())
                .put("current", checkpoint.current())
                .put("pruned", checkpoint.pruned())
                .put("position", checkpoint.position().toString());
        ObjectNode metadata = out.putObject("metadata");
        checkpoint.metadata().forEach((key, value) -> metadata.set(key, value.toNode()));
        return out;
    }
}
