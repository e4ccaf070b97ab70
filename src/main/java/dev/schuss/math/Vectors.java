package dev.schuss.math;

/** Loops over flat float vectors, in the forms that the JIT compiler vectorises. */
public final class Vectors {

  private Vectors() {}

  /** y += x, elementwise; the lengths must agree. */
  public static void add(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] += x[i];
    }
  }

  /** y *= factor, elementwise. */
  public static void scale(float[] y, float factor) {
    for (int i = 0; i < y.length; i++) {
      y[i] *= factor;
    }
  }

  /** The sum of x[i]^2 for i in [from, to), in double. */
  public static double sumOfSquares(float[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  /** Whether no element in [from, to) is NaN or infinite. */
  public static boolean allFinite(float[] x, int from, int to) {
    // x * 0 is 0 for a finite number and NaN otherwise, and NaN survives a sum.
    float probe = 0;
    for (int i = from; i < to; i++) {
      probe += x[i] * 0f;
    }
    return probe == 0f;
  }
}
