package dev.holdfast.importers.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    private static List<String> read(String content) throws IOException {
        return read(content.getBytes(StandardCharsets.UTF_8), Lines.MAX_LINE);
    }

    private static List<String> read(byte[] content, int maxLine) throws IOException {
        List<String> found = new ArrayList<>();
        Lines lines = new Lines(new ByteArrayInputStream(content), content.length, maxLine);
        RecordReader reader = new RecordReader(object -> object.has("id"));
        while (lines.next()) {
            reader.read(lines, new RecordReader.Handler() {
                @Override
                public void onRecord(SourceRecord record, boolean joined) {
                    found.add(record.line() + "@" + record.offset() + (joined ? "+" : " ") + record.raw());
                }

                @Override
                public void onBad(BadPiece piece) {
                    found.add(piece.line() + "@" + piece.offset() + "!" + piece.kind() + " " + piece.length());
                }

                @Override
                public void onIncomplete(long offset) {
                    found.add("@" + offset + "...");
                }
            });
        }
        return found;
    }

    @Test
    void readsRecordsWithWhiteSpaceAndEmptyLines() throws IOException {
        assertThat(read("{\"id\":1}\n\n  {\"id\":2} \r\n\t\n{\"id\":3}"))
                .containsExactly("1@0 {\"id\":1}", "3@12 {\"id\":2}", "5@25 {\"id\":3}");
    }

    @Test
    void readsRecordsThatShareALine() throws IOException {
        assertThat(read("{\"id\":1}{\"id\":2} {\"id\":3}\n"))
                .containsExactly("1@0 {\"id\":1}", "1@8+{\"id\":2}", "1@17+{\"id\":3}");
    }

    @Test
    void findsTheRecordBehindATornOne() throws IOException {
        assertThat(read("{\"type\":\"a\",\"x\":[{\"type\":\"b\"},{\"type\":\"user\",\"id\":7}\n"))
                .containsExactly("1@0!not-json 30", "1@30 {\"type\":\"user\",\"id\":7}");
    }

    @Test
    void takesNoPartOfATornRecordForARecord() throws IOException {
        assertThat(read("{\"type\":\"a\",\"x\":[{\"type\":\"b\",\"id\":1},\n{\"id\":2}\n"))
                .containsExactly("1@0!not-json 37", "2@38 {\"id\":2}");
    }

    @Test
    void keepsEveryByteOfDamage() throws IOException {
        assertThat(read("\0\0\0{\"id\":1}\0\n\"text\"\nnull\n{\"id\":2}trailing\n"))
                .containsExactly(
                        "1@0!nul-run 3",
                        "1@3 {\"id\":1}",
                        "1@11!nul-run 1",
                        "2@13!not-an-object 6",
                        "3@20!not-an-object 4",
                        "4@25 {\"id\":2}",
                        "4@33!not-json 8");
    }

    @Test
    void leavesAnUnfinishedLineAlone() throws IOException {
        assertThat(read("{\"id\":1}\n{\"id\":2}{\"id\":"))
                .containsExactly("1@0 {\"id\":1}", "2@9 {\"id\":2}", "@17...");
        assertThat(read("\0\0\0")).containsExactly("@0...");
        assertThat(read("12")).containsExactly("@0...");
    }

    @Test
    void passesOverLinesBeyondTheLimit() throws IOException {
        String large = "{\"id\":\"" + "x".repeat(2_000_000) + "\"}";
        byte[] content = ("{\"id\":1}\n" + large + "\n{\"id\":3}\n").getBytes(StandardCharsets.UTF_8);
        assertThat(read(content, 1_000_000))
                .containsExactly(
                        "1@0 {\"id\":1}",
                        "2@9!too-long " + large.length(),
                        "3@" + (large.length() + 10) + " {\"id\":3}");
    }

    @Test
    void cutsAnyTextIntoTheSameLinesAsASplit() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("RecordReaderTest, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(40); k >= 0; k--) {
                text.append("x".repeat(random.nextInt(random.nextInt(8) == 0 ? 400_000 : 60)))
                        .append('\n');
            }
            byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
            Lines lines = new Lines(new Dribble(content, random), content.length);
            long offset = 0;
            for (String expected : text.toString().split("\n", -1)) {
                if (offset == content.length) {
                    break;
                }
                assertThat(lines.next()).isTrue();
                assertThat(lines.offset(lines.from())).isEqualTo(offset);
                assertThat(lines.to() - lines.from()).isEqualTo(expected.length());
                offset += expected.length() + 1;
            }
            assertThat(lines.next()).isFalse();
        }
    }

    /** Gives few bytes at a time. */
    private static final class Dribble extends ByteArrayInputStream {
        private final Random random;

        Dribble(byte[] content, Random random) {
            super(content);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(100_000)));
        }
    }

    @Test
    void keepsHashesInASet() {
        long seed = new Random().nextLong();
        System.out.println("RecordReaderTest.keepsHashesInASet, seed " + seed);
        Random random = new Random(seed);
        LongSet set = new LongSet();
        Set<Long> model = new HashSet<>();
        for (int k = 0; k < 20_000; k++) {
            long value = random.nextInt(4) == 0 ? random.nextInt(50) : random.nextLong() >>> random.nextInt(64);
            assertThat(set.contains(value)).isEqualTo(model.contains(value));
            assertThat(set.add(value)).isEqualTo(model.add(value));
        }
    }
}
