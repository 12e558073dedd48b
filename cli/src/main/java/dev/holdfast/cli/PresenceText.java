package dev.holdfast.cli;

import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Presence;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says who drives or drove a session. */
final class PresenceText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z", Locale.ROOT).withZone(ZoneId.systemDefault());

    private PresenceText() {}

    /** The words; empty if nobody drives or died driving. */
    static String of(Presence presence) {
        Holder holder = presence.holder();
        String who = holder == null
                ? "a process that left no word"
                : "process " + holder.pid() + " on " + holder.host() + " since " + TIME.format(holder.since());
        return switch (presence.kind()) {
            case FREE -> "";
            case DRIVEN -> who;
            case ABANDONED -> who + ", which died";
        };
    }
}
