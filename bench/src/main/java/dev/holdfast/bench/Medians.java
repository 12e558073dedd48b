package dev.holdfast.bench;

import java.util.Arrays;

/** The middle of a few measurements. */
final class Medians {
    private Medians() {}

    static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double[] ratios(double[] over, double[] under) {
        double[] ratios = new double[over.length];
        for (int k = 0; k < ratios.length; k++) {
            ratios[k] = over[k] / under[k];
        }
        return ratios;
    }
}
