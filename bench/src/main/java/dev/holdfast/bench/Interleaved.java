package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Several sides measured in turns, A B C, C B A, A B C ..., so that whatever else the machine does meets all of them. The
 * first rounds, a third as many again, warm up and do not count: an append waits for its force most of the time, so the
 * compiler takes seconds to get to it.
 *
 * @param sides their names
 * @param rates appends a second: for each side one value a round
 * @param checked how many acknowledged appends were found again on disk
 */
record Interleaved(List<String> sides, List<double[]> rates, long checked) {
    static Interleaved measure(List<? extends Side> sides, int rounds, int sliceMillis) throws Exception {
        List<double[]> rates = new ArrayList<>();
        long[] acknowledged = new long[sides.size()];
        sides.forEach(side -> rates.add(new double[rounds]));
        int warmUps = rounds / 3 + 1;
        for (int round = -warmUps; round < rounds; round++) {
            for (int k = 0; k < sides.size(); k++) {
                int at = round % 2 == 0 ? k : sides.size() - 1 - k;
                Side.Turn turn = sides.get(at).run(sliceMillis * 1_000_000L);
                acknowledged[at] += turn.appends();
                if (round >= 0) {
                    rates.get(at)[round] = turn.perSecond();
                }
            }
        }
        long checked = 0;
        for (int k = 0; k < sides.size(); k++) {
            long found = sides.get(k).recount();
            if (found != acknowledged[k]) {
                throw new IllegalStateException(sides.get(k).name() + ": " + acknowledged[k]
                        + " appends were acknowledged, " + found + " are on disk");
            }
            checked += found;
        }
        return new Interleaved(sides.stream().map(Side::name).toList(), rates, checked);
    }

    double median(int side) {
        return Medians.of(rates.get(side));
    }

    /** One side's rates over another's, round by round. */
    double[] ratios(int side, int rival) {
        double[] ratios = new double[rates.get(side).length];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = rates.get(side)[round] / rates.get(rival)[round];
        }
        return ratios;
    }
}
