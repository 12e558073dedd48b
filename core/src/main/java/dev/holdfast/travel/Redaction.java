package dev.holdfast.travel;

import dev.holdfast.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What is taken out of a transcript before others see it: patterns of secrets, by name. Nobody can list all forms that a
 * secret may have; look before you publish. Immutable.
 */
public final class Redaction {
    /** Takes out nothing. */
    public static final Redaction NONE = new Redaction(List.of(), false);

    /** Longest pattern of a caller's own, in characters. */
    private static final int MAX_PATTERN = 2_000;

    /** How a secret looks that stands behind its name. Not what was taken out already. */
    private static final String VALUE =
            "(?!\\[redacted:)(?:\\\\?\"[^\"\\\\\r\n]{1,512}|'[^'\r\n]{1,512}|[^\\s\"'&;,<>\\\\]{1,512})";

    private static final String WORDS = "password|passwd|passphrase|pwd";

    /**
     * Every repetition is bounded and none is nested, so no text makes them slow. Group 1 is kept.
     */
    private static final List<Rule> USUAL = List.of(
            rule(
                    "private-key",
                    "()-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?:[\\s\\S]{0,16384}?-----END"
                            + " [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|[A-Za-z0-9+/=\\s\\\\]{0,16384})"),
            rule(
                    "connection-string",
                    "(\\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\\s/:@\"'<>]{0,128}:)(?!\\[redacted:)[^\\s/@\"'<>]{1,256}(?=@)"),
            rule("jwt", "()\\beyJ[A-Za-z0-9_-]{6,2048}\\.eyJ[A-Za-z0-9_-]{6,4096}\\.[A-Za-z0-9_-]{0,2048}"),
            rule("github-token", "()\\b(?:gh[opusr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})"),
            rule("aws-key", "()\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])"),
            rule("api-key", "()\\bsk-[A-Za-z0-9_-]{16,255}"),
            rule("slack-token", "()\\bxox[abeoprs]-[A-Za-z0-9-]{10,255}"),
            rule("google-key", "()\\bAIza[A-Za-z0-9_-]{35}"),
            rule("bearer-token", "(?i)(\\bbearer[ \\t]{1,8})(?!\\[redacted:)[A-Za-z0-9._~+/=-]{12,4096}"),
            rule("password", "(?i)((?:" + WORDS + ")\\\\?[\"']?[ \\t]{0,4}[:=][ \\t]{0,4})" + VALUE),
            rule(
                    "secret",
                    "(\\b[A-Z0-9_]{0,64}(?:SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)[A-Z0-9_]{0,32}"
                            + "[ \\t]{0,4}=[ \\t]{0,4})" + VALUE),
            rule(
                    "secret",
                    "((?:api_?key|secret(?:_?(?:access)?_?key)?|access_?token|auth_?token|client_?secret)"
                            + "\\\\?[\"'][ \\t]{0,4}:[ \\t]{0,4})" + VALUE));

    /** What a JSON field is called whose value is a secret, whatever it looks like. */
    static final Pattern SECRET_FIELD = Pattern.compile("(?i)(?:.{0,64}[_-])?(?:" + WORDS
            + "|secret|token|api_?key|apikey|secret_?key|secret_?access_?key|access_?key|access_?token|auth_?token"
            + "|refresh_?token|client_?secret|private_?key|authorization)");

    private final List<Rule> rules;
    private final boolean fields;

    /**
     * One pattern.
     *
     * @param name what it finds
     * @param pattern how that looks
     * @param own whether it is a caller's own: then all of a match goes, and nobody vouches for its speed
     */
    record Rule(String name, Pattern pattern, boolean own) {}

    private Redaction(List<Rule> rules, boolean fields) {
        this.rules = rules;
        this.fields = fields;
    }

    private static Rule rule(String name, String regex) {
        return new Rule(name, Pattern.compile(regex), false);
    }

    /**
     * The usual patterns: keys and tokens of well-known services, private keys, bearer tokens and JWTs, passwords behind
     * their names or in addresses, and values of variables and fields that are called secret, token or key.
     *
     * @return the redaction
     */
    public static Redaction usual() {
        return new Redaction(USUAL, true);
    }

    /**
     * Adds a pattern. Each match is taken out; a text on which it takes very long is refused.
     *
     * @param regex a regular expression of Java
     * @return a changed copy
     * @throws HoldfastException INVALID_ARGUMENT if it is none, or matches the empty text
     */
    public Redaction pattern(String regex) {
        if (regex.length() > MAX_PATTERN) {
            throw HoldfastException.invalid("a pattern of " + regex.length() + " characters; at most " + MAX_PATTERN);
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            if (pattern.matcher("").find()) {
                throw HoldfastException.invalid(
                        "the pattern " + Clean.line(regex) + " matches the empty text, so it would match everywhere");
            }
            List<Rule> more = new ArrayList<>(rules);
            more.add(new Rule("pattern " + (1 + rules.stream().filter(Rule::own).count()), pattern, true));
            return new Redaction(List.copyOf(more), fields);
        } catch (PatternSyntaxException e) {
            throw HoldfastException.invalid(
                    "not a regular expression: " + Clean.line(regex) + ", " + e.getDescription());
        }
    }

    List<Rule> rules() {
        return rules;
    }

    /** Whether values of JSON fields go by the field's name. */
    boolean fields() {
        return fields;
    }
}
