package dev.holdfast.bench;

import java.util.Random;

/** Text that compresses and escapes about as transcripts do. */
final class Words {
    private static final String[] SOME = {
        "the",
        "parser",
        "returns",
        "null",
        "when",
        "file",
        "is",
        "empty",
        "so",
        "test",
        "fails",
        "I",
        "will",
        "change",
        "method",
        "and",
        "run",
        "again",
        "error",
        "in",
        "line",
        "session",
        "state",
        "branch",
        "commit",
        "record",
        "\"key\":",
        "{}",
        "\n    ",
        "\t",
        "->",
        "// see",
        "path/to/file.java",
        "assertThat(found)",
        "größer"
    };

    private Words() {}

    /** Returns text whose JSON form, without its quotes, has so many bytes. */
    static String text(Random random, int bytes) {
        StringBuilder text = new StringBuilder(bytes);
        int used = 0;
        while (used < bytes) {
            String word = SOME[random.nextInt(SOME.length)];
            int need = jsonBytes(word) + 1;
            if (used + need <= bytes) {
                text.append(word).append(' ');
                used += need;
            } else {
                text.append('.');
                used++;
            }
        }
        return text.toString();
    }

    private static int jsonBytes(String word) {
        int bytes = 0;
        for (int k = 0; k < word.length(); k++) {
            char c = word.charAt(k);
            bytes += c == '"' || c == '\n' || c == '\t' || c > 0x7f ? 2 : 1;
        }
        return bytes;
    }
}
