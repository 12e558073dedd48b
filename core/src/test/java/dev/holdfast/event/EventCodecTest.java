package dev.holdfast.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final String LONE = "before \uD800 after \uDC00";

    private final StoredBlobs blobs = new StoredBlobs();

    @ParameterizedTest
    @MethodSource("dev.holdfast.event.SampleEvents#everyEvent")
    void everyEventComesBackAsItWas(Event event) {
        assertThat(blobs.roundTrip(event)).isEqualTo(event);
        assertThat(blobs.size()).isZero();
    }

    @Test
    void theTestKnowsEveryType() {
        assertThat(SampleEvents.everyEvent().map(Event::type).filter(type -> !type.startsWith("later")))
                .containsOnly(
                        "segment.opened",
                        "session.started",
                        "session.paused",
                        "session.resumed",
                        "session.completed",
                        "session.failed",
                        "session.cancelled",
                        "message.added",
                        "usage.recorded",
                        "title.set",
                        "tagged",
                        "noted",
                        "metadata.set",
                        "config.changed",
                        "checkpoint.taken",
                        "checkpoint.pruned",
                        "extension",
                        "output.appended",
                        "iteration.started",
                        "iteration.completed",
                        "step.started",
                        "step.completed",
                        "step.failed",
                        "command.executed",
                        "metric.recorded",
                        "timing.recorded",
                        "analysis.completed",
                        "decision.made",
                        "question.opened",
                        "question.answered",
                        "document.updated",
                        "artifact.recorded",
                        "commit.recorded",
                        "agentrun.started",
                        "agentrun.ended",
                        "tool.started",
                        "tool.ended",
                        "phase.moved",
                        "phase.handoff",
                        "milestone.planned",
                        "milestone.completed",
                        "workspace.set",
                        "item.added",
                        "item.started",
                        "item.completed",
                        "item.failed",
                        "item.requeued",
                        "item.dropped");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "é 漢字 \uD83D\uDE00",
                "\u0000 and \u0001 and \u007f",
                "line\nbreak\r\n\u2028\u2029\u0085",
                "\"quoted\" \\ back",
                LONE,
                "\uDE00\uD83D",
                "ends in \uD83D",
                "$blob",
                "{\"$blob\":{}}"
            })
    void awkwardTextComesBackAsItWas(String text) {
        List<Event> events = List.of(
                Message.user(text),
                new Lifecycle.Paused(text),
                new Lifecycle.Completed(text, Json.of(Map.of("k", "v"))),
                new Annotation.Noted(text, text),
                new Annotation.Tagged(List.of(text), List.of(text)),
                new MetadataSet(Map.of(), List.of(text)),
                new Message(Role.ASSISTANT, List.of(new Part.ToolCall(text, text, Json.EMPTY_OBJECT)), text, text),
                OutputAppended.of(text));
        for (Event event : events) {
            assertThat(blobs.roundTrip(event)).isEqualTo(event);
            assertThat(new String(blobs.encode(event).data(), StandardCharsets.UTF_8))
                    .doesNotContain("\n", "\r");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300 * 1024})
    void largePayloadsAreSplitOutAndPutBack(int length) {
        String text = "x".repeat(length);
        String wide = "漢".repeat(length / 3) + "x".repeat(length % 3);
        byte[] binary = new byte[length];
        Arrays.fill(binary, (byte) 0xfe);
        int expected = length > EventCodec.INLINE_BYTES ? 1 : 0;
        List<Event> events = List.of(
                Message.user(text),
                Message.user(wide),
                Message.of(Role.USER, new Part.Blob("image/png", binary)),
                new Lifecycle.Failed(text, null),
                OutputAppended.of(text),
                new OutputAppended(binary),
                new MetadataSet(Map.of("k", Json.of(text)), List.of()),
                new ConfigChanged(Json.of(Map.of("k", text))),
                Message.tool("call", Json.of(text)),
                Message.tool("call", Json.of(Map.of("deep", List.of(text)))),
                new Extension("n", Json.of(Map.of("k", text))),
                new Unknown("later", Json.of(Map.of("k", text))));
        for (Event event : events) {
            EncodedEvent encoded = blobs.encode(event);
            assertThat(encoded.blobs()).as(event.type()).hasSizeLessThanOrEqualTo(1);
            if (expected == 1) {
                assertThat(encoded.blobs()).as(event.type()).hasSize(1);
            }
            assertThat(encoded.data()).hasSizeLessThan(EventCodec.INLINE_BYTES * 4 / 3 + 200);
            assertThat(blobs.roundTrip(event)).isEqualTo(event);
        }
    }

    @Test
    void largeTextThatUtf8CannotHoldStaysInTheRecord() {
        Event event = Message.user("x".repeat(300 * 1024) + "\uD800");

        assertThat(blobs.encode(event).blobs()).isEmpty();
        assertThat(blobs.roundTrip(event)).isEqualTo(event);
    }

    @Test
    void aValueOfManySmallPiecesIsSplitOutWhole() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int k = 0; k < 20_000; k++) {
            many.put("key" + k, "value " + k);
        }
        Event event = Message.tool("call", Json.of(many));

        assertThat(blobs.encode(event).blobs()).hasSize(1);
        assertThat(blobs.encode(event).data()).hasSizeLessThan(1_000);
        assertThat(blobs.roundTrip(event)).isEqualTo(event);
    }

    @Test
    void largeJsonOfEveryKindOfEventIsPutBack() {
        Json large = Json.of(Collections.nCopies(30_000, "four"));
        List<Event> events = List.of(
                new Lifecycle.Completed("", large),
                new Lifecycle.Failed("no", large),
                new MetadataSet(Map.of("$blob", large), List.of()),
                new ConfigChanged(Json.of(Map.of("k", large))),
                new Extension("n", large),
                Message.of(Role.ASSISTANT, new Part.ToolCall("i", "n", large)),
                new Unknown("later", Json.of(Map.of("k", large))));
        for (Event event : events) {
            assertThat(blobs.encode(event).blobs()).as(event.type()).hasSize(1);
            assertThat(blobs.roundTrip(event)).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$blob\":1}",
                "{\"$$blob\":1}",
                "{\"$$$blob\":{\"$blob\":{}}}",
                "{\"$blob\":{\"sha256\":\"00\",\"bytes\":1,\"as\":\"text\"}}",
                "{\"$blob\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"bytes\":0,\"as\":\"text\"}}",
                "{\"$blob\":null,\"other\":\"$blob\"}",
                "[{\"x\":[{\"$blob\":{\"as\":\"json\"}}]}]",
                "\"$blob\"",
                "{\"$blo$b\":1,\"$\":2,\"$$\":3,\"$blobs\":4,\"a$blob\":5}",
                "{\"$$b$lob\":1,\"$blob\":2}",
                "{\"$$blob$\":1,\"$blob\":2}"
            })
    void foreignMarksAreNotTakenForBlobs(String text) {
        Json json = Json.parse(text);
        List<Event> events = List.of(
                new Extension("n", json),
                new MetadataSet(Map.of("$blob", json, "$$blob", json), List.of()),
                Message.of(Role.ASSISTANT, new Part.ToolCall("i", "n", json)),
                Message.tool("i", json),
                new Lifecycle.Completed("", json),
                new Unknown("later.kind", Json.of(Map.of("v", json))));
        for (Event event : events) {
            assertThat(blobs.roundTrip(event)).isEqualTo(event);
        }
    }

    @Test
    void foreignMarksBesideARealBlobAreToldApart() {
        Json foreign = Json.parse(
                "{\"$blob\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"bytes\":0,\"as\":\"text\"}}");
        Json escaped = Json.parse(
                "{\"\\u0024blob\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"bytes\":0,\"as\":\"text\"}}");
        for (Json json : List.of(foreign, escaped)) {
            Event event =
                    Message.of(Role.ASSISTANT, new Part.ToolCall("i", "n", json), new Part.Text("x".repeat(70 * 1024)));
            Message back = (Message) blobs.roundTrip(event);

            assertThat(((Part.ToolCall) back.parts().getFirst()).arguments().toNode())
                    .isEqualTo(json.toNode());
        }
    }

    @Test
    void deepNestingComesBackAsItWas() {
        Json deep = Json.parse("[".repeat(400) + "]".repeat(400));

        assertThat(blobs.roundTrip(new Extension("n", deep))).isEqualTo(new Extension("n", deep));
        Event message = Message.tool("i", deep);
        assertThat(blobs.roundTrip(message)).isEqualTo(message);
        assertThatThrownBy(() -> Json.parse("[".repeat(401) + "]".repeat(401))).hasMessageContaining("deeper than 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1.50",
                "0.10000000000000000001",
                "12345678901234567890.123",
                "123456789012345678901234567890",
                "9007199254740993"
            })
    void numbersKeepTheirDigits(String number) {
        Json json = Json.parse("{\"n\":" + number + "}");
        for (Event event : List.of(
                new Extension("n", json),
                Message.tool("i", json),
                new MetadataSet(Map.of("k", json), List.of()),
                new Unknown("later", json))) {
            assertThat(blobs.roundTrip(event)).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "1E-400", "1.5e+3", "2e5", "-0.0"})
    void numbersWithAnExponentKeepTheirValue(String number) {
        Json json = Json.parse("{\"n\":" + number + "}");

        assertThat(blobs.roundTrip(new Extension("n", json))).isEqualTo(new Extension("n", json));
        assertThat(blobs.roundTrip(new Unknown("later", json))).isEqualTo(new Unknown("later", json));
        Message back = (Message) blobs.roundTrip(Message.tool("i", json));
        Json response = ((Part.ToolResponse) back.parts().getFirst()).response();
        assertThat(response.toNode().path("n").decimalValue()).isEqualByComparingTo(new BigDecimal(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ \"a\" :  1.0 , \"b\":1e400 }", "{}", "{\"x\":\"\\u00e9\\/\"}"})
    void unknownTypesAreKeptByteForByte(String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        Event event = EventCodec.decode("later.kind", bytes, BlobSource.EMPTY);

        assertThat(event).isEqualTo(new Unknown("later.kind", Json.parse(data)));
        assertThat(EventCodec.encode(event).data()).isEqualTo(bytes);
        assertThat(EventCodec.encode(event).type()).isEqualTo("later.kind");
    }

    @Test
    void unknownTypesOfSomeSizeAreKeptByteForByte() {
        String data = "{ \"n\" : 1e400, \"text\" : \"" + "x".repeat(40_000) + "\" }";
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);

        assertThat(EventCodec.encode(EventCodec.decode("later", bytes, BlobSource.EMPTY))
                        .data())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message.added {}",
                "message.added {\"role\":\"robot\",\"parts\":[]}",
                "message.added {\"role\":\"user\",\"parts\":[{\"type\":\"text\"}]}",
                "message.added {\"role\":\"user\",\"parts\":[7]}",
                "message.added {\"role\":\"user\",\"parts\":[{\"type\":\"blob\",\"content\":\"?\"}]}",
                "title.set {\"title\":7}",
                "title.set {}",
                "tagged {\"add\":[1]}",
                "noted {\"author\":\"me\"}",
                "usage.recorded {\"input\":\"many\"}",
                "usage.recorded {\"input\":-1}",
                "usage.recorded {\"input\":99999999999999999999}",
                "usage.recorded {\"cost_usd\":\"free\"}",
                "config.changed {\"patch\":[]}",
                "config.changed {}",
                "extension {\"namespace\":\"../x\"}",
                "extension {}",
                "output.appended {}",
                "output.appended {\"base64\":\"?\"}",
                "session.paused {\"reason\":{}}"
            })
    void aKnownTypeInAWrongFormIsUnknownWhenReadAndRefusedWhenParsed(String line) {
        String type = line.substring(0, line.indexOf(' '));
        String data = line.substring(type.length() + 1);

        assertThat(EventCodec.decode(type, data.getBytes(StandardCharsets.UTF_8), BlobSource.EMPTY))
                .isEqualTo(new Unknown(type, Json.parse(data)));
        assertThatThrownBy(() -> EventCodec.parse(type, Json.parse(data)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session.started {\"later\":1}",
                "session.paused {\"reason\":\"r\",\"later\":{}}",
                "message.added {\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"t\",\"later\":1}],\"later\":1}",
                "usage.recorded {\"input\":1,\"later\":1}",
                "extension {\"later\":[{}],\"namespace\":\"n\",\"data\":1,\"after\":\"x\"}",
                "output.appended {\"text\":\"t\",\"later\":null}"
            })
    void unknownFieldsArePassedOver(String line) {
        String type = line.substring(0, line.indexOf(' '));
        Json data = Json.parse(line.substring(type.length() + 1));

        assertThat(EventCodec.parse(type, data)).isNotInstanceOf(Unknown.class);
    }

    @Test
    void anEventThatAUserWroteIsTakenLiterally() {
        Json data = Json.parse(
                "{\"namespace\":\"n\",\"data\":{\"$blob\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"bytes\":0,\"as\":\"text\"}}}");
        Event event = EventCodec.parse("extension", data);

        assertThat(((Extension) event).data().toNode()).isEqualTo(data.toNode().path("data"));
        assertThat(blobs.roundTrip(event)).isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "null", "17"})
    void dataThatIsNoObjectIsRefused(String data) {
        for (String type : List.of("noted", "later.kind")) {
            assertThatThrownBy(() -> EventCodec.parse(type, Json.parse(data)))
                    .isInstanceOfSatisfying(
                            HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper.case", "a b", "a..b", ".a", "1a", "a.", "a\n", "../a", "a/b"})
    void aTypeThatIsNoNameIsRefused(String type) {
        assertThatThrownBy(() -> EventCodec.parse(type, Json.EMPTY_OBJECT))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void theOpeningOfASegmentIsNotTheUsersToWrite() {
        assertThatThrownBy(() -> EventCodec.parse("segment.opened", Json.EMPTY_OBJECT))
                .hasMessageContaining("written by the store itself");
    }

    @Test
    void arbitraryOutputComesBackByteForByte() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        for (int k = 0; k < 2_000; k++) {
            byte[] line = new byte[random.nextInt(k % 100 == 0 ? 200_000 : 300)];
            random.nextBytes(line);
            if (k % 3 == 0) {
                for (int at = 0; at < line.length; at++) {
                    line[at] &= 0x7f;
                }
            }
            OutputAppended back = (OutputAppended) blobs.roundTrip(new OutputAppended(line));
            assertThat(back.line()).as("seed %d, event %d", seed, k).isEqualTo(line);
        }
    }

    @Test
    void aRecordOverOneMebibyteIsRefused() {
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < 20_000; k++) {
            parts.add(new Part.Text("a part of about a hundred bytes ".repeat(3) + k));
        }
        assertThatThrownBy(() -> EventCodec.encode(new Message(Role.USER, parts, null, null)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("message.added")
                .hasMessageContaining("several events");
    }

    @Test
    void aMessageOfManyMiddlingPartsFits() {
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < 100; k++) {
            parts.add(new Part.Text((k + " ").repeat(60 * 1024 / (k + " ").length())));
        }
        Event event = new Message(Role.USER, parts, null, null);

        assertThat(blobs.encode(event).data()).hasSizeLessThan(100 * 1024);
        assertThat(blobs.size()).isEqualTo(100);
        assertThat(blobs.roundTrip(event)).isEqualTo(event);
    }

    @Test
    void aMissingPayloadIsToldAndNotTakenForAnUnknownForm() {
        EncodedEvent encoded = EventCodec.encode(Message.user("x".repeat(70 * 1024)));

        assertThatThrownBy(() -> EventCodec.decode(encoded.type(), encoded.data(), blobs))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aReferenceOfALaterFormIsToldAsSuch() {
        byte[] data = ("{\"text\":{\"$blob\":{\"sha256\":\"" + "0".repeat(64) + "\",\"bytes\":0,\"as\":\"zip\"}}}")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> EventCodec.decode("noted", data, BlobSource.EMPTY))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../../etc/passwd",
                "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
            })
    void aReferenceCanNameNothingButABlob(String name) {
        assertThatThrownBy(() -> new BlobRef(name, 1)).isInstanceOf(HoldfastException.class);
    }

    @Test
    void randomEventsComeBackAsTheyWere() {
        long seed = RandomEvents.seed();
        RandomEvents events = new RandomEvents(new Random(seed));
        for (int k = 0; k < 4_000; k++) {
            Event event = events.next();
            EncodedEvent encoded = blobs.encode(event);
            assertThat(EventCodec.decode(encoded.type(), encoded.data(), blobs))
                    .as("seed %d, event %d", seed, k)
                    .isEqualTo(event);
            assertThat(new String(encoded.data(), StandardCharsets.UTF_8)).doesNotContain("\n");
        }
    }
}
