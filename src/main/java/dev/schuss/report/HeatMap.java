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

  private static final double FAINTEST = 0.05;
  private static final double STRONGEST = 0.6;

  /** What a row's words could be long together in the size 1. */
  private static final double WIDE = 330;

  private final String title;
  private final String xName;
  private final String yName;
  private final Metric metric;
  private final TreeMap<Double, TreeMap<Double, Field>> rows = new TreeMap<>();

  private record Field(double value, String instead) {
    boolean isNaN() {
      return Double.isNaN(value);
    }
  }

  HeatMap(String title, String xName, String yName, Metric metric) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
    this.metric = metric;
  }

  /**
   * The value of a field.
   *
   * @param instead what is written where the value is NaN, such as {@code diverged}
   */
  void put(double x, double y, double value, String instead) {
    rows.computeIfAbsent(y, k -> new TreeMap<>()).put(x, new Field(value, instead));
  }

  String svg() {
    TreeSet<Double> columns = new TreeSet<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Map<Double, Field> row : rows.values()) {
      columns.addAll(row.keySet());
      for (Field field : row.values()) {
        low = field.isNaN() ? low : Math.min(low, field.value);
        high = field.isNaN() ? high : Math.max(high, field.value);
      }
    }
    Fields fields = new Fields();
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<String> words = new ArrayList<>();
    int r = 0;
    for (Map<Double, Field> row : rows.values()) {
      int c = 0;
      for (double column : columns) {
        Field field = row.get(column); // null where it was not run, or not yet
        if (field != null) {
          x.add((double) c);
          y.add((double) r);
          words.add(field.isNaN() ? field.instead : Numbers.metric(metric.name(), field.value));
          // One without a value is clear; the library takes its width, too.
          fields.add(c, r, field.isNaN() ? 0 : strength(field.value, low, high));
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

  /** The best is the strongest, and the worst is still seen. */
  private double strength(double value, double low, double high) {
    double share = high > low ? (value - low) / (high - low) : 1;
    return FAINTEST + (STRONGEST - FAINTEST) * (metric.higherIsBetter() ? share : 1 - share);
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
