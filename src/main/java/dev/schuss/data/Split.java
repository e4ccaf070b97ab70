package dev.schuss.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * Which rows are kept for the test and for validation: of each class the round(fraction n) rows
 * with the smallest {@link Canonical#rank}, so the choice depends on the rows, the fraction and the
 * seed alone. Rows of equal content stay together, on the side that comes nearer to the number
 * wanted, and each class keeps at least one training row.
 *
 * @param classes the distinct labels, ascending; null where all rows are one class
 * @param testBounds per class; rows of smaller rank are test rows
 * @param bounds per class; other rows of smaller rank are validation rows
 * @param seed of the rank
 */
record Split(double[] classes, long[] testBounds, long[] bounds, long seed)
    implements Serializable {
  /** What a row is kept for. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST
  }

  private static final double TOP = 0x1p62; // ranks lie below

  /** All rows are training rows. */
  static Split none(double[] classes, int strata, long seed) {
    return new Split(classes, new long[strata], new long[strata], seed);
  }

  /** Class index of a row. */
  int stratum(RawBlock raw, int row) {
    return classes == null ? 0 : Arrays.binarySearch(classes, raw.label(row));
  }

  /** What a row is kept for. */
  Part part(RawBlock raw, int row) {
    int stratum = stratum(raw, row);
    if (bounds[stratum] == 0) {
      return Part.TRAIN;
    }
    long rank = Canonical.rank(raw.block().key(row), seed);
    return rank < testBounds[stratum]
        ? Part.TEST
        : rank < bounds[stratum] ? Part.VALIDATION : Part.TRAIN;
  }

  /**
   * Finds the bounds.
   *
   * @param counts rows per class
   * @param validation part of the rows, in [0, 1)
   * @param test part of the rows, in [0, 1); both together below 1
   */
  static Split of(
      JavaRDD<RawBlock> raw,
      double[] classes,
      long[] counts,
      double validation,
      double test,
      long seed) {
    long[] none = new long[counts.length];
    long[] tests = test == 0 ? none : bounds(raw, classes, counts, test, seed);
    long[] both = validation == 0 ? tests : bounds(raw, classes, counts, validation + test, seed);
    return new Split(classes, tests, both, seed);
  }

  /**
   * Finds the rank below which a fraction of each class lies. Ranks are uniform, so the bound of a
   * class is known to within a few standard deviations before any is seen: only ranks in such a
   * window are collected. Where many rows are equal the window may miss; it is then widened.
   *
   * @param counts rows per class
   * @param fraction in (0, 1)
   */
  private static long[] bounds(
      JavaRDD<RawBlock> raw, double[] classes, long[] counts, double fraction, long seed) {
    int strata = counts.length;
    long[] wanted = new long[strata];
    double[] half = new double[strata];
    for (int c = 0; c < strata; c++) {
      wanted[c] = Math.min(Math.round(fraction * counts[c]), counts[c] - 1);
      double f = (double) wanted[c] / counts[c];
      half[c] = 6 * Math.sqrt(f * (1 - f) / counts[c]) + 6.0 / counts[c];
    }
    long[] bounds = new long[strata];
    boolean[] done = new boolean[strata];
    for (int c = 0; c < strata; c++) {
      done[c] = wanted[c] <= 0;
    }
    while (!all(done)) {
      long[] from = new long[strata];
      long[] to = new long[strata];
      for (int c = 0; c < strata; c++) {
        if (!done[c]) {
          double f = (double) wanted[c] / counts[c];
          from[c] = (long) (Math.max(0, f - half[c]) * TOP);
          to[c] = (long) (Math.min(1, f + half[c]) * TOP);
          half[c] *= 8;
        }
      }
      Split windows = new Split(classes, to, to, seed);
      Window[] found = new Window[strata];
      Arrays.setAll(found, c -> new Window());
      for (long[] part : raw.map(block -> windows.collect(block, from)).collect()) {
        merge(part, found);
      }
      for (int c = 0; c < strata; c++) {
        if (!done[c]) {
          done[c] = found[c].bound(wanted[c], counts[c], from[c], bounds, c);
        }
      }
    }
    return bounds;
  }

  /** Ranks below the window, and the ranks inside it with their numbers. */
  private static final class Window {
    private long below;
    private final TreeMap<Long, Long> ranks = new TreeMap<>();

    /** Sets the bound if the window holds it. */
    boolean bound(long wanted, long rows, long from, long[] bounds, int c) {
      long inside = ranks.values().stream().mapToLong(n -> n).sum();
      if (below > wanted || below + inside < wanted) {
        return false;
      }
      long taken = below;
      bounds[c] = from;
      for (Map.Entry<Long, Long> group : ranks.entrySet()) {
        long with = taken + group.getValue();
        boolean passes = with > wanted;
        boolean nearerWithout = with - wanted >= wanted - taken;
        if (taken == wanted || (passes && (nearerWithout || with == rows))) {
          break;
        }
        taken = with;
        bounds[c] = group.getKey() + 1;
      }
      return true;
    }
  }

  /** For each class: the number of ranks below from, of distinct ranks in [from, to), and these. */
  private long[] collect(RawBlock raw, long[] from) {
    Window[] windows = new Window[from.length];
    Arrays.setAll(windows, c -> new Window());
    for (int row = 0; row < raw.block().rows(); row++) {
      int c = stratum(raw, row);
      long rank = Canonical.rank(raw.block().key(row), seed);
      if (rank < from[c]) {
        windows[c].below++;
      } else if (rank < bounds[c]) {
        windows[c].ranks.merge(rank, 1L, Long::sum);
      }
    }
    int length = Arrays.stream(windows).mapToInt(w -> 2 + 2 * w.ranks.size()).sum();
    long[] packed = new long[length];
    int at = 0;
    for (Window window : windows) {
      packed[at++] = window.below;
      packed[at++] = window.ranks.size();
      for (Map.Entry<Long, Long> entry : window.ranks.entrySet()) {
        packed[at++] = entry.getKey();
        packed[at++] = entry.getValue();
      }
    }
    return packed;
  }

  private static void merge(long[] part, Window[] into) {
    int at = 0;
    for (Window window : into) {
      window.below += part[at++];
      long n = part[at++];
      for (long i = 0; i < n; i++, at += 2) {
        window.ranks.merge(part[at], part[at + 1], Long::sum);
      }
    }
  }

  private static boolean all(boolean[] done) {
    for (boolean d : done) {
      if (!d) {
        return false;
      }
    }
    return true;
  }
}
