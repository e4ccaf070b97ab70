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
    double wide = (Svg.WIDTH - LEFT - 10) / columns.size();
    Svg svg = new Svg(Svg.WIDTH, TOP + ROW * rows.size() + 42, title);
    svg.words("title", 8, 16, "start", title);
    double top = TOP;
    for (Map.Entry<Double, TreeMap<Double, Field>> row : rows.descendingMap().entrySet()) {
      svg.words("tick", LEFT - 6, top + ROW / 2 + 4, "end", Numbers.exact(row.getKey()));
      int c = 0;
      for (double x : columns) {
        double left = LEFT + wide * c++;
        Field field = row.getValue().get(x);
        if (field == null) {
          continue; // not run, or not yet
        }
        double value = field.value;
        double share = high > low ? (value - low) / (high - low) : 1;
        double good = metric.higherIsBetter() ? share : 1 - share;
        if (!field.isNaN()) {
          svg.field(left + 1, top + 1, wide - 2, ROW - 2, 0.05 + 0.55 * good);
        }
        String shown = field.isNaN() ? field.instead : Numbers.metric(metric.name(), value);
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
