package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.objective.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A metric over two axes of numbers, as a table of coloured fields with the values in them. */
final class HeatMap {
  private static final double ROW = 30;
  private static final int LEAST_ROWS = 3; // beside which the name of their axis has room
  private static final double AROUND = 72; // the title above, the names of columns below

  /** Sizes of words as the library counts: 2 pixels. */
  private static final double MOST = 5.5;

  private static final double LEAST = 3;

  /** What a row's words could be long together in the size 1. */
  private static final double WIDE = 330;

  private final String title;
  private final String xName;
  private final String yName;
  private final Metric metric;
  private final TreeMap<Double, TreeMap<Double, Double>> rows = new TreeMap<>();

  HeatMap(String title, String xName, String yName, Metric metric) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
    this.metric = metric;
  }

  /** The value of a field; NaN where every run diverged. */
  void put(double x, double y, double value) {
    rows.computeIfAbsent(y, k -> new TreeMap<>()).put(x, value);
  }

  String svg() {
    TreeSet<Double> columns = new TreeSet<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Map<Double, Double> row : rows.values()) {
      columns.addAll(row.keySet());
      for (double value : row.values()) {
        low = Double.isNaN(value) ? low : Math.min(low, value);
        high = Double.isNaN(value) ? high : Math.max(high, value);
      }
    }
    Fields fields = new Fields();
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<String> words = new ArrayList<>();
    int r = 0;
    for (Map<Double, Double> row : rows.values()) {
      int c = 0;
      for (double column : columns) {
        Double value = row.get(column); // null where it was not run, or not yet
        if (value != null) {
          x.add((double) c);
          y.add((double) r);
          words.add(value.isNaN() ? "diverged" : Numbers.metric(metric.name(), value));
        }
        if (value != null && !value.isNaN()) {
          double share = high > low ? (value - low) / (high - low) : 1;
          fields.add(c, r, 0.05 + 0.55 * (metric.higherIsBetter() ? share : 1 - share));
        }
        c++;
      }
      r++;
    }
    Drawing drawing =
        new Drawing(title, Drawing.WIDTH, ROW * Math.max(LEAST_ROWS, rows.size()) + AROUND);
    fields.draw(drawing, 0.97, 0.93);
    drawing.layer(
        "text",
        Drawing.map("x", x, "y", y, "words", words),
        Drawing.map("x", "x", "y", "y", "label", "words"),
        "color",
        Ink.TEXT,
        "size",
        size(words, columns.size()));
    axis(drawing, "x", xName, columns);
    axis(drawing, "y", yName, rows.keySet());
    return drawing.svg();
  }

  /** The size of words, by which they fit into their fields. */
  private static double size(List<String> words, int columns) {
    int longest = words.stream().mapToInt(String::length).max().orElse(1);
    return Math.max(LEAST, Math.min(MOST, WIDE / columns / longest));
  }

  private static void axis(
      Drawing drawing, String which, String name, Collection<Double> alternatives) {
    double[] at = IntStream.range(0, alternatives.size()).asDoubleStream().toArray();
    List<String> labels = alternatives.stream().map(Numbers::exact).toList();
    Fields.axis(drawing, which, Comparison.lastPart(name), at.length, at, labels);
  }
}
