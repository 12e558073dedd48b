package dev.holdfast.importers.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the first records of a file. Stateless. */
public final class Heads {
    /** How many records are looked at. */
    public static final int MAX_RECORDS = 200;

    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    private static final int FIRST_BYTES = 4096;
    private static final long MAX_BYTES = 16 * 1024 * 1024;

    private Heads() {}

    /**
     * Shows a file's first records to probes, until one has seen enough.
     *
     * @param file the file
     * @param probes the probes, in order of precedence
     * @return the probe that recognised the file, or null
     * @throws IOException if the file cannot be read
     */
    public static @Nullable Probe probe(Path file, List<Probe> probes) throws IOException {
        if (!mayBeJsonLines(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            Lines lines = new Lines(in, Long.MAX_VALUE);
            Looking looking = new Looking(probes);
            RecordReader reader = new RecordReader(record -> true);
            while (!looking.done && looking.records < MAX_RECORDS && looking.lastOffset < MAX_BYTES && lines.next()) {
                looking.lastOffset = lines.offset(lines.from()) - lines.passedOver();
                reader.read(lines, looking);
            }
        }
        return probes.stream().filter(Probe::isRecognised).findFirst().orElse(null);
    }

    /** Tells whether the first bytes that are neither white space nor NUL begin an object. */
    private static boolean mayBeJsonLines(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(FIRST_BYTES);
            for (byte value : first) {
                boolean blank = (value >= 0 && value <= ' ') || BYTE_ORDER_MARK.indexOf(value & 0xff) >= 0;
                if (!blank) {
                    return value == '{';
                }
            }
            return first.length > 0;
        }
    }

    private static final class Looking implements RecordReader.Handler {
        private final List<Probe> probes;
        private boolean done;
        private int records;
        private long lastOffset;

        Looking(List<Probe> probes) {
            this.probes = probes;
        }

        @Override
        public void onRecord(SourceRecord record, boolean joined) {
            records++;
            for (Probe probe : probes) {
                done |= probe.look(record.tree());
            }
        }

        @Override
        public void onBad(BadPiece piece) {
            records++;
        }

        @Override
        public void onIncomplete(long offset) {
            records++;
        }
    }
}
