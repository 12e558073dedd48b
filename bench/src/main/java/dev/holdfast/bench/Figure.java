package dev.holdfast.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param what what was measured
 * @param own Holdfast's figure, with its unit
 * @param rival what it is compared with and that one's figure, or a dash
 * @param ratio the middle of the ratios and how far they spread, or a dash
 * @param target what is wanted, or a dash
 * @param reached whether it was reached, or null where nothing is wanted
 */
record Figure(
        String what,
        String own,
        String rival,
        String ratio,
        String target,
        @Nullable Boolean reached) {
    static final String NONE = "-";

    /** Holdfast's rate over a rival's, of which at least so much is wanted. */
    static Figure rates(String what, Interleaved measured, int own, int rival, double wanted) {
        double[] ratios = measured.ratios(own, rival);
        return new Figure(
                what,
                rate(measured.median(own)),
                measured.sides().get(rival) + ": " + rate(measured.median(rival)),
                spread(ratios),
                wanted > 0 ? ">= " + wanted : NONE,
                wanted > 0 ? Medians.of(ratios) >= wanted : null);
    }

    static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%,.0f/s", perSecond);
    }

    static String millis(double... values) {
        return String.format(Locale.ROOT, "%,.0f ms", Medians.of(values));
    }

    static String spread(double... ratios) {
        double low = Double.MAX_VALUE;
        double high = 0;
        for (double ratio : ratios) {
            low = Math.min(low, ratio);
            high = Math.max(high, ratio);
        }
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", Medians.of(ratios), low, high);
    }

    String answer() {
        return reached == null ? NONE : reached ? "yes" : "no";
    }
}
