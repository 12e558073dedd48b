package dev.holdfast.travel;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Markdown (CommonMark with tables). Text is quoted with every character escaped that could mean something; what is folded
 * stands in a fence longer than any in it.
 */
final class MarkdownPage implements Page {
    private static final String MEANING = "\\`*_[]<>|~&${}!^";
    private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,18})([.)])");

    private final Writer out;

    MarkdownPage(Writer out) {
        this.out = out;
    }

    @Override
    public void begin(String title, Map<String, String> facts) throws IOException {
        out.write("# " + line(title) + "\n\n");
        table(facts);
    }

    @Override
    public void speaker(String who, String when, String with) throws IOException {
        out.write("\n### " + line(who) + "\n\n*" + line(when) + (with.isEmpty() ? "" : ", " + line(with)) + "*\n\n");
    }

    @Override
    public void text(String text) throws IOException {
        String[] lines = Clean.text(text).stripTrailing().split("\n", -1);
        for (int k = 0; k < lines.length; k++) {
            String escaped = indented(lines[k]);
            boolean goesOn = k + 1 < lines.length && !escaped.isEmpty() && !lines[k + 1].isBlank();
            out.write(escaped.isEmpty() ? ">\n" : "> " + escaped + (goesOn ? "\\\n" : "\n"));
        }
        out.write('\n');
    }

    @Override
    public void folded(String summary, String content) throws IOException {
        String text = Clean.text(content);
        String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
        // A line of HTML ends at the blank line; only then does Markdown begin again.
        out.write("<details><summary>" + entities(Clean.line(summary)) + "</summary>\n\n" + fence + "text\n");
        out.write(text);
        out.write((text.endsWith("\n") ? "" : "\n") + fence + "\n\n</details>\n\n");
    }

    @Override
    public void remark(String when, String what) throws IOException {
        out.write("\n*" + line(when) + "* " + line(what) + "\n\n");
    }

    @Override
    public void end(String title, Map<String, String> facts) throws IOException {
        out.write("\n---\n\n## " + line(title) + "\n\n");
        table(facts);
    }

    private void table(Map<String, String> facts) throws IOException {
        out.write("| | |\n|---|---|\n");
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            out.write("| " + line(fact.getKey()) + " | " + line(fact.getValue()) + " |\n");
        }
    }

    private static String line(String text) {
        return escaped(Clean.line(text));
    }

    /** A line that keeps its indentation, which would else make it code. */
    private static String indented(String text) {
        String line = text.stripTrailing();
        StringBuilder out = new StringBuilder(line.length() + 16);
        int k = 0;
        while (k < line.length() && (line.charAt(k) == ' ' || line.charAt(k) == '\t')) {
            out.append(line.charAt(k) == '\t' ? "&nbsp;&nbsp;&nbsp;&nbsp;" : "&nbsp;");
            k++;
        }
        return out.append(escaped(line.substring(k))).toString();
    }

    private static String escaped(String line) {
        StringBuilder out = new StringBuilder(line.length() + 16);
        String rest = line;
        if (!line.isEmpty() && "#+-=:".indexOf(line.charAt(0)) >= 0) {
            out.append('\\').append(line.charAt(0));
            rest = line.substring(1);
        } else {
            var numbered = NUMBERED.matcher(line);
            if (numbered.lookingAt()) {
                out.append(numbered.group(1)).append('\\').append(numbered.group(2));
                rest = line.substring(numbered.end());
            }
        }
        for (int k = 0; k < rest.length(); k++) {
            char c = rest.charAt(k);
            boolean address = c == ':' && rest.startsWith("://", k);
            out.append(address || MEANING.indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return out.toString();
    }

    /** For a place where both HTML and, with some readers, Markdown count: only letters, digits and spaces stay. */
    private static String entities(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            boolean plain = c > 0x7f || c == ' ' || Character.isLetterOrDigit(c);
            out.append(plain ? String.valueOf(c) : "&#" + (int) c + ";");
        }
        return out.toString();
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int k = 0; k < text.length(); k++) {
            run = text.charAt(k) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
