package dev.holdfast.file;

import dev.holdfast.log.Fault;
import dev.holdfast.log.LogId;
import dev.holdfast.log.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds what lies between the sessions and belongs to none. Harmless; told so that nobody takes it for one. */
final class Strays {
    private static final Pattern HALF = Pattern.compile("[0-9a-f]{2}");
    private static final int MAX_FAULTS = 1_000;

    private final Layout layout;
    private final Storage storage;
    private final FileBackend backend;
    private final List<Fault> found = new ArrayList<>();

    Strays(Layout layout, Storage storage, FileBackend backend) {
        this.layout = layout;
        this.storage = storage;
        this.backend = backend;
    }

    List<Fault> find() {
        Path sessions = layout.directory(LogId.Kind.SESSION);
        try {
            for (String name : storage.names(layout.root())) {
                if (name.startsWith(".tmp-")) {
                    stray(name, "a file whose writing was cut short");
                }
            }
            for (String half : storage.names(sessions)) {
                if (!HALF.matcher(half).matches()) {
                    stray("sessions/" + half, "no session's directory");
                } else {
                    below(half, storage.names(sessions.resolve(half)));
                }
            }
        } catch (IOException e) {
            throw FileLog.storageFault("cannot list " + sessions, e);
        }
        return found;
    }

    private void below(String half, List<String> names) {
        for (String name : names) {
            String path = "sessions/" + half + "/" + name;
            if (!SessionId.isValid(name)) {
                stray(path, "its name is no session's id");
            } else if (!name.endsWith(half)) {
                stray(path, "the session belongs in sessions/" + name.substring(name.length() - 2));
            } else if (!backend.exists(LogId.of(new SessionId(name)))) {
                stray(path, "a session whose creation was cut short");
            }
        }
    }

    private void stray(String file, String detail) {
        if (found.size() < MAX_FAULTS) {
            found.add(new Fault(file, 0, Fault.Kind.UNREFERENCED, false, detail));
        }
    }
}
