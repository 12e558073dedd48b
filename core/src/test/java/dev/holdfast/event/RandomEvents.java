package dev.holdfast.event;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes events of every type, with awkward content, from a seed. */
public final class RandomEvents {
    private static final List<String> PIECES = List.of(
            "plain",
            " ",
            "\n",
            "\r\n",
            "\t",
            "\u0000",
            "\u007f",
            "\u2028",
            "\"",
            "\\",
            "\\u0041",
            "{\"i\":0,",
            ",\"crc\":\"00000000\"}",
            "$blob",
            "$$blob",
            "é",
            "漢字",
            "\uD83D\uDE00",
            "\uFFFF",
            "\uFEFF");
    private static final List<String> KEYS =
            List.of("a", "b", "key", "", "$blob", "$$blob", "$$$blob", "$", "data", "crc", "i", "ключ", "with space");

    private final Random random;

    /**
     * Returns the seed of a random test: a new one, or the one given by {@code -Dseed=...}. Prints it.
     *
     * @return the seed
     */
    public static long seed() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("seed " + seed + " (repeat with -Dseed=" + seed + ")");
        return seed;
    }

    /**
     * Creates a source of events.
     *
     * @param random where chance comes from
     */
    public RandomEvents(Random random) {
        this.random = random;
    }

    /**
     * Returns an event of any type but the opening of a segment.
     *
     * @return the event
     */
    public Event next() {
        return switch (random.nextInt(15)) {
            case 0 -> new Lifecycle.Started();
            case 1 -> new Lifecycle.Paused(text());
            case 2 -> new Lifecycle.Resumed();
            case 3 -> new Lifecycle.Completed(text(), maybe(this::notNull));
            case 4 -> new Lifecycle.Failed(text(), maybe(this::notNull));
            case 5 -> new Lifecycle.Cancelled(text());
            case 6, 7 -> message();
            case 8 -> usage();
            case 9 -> new Annotation.TitleSet(text());
            case 10 -> new Annotation.Tagged(texts(), texts());
            case 11 -> new Annotation.Noted(text(), maybe(this::text));
            case 12 -> new MetadataSet(jsons(), texts());
            case 13 ->
                random.nextBoolean()
                        ? new ConfigChanged(Json.of(object(2)))
                        : new Extension("test." + random.nextInt(9), json());
            default ->
                random.nextBoolean()
                        ? new OutputAppended(bytes(random.nextInt(200)))
                        : new Unknown("later.kind_" + random.nextInt(9), Json.of(object(3)));
        };
    }

    /**
     * Returns an event of any type, work included, but the opening of a segment.
     *
     * @return the event
     */
    public Event any() {
        return random.nextInt(3) == 0 ? next() : work();
    }

    /**
     * Returns an event of work; ids and numbers are few, so that some follow from others.
     *
     * @return the event
     */
    public WorkEvent work() {
        String id = "id" + random.nextInt(6);
        long number = 1 + random.nextInt(4);
        return switch (random.nextInt(24)) {
            case 0 -> new Iteration.Started(number);
            case 1 -> new Iteration.Completed(number, changes());
            case 2 -> new Step.Started(id, number, text());
            case 3 -> new Step.Completed(id, text(), jsons(), count());
            case 4 -> new Step.Failed(id, text(), count());
            case 5 -> new CommandExecuted(text(), random.nextInt(3) - 1, count(), text());
            case 6 -> new Measurement.Metric(id, BigDecimal.valueOf(random.nextInt(), random.nextInt(9)), null);
            case 7 -> new Measurement.Timing(id, count());
            case 8 -> new Journal.AnalysisCompleted(text(), json());
            case 9 -> new Journal.DecisionMade(text(), text());
            case 10 -> new Journal.QuestionOpened(id, text());
            case 11 -> new Journal.QuestionAnswered(id, text());
            case 12 -> new Journal.DocumentUpdated("docs/" + id, text(), null);
            case 13 -> new Journal.CommitRecorded(new Changes.Commit(id, text(), null), maybe(() -> number));
            case 14 -> AgentRun.Started.of(id, "coder");
            case 15 -> new AgentRun.Ended(id, AgentRun.Status.COMPLETED, maybe(this::text), null);
            case 16 -> new ToolRun.Started(id, "bash", json(), null);
            case 17 -> new ToolRun.Ended(id, maybe(this::json), maybe(this::text), count());
            case 18 -> new Phase.Moved(maybe(() -> "map"), random.nextBoolean() ? "setup" : "map", maybe(this::text));
            case 19 -> new Milestone.Planned(List.of("a", "b", "c"));
            case 20 -> new Milestone.Completed(number, text());
            default -> item();
        };
    }

    /**
     * Returns an event of items.
     *
     * @return the event
     */
    public Item item() {
        String id = "item" + random.nextInt(12);
        return switch (random.nextInt(6)) {
            case 0 -> new Item.Added(List.of(new Item.Task(id, json())));
            case 1 -> new Item.Started(id, 1, null);
            case 2 -> new Item.Completed(id, maybe(this::json));
            case 3 -> new Item.Failed(id, text(), maybe(() -> (long) random.nextInt(3)));
            case 4 -> new Item.Requeued(List.of(id), random.nextBoolean() ? Item.From.DEAD : Item.From.RUNNING, text());
            default -> new Item.Dropped(List.of(id), random.nextBoolean() ? Item.From.DEAD : Item.From.PENDING, text());
        };
    }

    private Changes changes() {
        List<String> files = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0; k--) {
            files.add("src/" + random.nextInt(20));
        }
        return Changes.of(files, count(), count()).commandsRun(texts());
    }

    /**
     * Returns a message of any role and parts.
     *
     * @return the message
     */
    public Message message() {
        List<Part> parts = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0; k--) {
            parts.add(part());
        }
        Role role = Role.values()[random.nextInt(Role.values().length)];
        return new Message(role, parts, maybe(this::text), maybe(this::text));
    }

    /**
     * Returns a report of usage.
     *
     * @return the report
     */
    public UsageRecorded usage() {
        Tokens tokens = new Tokens(count(), count(), count(), count(), count());
        BigDecimal cost = BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(8));
        return new UsageRecorded(tokens, maybe(this::text), maybe(() -> "r" + random.nextInt(40)), maybe(() -> cost));
    }

    /**
     * Returns a text of awkward pieces, now and then over the limit that splits it out.
     *
     * @return the text
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int k = random.nextInt(6); k > 0; k--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        if (random.nextInt(20) == 0) {
            text.append((char) (0xD800 + random.nextInt(0x800)));
        }
        if (random.nextInt(60) == 0) {
            text.append("x".repeat(EventCodec.INLINE_BYTES - 8 + random.nextInt(16)));
        }
        return text.toString();
    }

    /**
     * Returns any JSON.
     *
     * @return the value
     */
    public Json json() {
        return Json.of(node(3));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Part part() {
        return switch (random.nextInt(6)) {
            case 0 -> new Part.Text(text());
            case 1 -> new Part.Reasoning(text());
            case 2 -> new Part.ToolCall(text(), text(), json());
            case 3 -> new Part.ToolResponse(text(), json(), random.nextBoolean());
            case 4 -> new Part.Blob("image/png", bytes(random.nextInt(300)));
            default -> new Part.Other(Json.of(object(2).put("type", "later")));
        };
    }

    private JsonNode node(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> Json.mapper().getNodeFactory().stringNode(wellFormed());
            case 1 -> Json.mapper().getNodeFactory().numberNode(random.nextLong());
            case 2 -> Json.mapper().getNodeFactory().booleanNode(random.nextBoolean());
            case 3 -> Json.mapper().getNodeFactory().nullNode();
            case 4 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private ArrayNode array(int depth) {
        ArrayNode array = Json.mapper().createArrayNode();
        for (int k = random.nextInt(4); k > 0; k--) {
            array.add(node(depth));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = Json.mapper().createObjectNode();
        for (int k = random.nextInt(4); k > 0; k--) {
            object.set(KEYS.get(random.nextInt(KEYS.size())), node(depth));
        }
        return object;
    }

    /** Text that UTF-8 can hold: what JSON text is made of. */
    private String wellFormed() {
        return text().chars()
                .filter(c -> !Character.isSurrogate((char) c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private Json notNull() {
        Json json = json();
        return json.equals(Json.NULL) ? Json.EMPTY_OBJECT : json;
    }

    private Map<String, Json> jsons() {
        Map<String, Json> jsons = new LinkedHashMap<>();
        for (int k = random.nextInt(4); k > 0; k--) {
            jsons.put(KEYS.get(random.nextInt(KEYS.size())), json());
        }
        return jsons;
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0; k--) {
            texts.add(text());
        }
        return texts;
    }

    private long count() {
        return random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000);
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }
}
