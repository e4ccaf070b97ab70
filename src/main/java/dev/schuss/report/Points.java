package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Points of curves, in columns as the library takes them.
 *
 * @param curves the number of each point's curve
 * @param parts the number of the part of its curve, which has no gap
 */
record Points(List<Double> x, List<Double> y, List<String> curves, List<String> parts) {
  /** More points of a curve than this would lie on top of each other. */
  private static final int MOST = 600;

  Points() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Adds what axes can show of a curve, which has a gap where they cannot. */
  void add(int curve, double[] atX, double[] atY, boolean logX, boolean logY) {
    int part = parts.isEmpty() ? 0 : Integer.parseInt(parts.get(parts.size() - 1)) + 1;
    int every = Math.max(1, (atX.length + MOST - 1) / MOST);
    int next = 0;
    for (int i = 0; i < atX.length; i++) {
      if (!Span.shows(atX[i], logX) || !Span.shows(atY[i], logY)) {
        part++;
      } else if (i >= next || i == atX.length - 1) {
        add(atX[i], atY[i], "" + curve, "" + part);
        next = i + every;
      }
    }
  }

  private void add(double atX, double atY, String curve, String part) {
    x.add(atX);
    y.add(atY);
    curves.add(curve);
    parts.add(part);
  }

  boolean isEmpty() {
    return x.isEmpty();
  }

  Map<String, Object> columns() {
    return Drawing.map("x", x, "y", y, "curve", curves, "part", parts);
  }

  /** Those without a neighbour, of which no line is seen. */
  Points alone() {
    Points alone = new Points();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      boolean before = i > 0 && part.equals(parts.get(i - 1));
      boolean after = i + 1 < parts.size() && part.equals(parts.get(i + 1));
      if (!before && !after) {
        alone.add(x.get(i), y.get(i), curves.get(i), part);
      }
    }
    return alone;
  }
}
