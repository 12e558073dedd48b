package dev.holdfast.travel;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * One HTML page: no scripts, no links, nothing loaded. Its policy allows nothing but its own style, by that style's digest;
 * so even a fault in the escaping could neither run nor send anything.
 */
final class HtmlPage implements Page {
    private static final String STYLE = """

            :root { color-scheme: light dark; --line: #8884; --soft: #8882; }
            body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5; font-family: system-ui, sans-serif; }
            h1, h2 { line-height: 1.2; overflow-wrap: anywhere; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--line); }
            td { overflow-wrap: anywhere; }
            section { border-left: 3px solid var(--line); padding-left: 1rem; margin: 1.5rem 0; }
            header { font-weight: 600; }
            header small, .remark { font-weight: 400; opacity: .7; }
            .text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .75rem; border-radius: .25rem; }
            summary { cursor: pointer; overflow-wrap: anywhere; }
            """;

    private final Writer out;
    private boolean speaking;

    HtmlPage(Writer out) {
        this.out = out;
    }

    @Override
    public void begin(String title, Map<String, String> facts) throws IOException {
        String digest =
                Base64.getEncoder().encodeToString(Packing.sha256().digest(STYLE.getBytes(StandardCharsets.UTF_8)));
        out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + digest + "'; base-uri 'none'; form-action 'none'\">\n");
        out.write("<meta name=\"referrer\" content=\"no-referrer\">\n");
        out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.write("<title>" + line(title) + "</title>\n<style>" + STYLE + "</style>\n</head>\n<body>\n");
        out.write("<h1>" + line(title) + "</h1>\n");
        table(facts);
    }

    @Override
    public void speaker(String who, String when, String with) throws IOException {
        endSpeaker();
        out.write("<section>\n<header>" + line(who) + " <small>" + line(when)
                + (with.isEmpty() ? "" : ", " + line(with)) + "</small></header>\n");
        speaking = true;
    }

    @Override
    public void text(String text) throws IOException {
        out.write("<div class=\"text\">" + escaped(Clean.text(text).stripTrailing()) + "</div>\n");
    }

    @Override
    public void folded(String summary, String content) throws IOException {
        // A parser drops the first line break of a pre.
        out.write("<details><summary>" + line(summary) + "</summary>\n<pre>\n" + escaped(Clean.text(content))
                + "</pre>\n</details>\n");
    }

    @Override
    public void remark(String when, String what) throws IOException {
        endSpeaker();
        out.write("<p class=\"remark\">" + line(when) + " " + line(what) + "</p>\n");
    }

    @Override
    public void end(String title, Map<String, String> facts) throws IOException {
        endSpeaker();
        out.write("<h2>" + line(title) + "</h2>\n");
        table(facts);
        out.write("</body>\n</html>\n");
    }

    private void endSpeaker() throws IOException {
        out.write(speaking ? "</section>\n" : "");
        speaking = false;
    }

    private void table(Map<String, String> facts) throws IOException {
        out.write("<table>\n");
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            out.write("<tr><th>" + line(fact.getKey()) + "</th><td>" + line(fact.getValue()) + "</td></tr>\n");
        }
        out.write("</table>\n");
    }

    private static String line(String text) {
        return escaped(Clean.line(text));
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + text.length() / 16 + 16);
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
