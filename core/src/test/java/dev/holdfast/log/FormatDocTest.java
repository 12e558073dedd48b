package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Origin;
import dev.holdfast.event.OriginJson;
import dev.holdfast.store.Append;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/format.md} to what the code does. */
class FormatDocTest {
    private static final String PAGE = Docs.read("format.md");

    @Test
    void theExampleIsTheGoldenFileAndItsChecksumsHold() throws IOException {
        Matcher where = Pattern.compile("Segment (\\d+) of session `([^`]+)`").matcher(PAGE);
        assertThat(where.find()).isTrue();
        LogId log = LogId.of(new SessionId(where.group(2)));
        LineFormat format = new LineFormat(log, Integer.parseInt(where.group(1)));
        String example = block("jsonl");

        long index = 0;
        for (String line : example.lines().toList()) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            LogRecord record = format.read(bytes, 0, bytes.length, 0);
            assertThat(record).as(line).isNotNull();
            assertThat(record.index()).isEqualTo(index++);
        }
        assertThat(example).isEqualTo(new String(GoldenSegment.bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void theWorkedChecksumIsRight() {
        String covered = block("crc").strip();
        CRC32C crc = new CRC32C();
        crc.update(covered.getBytes(StandardCharsets.UTF_8));
        Matcher stated = Pattern.compile("(?m)^is `([0-9a-f]{8})`\\.$").matcher(PAGE);

        assertThat(stated.find()).isTrue();
        assertThat(stated.group(1)).isEqualTo(String.format("%08x", crc.getValue()));
        assertThat(block("jsonl")).contains(covered.substring(covered.indexOf('{')) + ",\"crc\":\"" + stated.group(1));
    }

    @Test
    void theFieldTableHasEveryFieldInItsOrder() {
        List<String> described =
                new ArrayList<>(table("field", "required", "value").keySet());
        LineBuffer out = new LineBuffer(16);
        byte[] object = "{}".getBytes(StandardCharsets.UTF_8);
        new LineFormat(LogId.of(GoldenSegment.SESSION), 1)
                .write(new Draft(java.time.Instant.EPOCH, "t", "x", object, object, 0, 2, true), 5, 1, out);
        String line = new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
        List<String> written = new ArrayList<>();
        Matcher names = Pattern.compile("[{,](\"[a-z]+\"):").matcher(line);
        while (names.find()) {
            written.add(names.group(1).replace('"', '`'));
        }

        assertThat(described).isEqualTo(written);
    }

    @Test
    void everyOriginIsDescribedWithItsFields() {
        Map<String, String> described = table("`origin.kind`", "further fields", "meaning");
        List<Origin> origins = List.of(
                new Origin.Fresh(),
                new Origin.RolledOver(),
                new Origin.Recovered(true),
                new Origin.Forked("p", "c", ""),
                new Origin.Compacted("s", List.of()),
                new Origin.Rewound("p"),
                new Origin.Restored("c", "p", null),
                new Origin.Imported("s", "i", "p", "r"));
        List<String> kinds = new ArrayList<>();
        for (Origin origin : origins) {
            var json = OriginJson.write(origin).toNode();
            String kind = "`" + json.path("kind").asString() + "`";
            kinds.add(kind);
            assertThat(described).containsKey(kind);
            for (String field : json.propertyNames()) {
                if (!field.equals("kind")) {
                    assertThat(described.get(kind)).as(kind).contains("`" + field + "`");
                }
            }
        }
        assertThat(described.keySet()).containsExactlyElementsOf(kinds);
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        Map<String, String> limits = table("what", "limit");

        assertThat(limits)
                .containsEntry("line, newline included", number(LineFormat.MAX_LINE_BYTES) + " bytes")
                .containsEntry("`data`, blobs split out", number(EventCodec.MAX_DATA_BYTES) + " bytes")
                .containsEntry("value that stays in `data`", number(EventCodec.INLINE_BYTES) + " bytes")
                .containsEntry("events of one append", number(Append.MAX_EVENTS));
    }

    private static String number(int value) {
        return String.format(java.util.Locale.ROOT, "%,d", value);
    }

    private static String block(String language) {
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(PAGE);
        assertThat(block.find()).as("a block of %s", language).isTrue();
        return Objects.requireNonNull(block.group(1));
    }

    /** Reads the table with these headings: first cell to second, in order. */
    private static Map<String, String> table(String... headings) {
        Map<String, String> rows = new LinkedHashMap<>();
        String heading = "| " + String.join(" | ", headings) + " |";
        boolean inside = false;
        for (String line : PAGE.lines().toList()) {
            if (line.equals(heading)) {
                inside = true;
            } else if (inside && !line.startsWith("|")) {
                break;
            } else if (inside && !line.startsWith("|---")) {
                String[] cells = line.substring(1).split("\\|", -1);
                rows.put(cells[0].strip(), cells[1].strip());
            }
        }
        assertThat(rows).as(heading).isNotEmpty();
        return rows;
    }
}
