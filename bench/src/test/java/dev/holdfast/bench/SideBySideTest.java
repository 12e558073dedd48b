package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every side runs and does its work; how fast is nobody's concern here. */
class SideBySideTest {
    private static final int SLICE_MILLIS = 30;

    @TempDir
    Path work;

    @Test
    void aQuickRunHasAFigureForEveryComparisonAndReadsEveryAppendBack() throws Exception {
        Report report = SideBySide.run(Options.quick(work));

        assertThat(report.figures())
                .extracting(figure -> figure.what().substring(0, 3))
                .containsExactly("(a)", "(a)", "(b)", "(c)", "(d)", "(d)", "(f)", "(f)", "(g)", "(g)", "(h)", "(i)");
        assertThat(report.remarks())
                .filteredOn(remark -> remark.contains("were read back"))
                .hasSize(2)
                .noneMatch(remark -> remark.contains("all 0 "));
        assertThat(report.remarks()).anyMatch(remark -> remark.startsWith("(e) not measured, no launcher"));
        assertThat(ManySessions.count(work.resolve("listed-30"))).isEqualTo(30);
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("side-by-side-"));
        }
    }

    @Test
    void everySideFindsOnDiskWhatItAcknowledged() throws Exception {
        Payload payload = new Payload();
        List<Side> sides = List.of(
                new HoldfastSide(work.resolve("one"), 1, 1, payload),
                new HoldfastSide(work.resolve("many"), 4, 4, payload),
                new HoldfastSide(work.resolve("shared"), 4, 1, payload),
                new BareSide(work.resolve("bare"), payload),
                new SqliteSide(work.resolve("one.db"), 1, 1, payload),
                new SqliteSide(work.resolve("each.db"), 4, 4, payload),
                new SqliteSide(work.resolve("shared.db"), 4, 1, payload));
        for (Side side : sides) {
            try (side) {
                long acknowledged = side.run(SLICE_MILLIS * 1_000_000L).appends()
                        + side.run(SLICE_MILLIS * 1_000_000L).appends();

                assertThat(acknowledged).as(side.name()).isPositive();
                assertThat(side.recount()).as(side.name()).isEqualTo(acknowledged);
            }
        }
    }

    @Test
    void anAppendThatIsNotOnDiskEndsTheRun() {
        Side liar = new Side() {
            @Override
            public String name() {
                return "liar";
            }

            @Override
            public Turn run(long nanos) {
                return new Turn(10, nanos);
            }

            @Override
            public long recount() {
                return 19;
            }

            @Override
            public void close() {}
        };

        assertThatThrownBy(() -> Interleaved.measure(List.of(liar), 1, 1))
                .hasMessage("liar: 20 appends were acknowledged, 19 are on disk");
    }

    @Test
    void everyLineHasTheSizeThatIsPromised() {
        Payload payload = new Payload();

        for (int k = 0; k < 300; k++) {
            assertThat(payload.line(k)).hasSize(Payload.LINE_BYTES).endsWith('\n');
        }
    }

    @Test
    void aCopyHasNewIdsThatStillAgreeWithEachOther() {
        String line =
                "{\"uuid\":\"2b6fd122-f1cb-44b7-ae4b-8433b3f8575a\",\"id\":\"msg_01LyXT\",\"t\":\"no_id 2b6fd122\"}\n";
        String twice = new NewIds(3).rewrite(line + line);

        assertThat(twice).isEqualTo(new NewIds(3).rewrite(line).repeat(2));
        assertThat(twice)
                .doesNotContain("8433b3f8575a")
                .contains("msg_01LyXTx3\"")
                .contains("no_id 2b6fd122\"");
        assertThat(new NewIds(4).rewrite(line)).isNotEqualTo(new NewIds(3).rewrite(line));
    }

    @Test
    void aLargeFileIsOneSessionWithoutAnyRecordTwice() throws Exception {
        ImportSet set = ImportSet.make(work, 6_000_000, null);

        assertThat(Files.size(set.single())).isGreaterThan(6_000_000);
        List<String> lines = Files.readAllLines(set.single());
        assertThat(lines).allMatch(line -> line.contains("\"sessionId\":\"5e551015-0000-4000-8000-000000000001\""));
        assertThat(Set.copyOf(lines)).hasSameSizeAs(lines);
    }

    @Test
    void medianAndSpreadAreOfTheRatiosNotOfTheRates() {
        Interleaved measured = new Interleaved(
                List.of("own", "rival"), List.of(new double[] {10, 40, 90}, new double[] {10, 20, 30}), 0);

        Figure figure = Figure.rates("figure", measured, 0, 1, 2.5);

        assertThat(figure.ratio()).isEqualTo("2.00 (1.00 to 3.00)");
        assertThat(figure.answer()).isEqualTo("no");
    }
}
