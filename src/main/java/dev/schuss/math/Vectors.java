package dev.schuss.math;

/**
 * Loops over flat float vectors, in the forms that the JIT compiler makes fast: it vectorises
 * elementwise loops, but no sum, whose order it must keep. A sum runs in four parts here, which do
 * not wait for each other. Its bits depend on the values and on the range alone.
 */
public final class Vectors {

  private Vectors() {}

  /**
   * y += x, elementwise.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public static void add(float[] y, float[] x) {
    if (y.length != x.length) {
      throw new IllegalArgumentException(
          "a vector of " + x.length + " floats cannot be added to one of " + y.length);
    }
    for (int i = 0; i < y.length; i++) {
      y[i] += x[i];
    }
  }

  /** y[i] += a x[i] for i in [from, to). */
  public static void axpy(float a, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += a * x[i];
    }
  }

  /** y *= factor, elementwise. */
  public static void scale(float[] y, float factor) {
    scale(y, factor, 0, y.length);
  }

  /** y[i] *= factor for i in [from, to). */
  public static void scale(float[] y, float factor, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] *= factor;
    }
  }

  /** The sum of x[i] y[i] for i in [from, to), in double. */
  public static double dot(float[] x, float[] y, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      sum0 += (double) x[i] * y[i];
      sum1 += (double) x[i + 1] * y[i + 1];
      sum2 += (double) x[i + 2] * y[i + 2];
      sum3 += (double) x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      sum0 += (double) x[i] * y[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** The sum of x[i]^2 for i in [from, to), in double. */
  public static double sumOfSquares(float[] x, int from, int to) {
    return dot(x, x, from, to);
  }

  /** Whether no element in [from, to) is NaN or infinite. */
  public static boolean allFinite(float[] x, int from, int to) {
    // x * 0 is 0 for a finite number and NaN otherwise, and NaN survives a sum.
    float probe0 = 0;
    float probe1 = 0;
    float probe2 = 0;
    float probe3 = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      probe0 += x[i] * 0f;
      probe1 += x[i + 1] * 0f;
      probe2 += x[i + 2] * 0f;
      probe3 += x[i + 3] * 0f;
    }
    for (; i < to; i++) {
      probe0 += x[i] * 0f;
    }
    return (probe0 + probe1) + (probe2 + probe3) == 0f;
  }
}
