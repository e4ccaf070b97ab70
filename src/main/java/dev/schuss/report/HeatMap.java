package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.objective.Metric;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A metric over two axes of numbers, as a table of coloured fields with the values in them. */
final class HeatMap {
  private static final double LEFT = 70;
  private static final double TOP = 30;
  private static final double ROW = 30;

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
    double wide = (Svg.WIDTH - LEFT - 10) / columns.size();
    Svg svg = new Svg(Svg.WIDTH, TOP + ROW * rows.size() + 42, title);
    svg.words("title", 8, 16, "start", title);
    double top = TOP;
    for (Map.Entry<Double, TreeMap<Double, Double>> row : rows.descendingMap().entrySet()) {
      svg.words("tick", LEFT - 6, top + ROW / 2 + 4, "end", Numbers.exact(row.getKey()));
      int c = 0;
      for (double x : columns) {
        double left = LEFT + wide * c++;
        Double known = row.getValue().get(x);
        if (known == null) {
          continue; // not run, or not yet
        }
        double value = known;
        double share = high > low ? (value - low) / (high - low) : 1;
        double good = metric.higherIsBetter() ? share : 1 - share;
        if (!Double.isNaN(value)) {
          svg.field(left + 1, top + 1, wide - 2, ROW - 2, 0.05 + 0.55 * good);
        }
        String shown = Double.isNaN(value) ? "diverged" : Numbers.metric(metric.name(), value);
        svg.words("small", left + wide / 2, top + ROW / 2 + 4, "middle", shown);
      }
      top += ROW;
    }
    int c = 0;
    for (double x : columns) {
      svg.words("tick", LEFT + wide * (c++ + 0.5), top + 15, "middle", Numbers.exact(x));
    }
    String across = Comparison.lastPart(xName);
    svg.words("name", (LEFT + Svg.WIDTH) / 2, top + 34, "middle", across);
    return svg.upright((TOP + top) / 2, Comparison.lastPart(yName)).end();
  }
}
