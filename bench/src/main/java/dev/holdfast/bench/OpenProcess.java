package dev.holdfast.bench;

import dev.holdfast.event.OutputAppended;
import dev.holdfast.log.SessionId;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The process in which opening is measured, so that its heap can be limited: opens a store, drives a session and appends
 * one durable record, again and again, for each kind in turns. Prints the milliseconds, one line a kind.
 */
final class OpenProcess {
    private OpenProcess() {}

    /** What is opened, and whether a saved state helps. */
    private record Kind(SessionId id, boolean state) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(LongSession.LONG, true),
            new Kind(LongSession.SHORT, true),
            new Kind(LongSession.LONG, false),
            new Kind(LongSession.SHORT, false));

    /** Returns the milliseconds of the long session and the short one with a saved state, then of both without. */
    static List<double[]> parse(String output) {
        List<double[]> millis = new ArrayList<>();
        output.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            double[] values = new double[words.length];
            for (int k = 0; k < words.length; k++) {
                values[k] = Double.parseDouble(words[k]);
            }
            millis.add(values);
        });
        return millis;
    }

    /**
     * Opens.
     *
     * @param args the store's directory, and how many rounds count; as many again warm up
     * @throws IOException if the store cannot be read
     */
    public static void main(String[] args) throws IOException {
        Path store = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        double[][] millis = new double[KINDS.size()][rounds];
        // The first one of each kind meets a head that it has to read, and saves the state for the next.
        for (int round = -rounds - 1; round < rounds; round++) {
            for (int k = 0; k < KINDS.size(); k++) {
                double took = open(store, KINDS.get(k));
                if (round >= 0) {
                    millis[k][round] = took;
                }
            }
        }
        for (double[] values : millis) {
            StringBuilder line = new StringBuilder();
            for (double value : values) {
                line.append(line.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.3f", value));
            }
            System.out.println(line);
        }
    }

    private static double open(Path store, Kind kind) throws IOException {
        Path saved = LongSession.directory(store, kind.id).resolve("state.json");
        if (!kind.state) {
            Files.deleteIfExists(saved);
        }
        long start = System.nanoTime();
        try (SessionStore opened = SessionStore.open(store);
                Session session = opened.drive(kind.id)) {
            session.append(OutputAppended.of("opened"));
            return (System.nanoTime() - start) / 1e6;
        }
    }
}
