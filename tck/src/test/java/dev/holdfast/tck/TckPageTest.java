package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every Java block of {@code docs/tck.md} stands in a test here, and so runs. */
class TckPageTest {
    private static final List<String> SOURCES =
            List.of("TableBackendTest", "TableStoreTest", "TableFixture", "MachineTest");

    @Test
    void everyJavaBlockOfThePageStandsInATest() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/tck.md"))) {
            root = Objects.requireNonNull(root.getParent(), "the page is above the module");
        }
        StringBuilder sources = new StringBuilder();
        for (String source : SOURCES) {
            sources.append(Files.readString(
                    root.resolve("tck/src/test/java/dev/holdfast/tck/" + source + ".java"), StandardCharsets.UTF_8));
        }
        String here = squeezed(sources.toString());
        String page = Files.readString(root.resolve("docs/tck.md"), StandardCharsets.UTF_8);
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(page);
        int blocks = 0;
        while (block.find()) {
            assertThat(here).contains(squeezed(block.group(1)));
            blocks++;
        }
        assertThat(blocks).isEqualTo(4);
        for (Trait trait : Trait.values()) {
            assertThat(page).contains("`" + trait + "`");
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
