package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.EventCodec;
import dev.holdfast.event.Json;
import dev.holdfast.event.WorkEvents;
import dev.holdfast.log.Docs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code docs/work.md} says of each event is what is written. */
class WorkDocTest {
    @Test
    void theTableHasTheFieldsOfEveryEvent() {
        Map<String, TreeSet<String>> documented = new TreeMap<>();
        for (String line : Docs.read("work.md").lines().toList()) {
            if (line.startsWith("| `")) {
                List<String> names = new ArrayList<>();
                Pattern.compile("`([a-z0-9_.]+)`")
                        .matcher(line.replaceAll("\\(.*?\\)", ""))
                        .results()
                        .forEach(match -> names.add(match.group(1)));
                documented.put(names.getFirst(), new TreeSet<>(names.subList(1, names.size())));
            }
        }
        Map<String, TreeSet<String>> written = new TreeMap<>();
        WorkEvents.samples().forEach(event -> {
            byte[] data = EventCodec.encode(event).data();
            JsonNode node = Json.parse(new String(data, StandardCharsets.UTF_8)).toNode();
            written.computeIfAbsent(event.type(), type -> new TreeSet<>()).addAll(node.propertyNames());
        });
        assertThat(documented).isEqualTo(written);
    }
}
