package dev.holdfast.travel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.Part;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.Role;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Transcripts are foreign text: they are shown whole, and do nothing. */
class TextExportTest extends TwoStores {
    private static final String EVIL = "</details></pre><script>alert(1)</script><img src=x onerror=alert(1)>"
            + "\n# heading\n### assistant\n---\n===\n- item\n+ item\n1. one\n2) two\n> quote\n    code\n\tcode\n| a | b |\n|---|---|\n"
            + "```\nfence\n``````````\n~~~\n[link](javascript:alert(1)) ![x](http://x/y.png) <http://x> https://evil.example\n"
            + "&lt;b&gt; &#60;b&#62; \\*not* **bold** __b__ ~~s~~ `code` $$x$$ <!-- comment\n<details>\n\n<div>\n]]>\n"
            + "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u202eright\u2066 \u0000\u0085\u2028\ufeff\ud800 end";

    private SessionId evil() {
        return make(here, session -> {
            session.title(EVIL.replaceAll("[\n\u0000]", " ").substring(0, 400));
            session.tag("<b>tag|`");
            session.metadata(Map.of("<i>key|", Json.of(EVIL), "n", Json.parse("[1,{\"<b>\":\"|\"}]")));
            session.start();
            for (Event event : events(EVIL)) {
                session.append(event);
            }
            session.compact(EVIL, List.of());
            session.append(new UsageRecorded(new Tokens(7, 8, 9, 10, 0), EVIL, null, null));
            session.fail(EVIL);
        });
    }

    private static List<Event> events(String text) {
        return List.of(
                Message.user(text),
                new Message(Role.ASSISTANT, List.of(new Part.Text(text), new Part.Reasoning(text)), text, text),
                Message.of(
                        Role.ASSISTANT,
                        new Part.ToolCall(text, text, Json.of(Map.of(text.replace("\ud800", ""), text)))),
                Message.tool("1", Json.of(text)),
                Message.of(Role.TOOL, new Part.ToolResponse("1", Json.of(List.of(text)), true)),
                Message.of(Role.USER, new Part.Blob(text, new byte[10]), new Part.Other(Json.of(Map.of("type", text)))),
                OutputAppended.of(text),
                new Extension("test.any", Json.of(text)),
                new Unknown("later.kind", Json.of(Map.of("k", text))),
                new Annotation.Noted(text, text),
                new Lifecycle.Paused(text));
    }

    private String written(SessionId id, TextExport export) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            export.write(here, id, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertHarmless(String text) {
        assertThat(text.chars().filter(c -> c != '\n' && c != '\t'))
                .noneMatch(c -> Character.isISOControl(c)
                        || (c >= 0x2028 && c <= 0x202e)
                        || (c >= 0x2066 && c <= 0x2069)
                        || c == 0xfeff
                        || c == 0xd800);
    }

    @ParameterizedTest
    @EnumSource(TextFormat.class)
    void nothingInATranscriptReachesATerminal(TextFormat format) {
        SessionId id = evil();
        assertHarmless(written(id, TextExport.of(format)));
        assertHarmless(written(id, TextExport.of(format).redacting(Redaction.usual())));
        SessionId random = make(here, session -> everything(session, RandomEvents.seed()));
        assertHarmless(written(random, TextExport.of(format)));
    }

    /** What may stand in a line outside of fences. Quoted text may hold no character that means anything. */
    private static final Pattern MARKDOWN_LINE = Pattern.compile(
            "|#{1,3} PLAIN|\\*PLAIN\\*( PLAIN)?|>|> (&nbsp;)*PLAIN\\\\?|\\| (PLAIN)?\\| ?(PLAIN)?\\||\\|---\\|---\\|"
                            .replace("PLAIN", "(?:[^\\\\`*_\\[\\]<>|~&$]|\\\\[\\\\`*_\\[\\]<>|~&\\${}!^#+=:.)-])*")
                    + "|<details><summary>[^<>`*_\\[\\]|~\\\\]*</summary>|</details>|---");

    @Test
    void markdownKeepsItsStructureWhateverIsSaid() {
        SessionId id = evil();
        String markdown = written(id, TextExport.of(TextFormat.MARKDOWN));
        int headings = 0;
        int folded = 0;
        String fence = null;
        for (String line : markdown.split("\n", -1)) {
            if (fence != null) {
                fence = line.equals(fence) ? null : fence;
            } else if (line.matches("`{3,}text")) {
                fence = line.substring(0, line.length() - 4);
            } else {
                assertThat(line).matches(MARKDOWN_LINE);
                assertThat(line).doesNotMatch("> (&nbsp;)*([#+=-]|[0-9]+[.)]).*");
                headings += line.startsWith("#") ? 1 : 0;
                folded += line.startsWith("<details>") ? 1 : -0;
            }
        }
        assertThat(fence).as("every fence ends").isNull();
        assertThat(headings).as("title, usage, five messages, a summary").isEqualTo(2 + 6 + 1);
        assertThat(folded).isEqualTo(8);
        assertThat(markdown).contains("\\<script\\>", "> &nbsp;&nbsp;&nbsp;&nbsp;code", "| input tokens | 7 |");
    }

    @Test
    void aFenceIsLongerThanAnyInIt() {
        for (int ticks = 1; ticks < 12; ticks++) {
            String run = "`".repeat(ticks);
            SessionId id = make(here, session -> session.append(Message.tool("1", Json.of("a\n" + run + "\nb"))));
            assertThat(written(id, TextExport.of(TextFormat.MARKDOWN)))
                    .contains("\n" + "`".repeat(Math.max(3, ticks + 1)) + "text\na\n" + run + "\nb\n"
                            + "`".repeat(Math.max(3, ticks + 1)) + "\n");
        }
    }

    @Test
    void htmlHoldsTextAndNothingThatRuns() {
        SessionId id = evil();
        String html = written(id, TextExport.of(TextFormat.HTML));
        String body = html.substring(html.indexOf("<body>"));
        String text = body.replaceAll(
                "</?(?:body|html|h1|h2|table|tr|th|td|section|header|small|details|summary|pre)>|<div class=\"text\">|</div>"
                        + "|<p class=\"remark\">|</p>",
                "");
        assertThat(text).doesNotContain("<", ">", "\"", "'");
        assertThat(text).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        assertThat(text.replaceAll("&(amp|lt|gt|quot|#39);", "")).doesNotContain("&");
        assertThat(html)
                .doesNotContain("<script", "<img", "<a ", "href", "url(")
                .contains("color-scheme: light dark");
        for (String tag : List.of("section", "details", "pre", "table", "div", "p")) {
            assertThat(count(body, "<" + tag + "[ >]")).as(tag).isEqualTo(count(body, "</" + tag + ">"));
        }
        Matcher policy = Pattern.compile("content=\"(default-src 'none'; style-src 'sha256-([^']+)'[^\"]*)\"")
                .matcher(html);
        assertThat(policy.find()).isTrue();
        String style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
        assertThat(Base64.getEncoder().encodeToString(Packing.sha256().digest(style.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(policy.group(2));
        assertThat(policy.group(1)).doesNotContain("unsafe", "*");
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().count();
    }

    @Test
    void jsonLinesHoldEveryRecordWithItsPayloads() {
        SessionId parent = make(here, session -> everything(session, 3));
        SessionId id;
        try (Session fork = here.fork(here.read(parent).last(), "child")) {
            id = fork.id();
            fork.append(Message.user(LARGE));
            fork.compact("summary", List.of());
            fork.append(Message.user("after"));
        }
        List<JsonNode> all = nodes(written(id, TextExport.of(TextFormat.JSONL)));
        assertThat(all).hasSize(lines(here.read(id).history()).size());
        assertThat(all)
                .filteredOn(node -> node.toString().contains("$blob\":{\"sha256\""))
                .isEmpty();
        assertThat(all)
                .filteredOn(node -> node.path("type").asString("").equals("later.kind"))
                .allMatch(node -> node.path("data").toString().contains("1E+400")
                        || node.path("data").has("kept"));
        assertThat(all.get(1).propertyNames()).startsWith("position", "at", "type");
        assertThat(all).anyMatch(node -> node.path("data").toString().contains(LARGE));
        assertThat(all).anyMatch(node -> node.has("source"));
        List<JsonNode> view = nodes(written(id, TextExport.of(TextFormat.JSONL).view()));
        assertThat(view).hasSize(2);
        assertThat(written(id, TextExport.of(TextFormat.MARKDOWN).view()))
                .contains("> summary", "> after")
                .doesNotContain("one");
    }

    private static List<JsonNode> nodes(String lines) {
        return lines.lines().map(Json::tree).toList();
    }

    private static final Map<String, String> SECRETS = Map.ofEntries(
            Map.entry("sk-abcdefghijklmnopqrstuvwx", "api-key"),
            Map.entry("sk-ant-api03-abcdefghij_klmnop-qrstuv", "api-key"),
            Map.entry("AKIAIOSFODNN7EXAMPLE", "aws-key"),
            Map.entry("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "github-token"),
            Map.entry("github_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz", "github-token"),
            Map.entry("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "jwt"),
            Map.entry(
                    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc+/=\n-----END RSA PRIVATE KEY-----",
                    "private-key"));

    @ParameterizedTest
    @EnumSource(TextFormat.class)
    void secretsAreTakenOutAndCounted(TextFormat format) throws IOException {
        SessionId id = make(here, session -> {
            session.title("key AKIAIOSFODNN7EXAMPLE");
            SECRETS.keySet().forEach(secret -> {
                session.append(Message.user("before " + secret + " after"));
                session.append(Message.of(
                        Role.ASSISTANT, new Part.ToolCall("1", "run", Json.of(Map.of("command", "use " + secret)))));
            });
            session.append(
                    Message.user(
                            "curl -H 'Authorization: Bearer abcdef0123456789ABCDEF' https://u:hunter22@db.example/x"),
                    Message.user(
                            "password=correct-horse DB_PASSWORD: \"battery staple\" MY_API_KEY=abc123def EDITOR=vi"),
                    Message.tool("1", Json.of("{\"client_secret\": \"s3cr3t-value\", \"max_tokens\": 12}")),
                    Message.tool("1", Json.of(Map.of("password", "p4ssw0rd!", "max_tokens", 12, "tokens", "many"))));
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextExport.Content content =
                TextExport.of(format).redacting(Redaction.usual()).write(here, id, out);
        String text = out.toString(StandardCharsets.UTF_8);
        SECRETS.forEach((secret, name) -> {
            assertThat(text).doesNotContain(secret, secret.lines().findFirst().orElseThrow());
            assertThat(content.redactions().get(name)).as(name).isGreaterThanOrEqualTo(2);
        });
        assertThat(text)
                .doesNotContain(
                        "abcdef0123456789ABCDEF",
                        "hunter22",
                        "correct-horse",
                        "battery",
                        "abc123def",
                        "s3cr3t",
                        "p4ssw0rd",
                        "MIIE");
        assertThat(text).contains("before", "after", "12", "many", "EDITOR", "db.example");
        assertThat(content.redactions().get("bearer-token")).isEqualTo(1);
        assertThat(content.redactions().get("connection-string")).isEqualTo(1);
        assertThat(content.redactions().get("password")).isEqualTo(2);
        assertThat(content.redactions().get("secret")).isEqualTo(3);
        // A page of HTML has its title twice.
        long marks = count(text, "redacted:") - (format == TextFormat.HTML ? 1 : 0);
        assertThat(content.redactions().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(marks);
        assertThat(TextExport.of(format)
                        .write(here, id, new ByteArrayOutputStream())
                        .redactions())
                .isEmpty();
    }

    @Test
    void whatHasNoSecretStaysAsItIs() {
        SessionId id = make(here, session -> everything(session, 5));
        assertThat(written(id, TextExport.of(TextFormat.JSONL).redacting(Redaction.usual())))
                .isEqualTo(written(id, TextExport.of(TextFormat.JSONL)));
    }

    @Test
    void ownPatternsAreTakenOutToo() throws IOException {
        SessionId id = make(here, session -> session.append(Message.user("project Bluebird, ticket ABC-123, ABC-456")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextExport.Content content = TextExport.of(TextFormat.MARKDOWN)
                .redacting(Redaction.NONE.pattern("Bluebird").pattern("ABC-[0-9]+"))
                .write(here, id, out);
        assertThat(content.redactions()).containsExactly(Map.entry("pattern 1", 1L), Map.entry("pattern 2", 2L));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("Bluebird", "ABC-");
        refused(ErrorCode.INVALID_ARGUMENT, () -> Redaction.NONE.pattern("("));
        refused(ErrorCode.INVALID_ARGUMENT, () -> Redaction.NONE.pattern("x*"));
        SessionId slow = make(here, session -> session.append(Message.user("a".repeat(5_000) + "!")));
        for (String regex : List.of("(a|aa)+b", "(?:a|a)*!?b", "a+a+a+a+b")) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> TextExport.of(TextFormat.HTML)
                            .redacting(Redaction.NONE.pattern(regex))
                            .write(here, slow, new ByteArrayOutputStream()));
        }
    }

    /** Text that counts how often it is looked at. */
    private record Counted(String text, long[] looks) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks[0]++;
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

    @Test
    void noTextMakesTheUsualPatternsSlow() {
        List<String> pieces = new ArrayList<>(List.of(
                "eyJ",
                "eyJaaaaaaaa.",
                "eyJ-",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN ",
                "password=",
                "password = ",
                "A_",
                "TOKEN",
                "SECRET_",
                "a://",
                "a://b:",
                "://",
                "bearer ",
                "sk-",
                "sk-a-",
                "\"",
                "\\\"",
                "xoxb-",
                " ",
                "\n",
                "A",
                "_"));
        Random random = new Random(RandomEvents.seed());
        for (int k = 0; k < 40; k++) {
            pieces.add(pieces.get(random.nextInt(23)) + pieces.get(random.nextInt(23)));
        }
        for (Redaction.Rule rule : Redaction.usual().rules()) {
            for (String piece : pieces) {
                // Four times the text: 16 times the work where something is not bounded.
                long small = looks(rule, piece.repeat(20_000 / piece.length()));
                long large = looks(rule, piece.repeat(80_000 / piece.length()));
                assertThat(large).as(rule.name() + " on " + piece).isLessThan(10 * small + 200_000);
            }
        }
    }

    private static long looks(Redaction.Rule rule, String text) {
        long[] looks = {0};
        Matcher matcher = rule.pattern().matcher(new Counted(text, looks));
        while (matcher.find()) {
            assertThat(matcher.end()).isGreaterThan(matcher.start());
        }
        return looks[0];
    }
}
