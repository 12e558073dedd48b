package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Origin;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;

/** Says in words why a segment, or a session, exists. The text is foreign: clean it before it is shown. */
final class Origins {
    private Origins() {}

    /**
     * The words.
     *
     * @param session the session that has it: positions in it are shown without its id
     */
    static String text(Origin origin, SessionId session) {
        return switch (origin) {
            case Origin.Fresh fresh -> "fresh";
            case Origin.RolledOver rolled -> "rolled over";
            case Origin.Recovered recovered -> recovered.repaired() ? "repaired" : "recovered";
            case Origin.Forked forked ->
                (forked.relation().isEmpty() ? "forked from " : forked.relation() + " of ") + forked.position();
            case Origin.Compacted compacted ->
                "compacted"
                        + (compacted.kept().isEmpty()
                                ? ""
                                : ", " + Text.number(compacted.kept().size(), "record") + " kept");
            case Origin.Rewound rewound -> "rewound to " + brief(rewound.position(), session);
            case Origin.Restored restored -> "restored from the checkpoint at " + brief(restored.position(), session);
            case Origin.Imported imported ->
                "imported from " + imported.system() + " " + imported.id()
                        + (imported.parent().isEmpty()
                                ? ""
                                : ", " + (imported.relation().isEmpty() ? "child" : imported.relation()) + " of "
                                        + imported.parent());
            case Origin.Other other -> other.data().text();
        };
    }

    private static String brief(String position, SessionId session) {
        try {
            return Positions.shown(Position.parse(position), session);
        } catch (HoldfastException e) {
            // From a log that another program wrote: shown as it stands.
            return position;
        }
    }
}
