package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads positions as people write them: whole, or without the session that is known anyway. */
final class Positions {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})/([0-9]{1,18})");

    private Positions() {}

    static Position parse(String text, SessionId session) {
        Matcher brief = SHORT.matcher(text);
        Position position = brief.matches()
                ? new Position(session, Integer.parseInt(brief.group(1)), Long.parseLong(brief.group(2)))
                : Position.parse(text);
        if (!position.session().equals(session)) {
            throw HoldfastException.invalid(
                    "position " + position + " is not in session " + session + "; name a position of that session");
        }
        return position;
    }
}
