package dev.holdfast.importers;

import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The transcripts of the tests. */
final class Fixtures {
    static final List<String> ALL = List.of(
            "claude/everything.jsonl",
            "claude/fork.jsonl",
            "codex/rollout.jsonl",
            "codex/fork.jsonl",
            "codex/child.jsonl");

    static final String MAIN = "5b0f6a10-0001-4000-8000-00000000aaaa";
    static final String OTHER = "5b0f6a10-0002-4000-8000-00000000bbbb";
    static final String FORK = "5b0f6a10-0003-4000-8000-00000000cccc";
    static final String ROLLOUT = "019cb0aa-1000-7000-8000-00000000c0de";
    static final String ROLLOUT_FORK = "019cb0bb-1000-7000-8000-00000000f04c";
    static final String ROLLOUT_CHILD = "019cb0cc-1000-7000-8000-00000000ca11";

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream("/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where each line of a transcript ends, its end of line included. */
    static List<Integer> lineEnds(byte[] content) {
        List<Integer> ends = new ArrayList<>();
        for (int k = 0; k < content.length; k++) {
            if (content[k] == '\n') {
                ends.add(k + 1);
            }
        }
        return ends;
    }

    static FileReport imports(SessionStore store, Path file) {
        return imports(store, file, ImportOptions.usual());
    }

    static FileReport imports(SessionStore store, Path file, ImportOptions options) {
        ImportReport report = new Importer(store, options).run(List.of(file), ImportListener.NONE);
        return report.files().getFirst();
    }

    static FileReport imports(SessionStore store, Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return imports(store, file);
    }
}
