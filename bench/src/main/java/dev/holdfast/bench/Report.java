package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/** What was found out: figures and remarks. */
final class Report {
    private static final List<String> HEAD =
            List.of("figure", "Holdfast", "compared with", "ratio (range)", "target", "reached");

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    void add(Figure figure) {
        figures.add(figure);
    }

    void remark(String remark) {
        remarks.add(remark);
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    String print(boolean markdown) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Figure f : figures) {
            rows.add(List.of(f.what(), f.own(), f.rival(), f.ratio(), f.target(), f.answer()));
        }
        StringBuilder out = new StringBuilder();
        for (int k = 0; k < rows.size(); k++) {
            List<String> row = rows.get(k);
            out.append(markdown ? "| " + String.join(" | ", row) + " |" : aligned(row, rows))
                    .append('\n');
            if (markdown && k == 0) {
                out.append("|---".repeat(HEAD.size())).append("|\n");
            }
        }
        out.append('\n');
        remarks.forEach(remark -> out.append("- ").append(remark).append('\n'));
        return out.toString();
    }

    private static String aligned(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
            line.append(row.get(column)).repeat(' ', width - row.get(column).length() + 2);
        }
        return line.toString().stripTrailing();
    }
}
