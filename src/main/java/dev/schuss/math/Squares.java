package dev.schuss.math;

import java.util.Arrays;

/**
 * The sum of squares of a range, about as fast as a native library's.
 *
 * <p>The JIT compiler vectorises no sum, and no loop over two places that are an unknown distance
 * apart. So four pieces of the range at a time are copied beside a row of partial sums: all places
 * are in one array then, at distances that the compiler knows.
 */
final class Squares {
  /** Partial sums, each of every so many elements. */
  private static final int PARTS = 512;

  /** Elements that are copied at a time. */
  private static final int BLOCK = 4 * PARTS;

  /** Elements that are summed in single precision before the sum is added to one in double. */
  private static final int STRETCH = 8 * BLOCK;

  /** A shorter range, or the rest of one, is as fast in double. */
  private static final int SHORT = 512;

  /** The partial sums and a block of the range; its own, since it stays in the thread's cache. */
  private static final ThreadLocal<float[]> WORK =
      ThreadLocal.withInitial(() -> new float[PARTS + BLOCK]);

  private Squares() {}

  static double sum(float[] x, int from, int to) {
    int rest = (to - from) % BLOCK;
    int end = rest < SHORT ? to - rest : to;
    double sum = 0;
    int stretchEnd;
    for (int i = from; i < end; i = stretchEnd) {
      stretchEnd = i + Math.min(STRETCH, end - i);
      double stretch = ofStretch(x, i, stretchEnd);
      // Not so for NaN; and squares that were lost below 1e-38 are nothing beside 1e-25.
      sum += stretch >= 1e-25 && stretch <= 1e30 ? stretch : Vectors.dot(x, x, i, stretchEnd);
    }
    return sum + Vectors.dot(x, x, end, to);
  }

  private static double ofStretch(float[] x, int from, int to) {
    float[] work = WORK.get();
    Arrays.fill(work, 0, PARTS, 0);
    int length;
    for (int i = from; i < to; i += length) {
      length = Math.min(BLOCK, to - i);
      System.arraycopy(x, i, work, PARTS, length);
      Arrays.fill(work, PARTS + length, PARTS + BLOCK, 0);
      addSquares(work);
    }
    return sumOfParts(work);
  }

  /** Adds the squares of the block to the partial sums. */
  private static void addSquares(float[] work) {
    for (int j = 0; j < PARTS; j++) {
      float a = work[j + PARTS];
      float b = work[j + 2 * PARTS];
      float c = work[j + 3 * PARTS];
      float d = work[j + 4 * PARTS];
      work[j] += (a * a + b * b) + (c * c + d * d);
    }
  }

  private static double sumOfParts(float[] work) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int j = 0; j < PARTS; j += 4) {
      sum0 += work[j];
      sum1 += work[j + 1];
      sum2 += work[j + 2];
      sum3 += work[j + 3];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
