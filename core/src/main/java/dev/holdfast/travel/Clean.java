package dev.holdfast.travel;

import java.util.Locale;
import java.util.regex.Pattern;

/** Makes foreign text harmless to look at: nothing in it moves a cursor, hides, or changes the direction of text. */
final class Clean {
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-?]{0,64}[ -/]{0,8}[@-~]");

    private Clean() {}

    /** Text that keeps its lines and tabs. */
    static String text(String text) {
        String plain = text.indexOf('\u001b') < 0 ? text : COLOURS.matcher(text).replaceAll("");
        plain = plain.replace("\r\n", "\n");
        StringBuilder out = null;
        for (int k = 0; k < plain.length(); k++) {
            char c = plain.charAt(k);
            boolean bad = c != '\n' && c != '\t' && (isHarmful(c) || isLone(plain, k));
            if (bad && out == null) {
                out = new StringBuilder(plain.length() + 16).append(plain, 0, k);
            }
            if (out != null) {
                out.append(bad ? escape(c) : String.valueOf(c));
            }
        }
        return out == null ? plain : out.toString();
    }

    /** Text on one line. */
    static String line(String text) {
        return text(text).replace('\n', ' ').replace('\t', ' ').strip();
    }

    /** JSON that means the same, with what JSON allows but terminals obey escaped. */
    static String json(String json) {
        StringBuilder out = null;
        for (int k = 0; k < json.length(); k++) {
            char c = json.charAt(k);
            boolean bad = c >= '\u007f' && (isHarmful(c) || isLone(json, k));
            if (bad && out == null) {
                out = new StringBuilder(json.length() + 16).append(json, 0, k);
            }
            if (out != null) {
                out.append(bad ? escape(c) : String.valueOf(c));
            }
        }
        return out == null ? json : out.toString();
    }

    private static boolean isLone(String text, int k) {
        char c = text.charAt(k);
        if (Character.isHighSurrogate(c)) {
            return k + 1 == text.length() || !Character.isLowSurrogate(text.charAt(k + 1));
        }
        return Character.isLowSurrogate(c) && (k == 0 || !Character.isHighSurrogate(text.charAt(k - 1)));
    }

    private static boolean isHarmful(char c) {
        return Character.isISOControl(c)
                || c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\ufeff'
                || c == '\u200b'
                || (c >= '\ufff0' && c != '\ufffd');
    }

    private static String escape(char c) {
        return String.format(Locale.ROOT, "\\u%04x", (int) c);
    }
}
