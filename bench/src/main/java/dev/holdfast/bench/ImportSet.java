package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts to import, made by repeating a few under new ids until they are large enough: once as files of the sizes
 * they come in, once as one file that is one session.
 *
 * @param files how many files the set has
 * @param set their directory
 * @param single the one large file
 * @param source what was repeated, in words
 */
record ImportSet(int files, Path set, Path single, String source) {
    private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"([0-9a-f-]{36})\"");
    private static final String ONE_SESSION = "5e551015-0000-4000-8000-000000000001";

    /** A transcript this small would only repeat its session's start. */
    private static final int WORTH_JOINING = 16 * 1024;

    static ImportSet make(Path directory, long bytes, @Nullable Path corpus) throws IOException {
        List<Transcript> templates = Transcript.all(corpus);
        Path set = directory.resolve("set");
        Path single = directory.resolve("single").resolve(ONE_SESSION + ".jsonl");
        Files.createDirectories(set);
        Files.createDirectories(single.resolveSibling(""));
        int files = fill(set, templates, bytes);
        join(
                single,
                templates.stream()
                        .filter(t -> t.isClaude() && t.content().length >= WORTH_JOINING)
                        .toList(),
                bytes);
        return new ImportSet(
                files, set, single, (corpus == null ? "made-up transcripts" : templates.size() + " corpus files"));
    }

    private static int fill(Path set, List<Transcript> templates, long bytes) throws IOException {
        int files = 0;
        long written = 0;
        for (int copy = 0; written < bytes; copy++) {
            NewIds ids = new NewIds(copy);
            for (Transcript template : templates) {
                byte[] content = ids.rewrite(template.content());
                Path file = set.resolve("copy-" + copy).resolve(ids.rewrite(template.name()));
                Files.createDirectories(file.resolveSibling(""));
                Files.write(file, content);
                files++;
                written += content.length;
                if (written >= bytes) {
                    break;
                }
            }
        }
        return files;
    }

    private static void join(Path file, List<Transcript> templates, long bytes) throws IOException {
        Set<String> sessions = new HashSet<>();
        for (Transcript template : templates) {
            Matcher found = SESSION.matcher(new String(template.content(), StandardCharsets.UTF_8));
            while (found.find()) {
                sessions.add(found.group(1));
            }
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            long written = 0;
            for (int copy = 0; written < bytes; copy++) {
                NewIds ids = new NewIds(copy, sessions, ONE_SESSION);
                for (Transcript template : templates) {
                    byte[] content = ids.rewrite(template.content());
                    out.write(content);
                    if (content[content.length - 1] != '\n') {
                        out.write('\n');
                    }
                    written += content.length;
                    if (written >= bytes) {
                        break;
                    }
                }
            }
        }
    }
}
