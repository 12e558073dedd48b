package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.SessionStore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads positions as people write them: with a shortened id, or without the session that is known anyway. */
final class Positions {
    private static final Pattern IN_SESSION = Pattern.compile("([0-9]{1,9})/([0-9]{1,18})");
    private static final Pattern SHORT = Pattern.compile("([0-9a-f-]{1,35})/([0-9]{1,9}/[0-9]{1,18})");

    private Positions() {}

    /** A position of any session: its id, or the beginning of it, then segment and index. */
    static Position parse(String text, SessionStore store) {
        Matcher brief = SHORT.matcher(text);
        return Position.parse(brief.matches() ? store.resolve(brief.group(1)) + "/" + brief.group(2) : text);
    }

    /** A position in the history of a session: SEGMENT/INDEX is its own, any other is of a session it came from. */
    static Position parse(String text, SessionId session, SessionStore store) {
        Matcher brief = IN_SESSION.matcher(text);
        return brief.matches()
                ? new Position(session, Integer.parseInt(brief.group(1)), Long.parseLong(brief.group(2)))
                : parse(text, store);
    }

    /** A position of a session itself. */
    static Position own(String text, SessionId session, SessionStore store) {
        Position position = parse(text, session, store);
        if (!position.session().equals(session)) {
            throw HoldfastException.invalid(
                    "position " + position + " is not in session " + session + "; name a position of that session");
        }
        return position;
    }

    /** A position for people who look at a session: its own without its id, others with the beginning of theirs. */
    static String shown(Position position, SessionId session) {
        String place = position.segment() + "/" + position.index();
        return position.session().equals(session)
                ? place
                : position.session().value().substring(0, ShortIds.ALONE) + "/" + place;
    }
}
