package dev.holdfast.cli;

import dev.holdfast.session.SessionState;

/** What a session is called in a listing. */
final class Titles {
    private Titles() {}

    /** Its title, else how its first message begins; one harmless line, may be empty. */
    static String of(SessionState state) {
        String title = state.title();
        String preview = state.preview();
        return Text.line(title != null && !title.isBlank() ? title : preview == null ? "" : preview);
    }
}
