package dev.schuss.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/** Lines of equal value of a function of two numbers, by marching squares. */
final class Contours {
  private final int columns;
  private final int rows;
  private final double[] values; // row-major, (columns + 1) x (rows + 1), the top row first

  /**
   * Evaluates a function on a grid.
   *
   * @param f of places from 0 to 1, from the left and from the top
   */
  Contours(int columns, int rows, DoubleBinaryOperator f) {
    this.columns = columns;
    this.rows = rows;
    this.values = new double[(columns + 1) * (rows + 1)];
    for (int j = 0; j <= rows; j++) {
      for (int i = 0; i <= columns; i++) {
        values[j * (columns + 1) + i] = f.applyAsDouble((double) i / columns, (double) j / rows);
      }
    }
  }

  /** Levels by the share of the grid that lies below, closer at the bottom, where ways end. */
  double[] levels(int count) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] levels = new double[count];
    for (int i = 0; i < count; i++) {
      double share = (i + 1.0) / (count + 1);
      levels[i] = sorted[(int) (share * share * (sorted.length - 1))];
    }
    return levels;
  }

  /**
   * The lines of one level as the path of an SVG element.
   *
   * @param width of the whole grid in pixels
   */
  String path(double level, double left, double top, double width, double height) {
    StringBuilder path = new StringBuilder();
    double[] ends = new double[8];
    for (int j = 0; j < rows; j++) {
      for (int i = 0; i < columns; i++) {
        int n = crossings(i, j, level, ends);
        for (int k = 0; k + 1 < n; k += 2) {
          path.append(
              String.format(
                  Locale.ROOT,
                  "M%.1f %.1fL%.1f %.1f",
                  left + ends[2 * k] / columns * width,
                  top + ends[2 * k + 1] / rows * height,
                  left + ends[2 * k + 2] / columns * width,
                  top + ends[2 * k + 3] / rows * height));
        }
      }
    }
    return path.toString();
  }

  /** Where the level crosses the sides of a cell, two by two; how many times. */
  private int crossings(int i, int j, double level, double[] ends) {
    double a = value(i, j) - level;
    double b = value(i + 1, j) - level;
    double c = value(i + 1, j + 1) - level;
    double d = value(i, j + 1) - level;
    if (!Double.isFinite(a + b + c + d)) {
      return 0; // a hole
    }
    int n = 0;
    n = crossing(a, b, i, j, i + 1, j, ends, n);
    n = crossing(b, c, i + 1, j, i + 1, j + 1, ends, n);
    n = crossing(c, d, i + 1, j + 1, i, j + 1, ends, n);
    n = crossing(d, a, i, j + 1, i, j, ends, n);
    return n;
  }

  private static int crossing(
      double from, double to, int x0, int y0, int x1, int y1, double[] ends, int n) {
    if (from < 0 == to < 0) {
      return n;
    }
    double share = from / (from - to);
    ends[2 * n] = x0 + share * (x1 - x0);
    ends[2 * n + 1] = y0 + share * (y1 - y0);
    return n + 1;
  }

  private double value(int i, int j) {
    return values[j * (columns + 1) + i];
  }
}
