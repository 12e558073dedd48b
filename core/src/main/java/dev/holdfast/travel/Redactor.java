package dev.holdfast.travel;

import dev.holdfast.HoldfastException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Takes secrets out of one transcript and counts them. Not thread-safe. */
final class Redactor {
    private final Redaction redaction;
    private final Map<String, Long> counts = new TreeMap<>();

    Redactor(Redaction redaction) {
        this.redaction = redaction;
    }

    /** How often each pattern was found. */
    Map<String, Long> counts() {
        return counts;
    }

    String text(String text) {
        String rest = text;
        for (Redaction.Rule rule : redaction.rules()) {
            rest = apply(rule, rest);
        }
        return rest;
    }

    private String apply(Redaction.Rule rule, String text) {
        try {
            Matcher matcher = rule.pattern().matcher(rule.own() ? new Patience(text) : text);
            StringBuilder out = null;
            int copied = 0;
            while (matcher.find()) {
                out = out == null ? new StringBuilder(text.length()) : out;
                out.append(text, copied, rule.own() ? matcher.start() : matcher.end(1));
                out.append(mark(rule.name()));
                copied = matcher.end();
            }
            return out == null ? text : out.append(text, copied, text.length()).toString();
        } catch (StackOverflowError e) {
            throw tooSlow(rule.pattern().pattern());
        } catch (Patience.Ended e) {
            throw tooSlow(rule.pattern().pattern());
        }
    }

    private static HoldfastException tooSlow(String regex) {
        return HoldfastException.invalid("the pattern " + Clean.line(regex)
                + " takes too long on this session; use bounded repetitions, none inside another");
    }

    private String mark(String name) {
        counts.merge(name, 1L, Long::sum);
        return "[redacted:" + name.replace(' ', '-') + "]";
    }

    /** The same tree, changed in place, without the secrets in its texts, names of fields included. */
    JsonNode json(JsonNode node) {
        return json(node, false);
    }

    private JsonNode json(JsonNode node, boolean secret) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(field -> {
                boolean hidden = redaction.fields()
                        && (secret
                                || field.getKey().equals("environment")
                                || Redaction.SECRET_FIELD
                                        .matcher(field.getKey())
                                        .matches());
                copy.set(text(field.getKey()), json(field.getValue(), hidden));
            });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.values().forEach(element -> copy.add(json(element, secret)));
            return copy;
        }
        if (node.isString()) {
            String before = node.stringValue();
            boolean hide = secret && !before.isEmpty();
            String after = hide ? mark("secret") : text(before);
            return after.equals(before) ? node : StringNode.valueOf(after);
        }
        return node;
    }

    /** A text that can be looked at only so often: a pattern that goes back and forth for ever ends. */
    private static final class Patience implements CharSequence {
        private static final long LOOKS = 50_000_000;
        private static final long LOOKS_PER_CHARACTER = 1_000;

        private final String text;
        private long left;

        /** Thrown when the patience is at an end. */
        static final class Ended extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Ended() {
                super("a pattern takes too long", null, false, false);
            }
        }

        Patience(String text) {
            this.text = text;
            this.left = LOOKS + LOOKS_PER_CHARACTER * text.length();
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new Ended();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
