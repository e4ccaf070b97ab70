package dev.schuss.train;

import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How large a round's update is; looked at twice in an epoch, since it reads all weights once more.
 *
 * @param updateRatios the Euclidean norm of the update beside that of the weights before it, by
 *     layout segment; without segments that were all 0
 * @param trustRatios what the update was multiplied by in each layer, by layout segment; of those
 *     rules alone that have such a ratio
 */
record RoundFigures(Map<String, Double> updateRatios, Map<String, Double> trustRatios) {
  static final RoundFigures NONE = new RoundFigures(Map.of(), Map.of());

  /** Larger networks are spared the copy of their weights that the update is told by. */
  private static final int LARGEST = 16_000_000;

  /** Bits of an exponent that lie in one bin. */
  private static final int BIN = 3;

  private static final String ZERO = "zero";

  /** The weights before an update; null where they are too many to be copied. */
  static float[] before(float[] w) {
    return w.length > LARGEST ? null : w.clone();
  }

  /** The share of a gradient's elements by size. */
  static Map<String, Double> sizes(float[] g, Layout layout) {
    long[] counts = new long[2 * Float.MAX_EXPONENT + 4];
    long zeros = 0;
    long all = 0;
    for (Segment s : layout.segments()) {
      if (s.trainable()) {
        for (int i = s.offset(); i < s.end(); i++) {
          if (g[i] == 0) {
            zeros++;
          } else {
            counts[Math.getExponent(g[i]) + Float.MAX_EXPONENT + 1]++;
          }
        }
        all += s.end() - s.offset();
      }
    }
    Map<Integer, Long> bins = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        bins.merge(BIN * Math.floorDiv(i - Float.MAX_EXPONENT - 1, BIN), counts[i], Long::sum);
      }
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    if (zeros > 0) {
      shares.put(ZERO, share(zeros, all));
    }
    for (Map.Entry<Integer, Long> bin : bins.entrySet()) {
      shares.put(bin.getKey().toString(), share(bin.getValue(), all));
    }
    return shares;
  }

  /** To five digits: there is one for every epoch and bin. */
  private static double share(long count, long all) {
    return Math.rint(1e5 * count / all) / 1e5;
  }

  /**
   * Updates beside weights.
   *
   * @param before the weights before the update; null for no ratios
   */
  static Map<String, Double> ratios(float[] before, float[] after, Layout layout) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    if (before == null) {
      return ratios;
    }
    for (Segment s : layout.segments()) {
      double weights = Math.sqrt(Vectors.sumOfSquares(before, s.offset(), s.end()));
      if (s.trainable() && weights > 0) {
        double squares = 0;
        for (int i = s.offset(); i < s.end(); i++) {
          double moved = (double) after[i] - before[i];
          squares += moved * moved;
        }
        ratios.put(s.name(), Math.sqrt(squares) / weights);
      }
    }
    return ratios;
  }

  /**
   * Trust ratios by name.
   *
   * @param trusts as {@link dev.schuss.optim.Updater#trusts} has them
   */
  static Map<String, Double> trusts(double[] trusts, Layout layout) {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < trusts.length; i++) {
      if (Double.isFinite(trusts[i])) {
        named.put(layout.segments().get(i).name(), trusts[i]);
      }
    }
    return named;
  }
}
