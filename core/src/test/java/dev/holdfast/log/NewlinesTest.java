package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NewlinesTest {
    private static final long SEED = Long.getLong("seed", 20_261_121L);

    @Test
    void theFirstNewlineIsFoundWhateverStandsAroundIt() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        byte[] near = {'\n', '\n' - 1, '\n' + 1, (byte) ('\n' | 0x80), 0, 1, (byte) 0x80, (byte) 0xff, 'a'};
        for (int k = 0; k < 20_000; k++) {
            byte[] bytes = new byte[random.nextInt(40)];
            int kinds = 1 + random.nextInt(near.length);
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = near[near.length - 1 - random.nextInt(kinds)];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            assertThat(Newlines.first(bytes, from, to)).isEqualTo(byteByByte(bytes, from, to));
        }
    }

    private static int byteByByte(byte[] bytes, int from, int to) {
        for (int k = from; k < to; k++) {
            if (bytes[k] == '\n') {
                return k;
            }
        }
        return -1;
    }
}
