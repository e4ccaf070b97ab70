package dev.schuss.math;

/**
 * Loops over flat float vectors, in the forms that the JIT compiler makes fast: it vectorises
 * elementwise loops, but no sum, whose order it must keep. A sum runs in several parts here, which
 * do not wait for each other. Its bits depend on the values and on the length of the range alone.
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

  /** The sum of x[i] for i in [from, to), in double. */
  public static double sum(float[] x, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      sum0 += x[i];
      sum1 += x[i + 1];
      sum2 += x[i + 2];
      sum3 += x[i + 3];
    }
    for (; i < to; i++) {
      sum0 += x[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
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

  /**
   * The sum of x[i]^2 for i in [from, to), most of it in single precision, in many short parts that
   * are added up in double: the relative error is at most 8e-7 and usually below 1e-7, since the
   * roundings of a long range cancel. What might leave single precision is added up in double.
   */
  public static double sumOfSquares(float[] x, int from, int to) {
    return Squares.sum(x, from, to);
  }

  /** Whether no element in [from, to) is NaN or infinite. */
  public static boolean allFinite(float[] x, int from, int to) {
    return allFinite(0, x, from, to);
  }

  /**
   * Whether factor x[i] is finite for all i in [from, to), and so are sums of them; only then, for
   * a factor of 0, which finds what is not finite and nothing else.
   */
  public static boolean allFinite(float factor, float[] x, int from, int to) {
    // What is not finite stays so in a sum, and 0 times it is NaN.
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    float sum4 = 0;
    float sum5 = 0;
    float sum6 = 0;
    float sum7 = 0;
    int i = from;
    for (; i < to - 7; i += 8) {
      sum0 += factor * x[i];
      sum1 += factor * x[i + 1];
      sum2 += factor * x[i + 2];
      sum3 += factor * x[i + 3];
      sum4 += factor * x[i + 4];
      sum5 += factor * x[i + 5];
      sum6 += factor * x[i + 6];
      sum7 += factor * x[i + 7];
    }
    for (; i < to; i++) {
      sum0 += factor * x[i];
    }
    float sum = ((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7));
    return Float.isFinite(sum);
  }
}
