package dev.schuss.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Lines of equal value at levels of one's own. The library's own are the same distance apart, the
 * first half of it above the smallest value; so each level has a layer whose only line it is.
 */
final class Contours {
  private Contours() {}

  /**
   * Draws lines.
   *
   * @param x of the columns of a grid
   * @param y of its rows
   * @param values row by row; those that are not finite cut the lines
   * @param levels of which those beyond the values are left out
   * @param look constants of the lines, names and values in turn
   */
  static void draw(
      Drawing drawing,
      double[] x,
      double[] y,
      double[][] values,
      DoubleStream levels,
      Object... look) {
    List<Double> columns = new ArrayList<>();
    List<Double> rows = new ArrayList<>();
    List<Double> up = new ArrayList<>();
    List<Double> down = new ArrayList<>();
    for (int r = 0; r < y.length; r++) {
      for (int c = 0; c < x.length; c++) {
        columns.add(x[c]);
        rows.add(y[r]);
        up.add(Double.isFinite(values[r][c]) ? values[r][c] : Double.NaN);
        down.add(Double.isFinite(values[r][c]) ? -values[r][c] : Double.NaN);
      }
    }
    DoubleSummaryStatistics range =
        Arrays.stream(values)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .summaryStatistics();
    double low = range.getMin();
    double high = range.getMax();
    levels
        .filter(level -> level > low && level < high)
        .distinct()
        .forEach(
            level -> {
              boolean above = level - low > high - level;
              Map<String, Object> options = Drawing.map(look);
              options.put("binwidth", 2 * (above ? level - low : high - level));
              options.put("sampling", "none");
              drawing.layer(
                  "contour",
                  Drawing.map("x", columns, "y", rows, "z", above ? up : down),
                  Drawing.map("x", "x", "y", "y", "z", "z"),
                  options);
            });
  }
}
