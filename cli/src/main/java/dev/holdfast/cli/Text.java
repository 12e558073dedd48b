package dev.holdfast.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** Makes foreign text fit for a terminal: it can neither move the cursor nor hide, and it has a known width. */
final class Text {
    /** Escape sequences of terminals: CSI, then OSC and its relatives up to their end, then two-byte ones. */
    private static final Pattern ESCAPE_SEQUENCES = Pattern.compile("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]"
            + "|(?:\u001b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\\\|\u009c)"
            + "|\u001b[ -/]*[0-Z\\\\^-~]");

    private Text() {}

    /** One line of harmless text: white space folded. */
    static String line(String text) {
        return clean(text, false).strip();
    }

    /** Harmless text that keeps its lines and tabs. */
    static String block(String text) {
        return clean(text, true);
    }

    private static String clean(String text, boolean lines) {
        String plain = ESCAPE_SEQUENCES.matcher(text).replaceAll("").replace("\r\n", "\n");
        StringBuilder out = new StringBuilder(plain.length());
        boolean blank = false;
        for (int k = 0; k < plain.length(); k++) {
            char c = plain.charAt(k);
            boolean space = c == '\n' || c == '\t';
            if (space && !lines) {
                out.append(blank ? "" : " ");
                blank = true;
                continue;
            }
            blank = c == ' ';
            if (!space && isHarmful(c)) {
                out.append(escape(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** JSON with what JSON allows but terminals obey escaped; it means the same. */
    static String json(String json) {
        StringBuilder escaped = null;
        for (int k = 0; k < json.length(); k++) {
            char c = json.charAt(k);
            boolean harmful = c >= '\u007f' && isHarmful(c);
            if (harmful && escaped == null) {
                escaped = new StringBuilder(json.length() + 16).append(json, 0, k);
            }
            if (escaped != null) {
                escaped.append(harmful ? escape(c) : String.valueOf(c));
            }
        }
        return escaped == null ? json : escaped.toString();
    }

    private static String escape(char c) {
        return String.format(Locale.ROOT, "\\u%04x", (int) c);
    }

    /** Control characters, and those that change the direction of text or end a line in disguise. */
    private static boolean isHarmful(char c) {
        return Character.isISOControl(c)
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || c == '\ufeff';
    }

    /** How many columns a line takes. */
    static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return wide ? 2 : 1;
    }

    /** Cuts a line to so many columns; what is cut shows as an ellipsis. */
    static String cut(String text, int columns) {
        if (text.length() <= columns / 2 || width(text) <= columns) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int k = 0; k < text.length(); k += Character.charCount(text.codePointAt(k))) {
            int c = text.codePointAt(k);
            used += width(c);
            if (used > columns - 1) {
                break;
            }
            out.appendCodePoint(c);
        }
        return out.append('…').toString();
    }

    /** Cuts a line to its last columns: of a path, the end tells most. */
    static String cutStart(String text, int columns) {
        int from = text.length();
        for (int used = 1; from > 0; ) {
            int c = text.codePointBefore(from);
            used += width(c);
            if (used > columns) {
                break;
            }
            from -= Character.charCount(c);
        }
        return width(text) <= columns ? text : "…" + text.substring(from);
    }

    static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - width(text))) + text;
    }

    /** A count in at most five characters: 950, 1.2k, 34M. */
    static String count(long number) {
        if (number < 0) {
            return "-" + count(number == Long.MIN_VALUE ? Long.MAX_VALUE : -number);
        }
        String units = "kMGTPE";
        double value = number;
        int unit = -1;
        while (value >= 999.5 && unit < units.length() - 1) {
            value /= 1000;
            unit++;
        }
        if (unit < 0) {
            return Long.toString(number);
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value) + units.charAt(unit);
    }

    static String bytes(long bytes) {
        return count(bytes) + "B";
    }

    /** A number and its noun: 1 record, 2 records. */
    static String number(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
