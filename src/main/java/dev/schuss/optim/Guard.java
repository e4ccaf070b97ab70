package dev.schuss.optim;

/**
 * Looks whether numbers are finite and far from overflow, at the price of reading what is in the
 * cache anyway.
 */
final class Guard {
  /** Gradients below 2^20 are harmless: their squares, and quotients by 1e-30, are finite. */
  static final float GRADIENT = 0x1p108f;

  /** Weights below 2^40 are harmless. */
  static final float WEIGHT = 0x1p88f;

  /** State below 2^100 is harmless: ten times it is finite. */
  static final float STATE = 0x1p28f;

  /** Largest factor of a vector that takes no float to infinity that it should not. */
  static final double FACTOR = 1e35;

  /** Looks at nothing. */
  static final Guard NONE = new Guard(null);

  private final float[] w;
  private volatile boolean harmless = true;

  Guard(float[] w) {
    this.w = w;
  }

  /** Takes in the weights of a span that was just written. */
  void look(Step.Span p) {
    if (w != null && !below(w, WEIGHT, p.from(), p.to())) {
      harmless = false;
    }
  }

  /** Whether all weights that were looked at are finite and far from overflow. */
  boolean harmless() {
    return harmless;
  }

  /**
   * Whether |x[i]| is below 2^128 / scale for all i in [from, to), and neither infinite nor NaN.
   * Sums that near the limit together may count as over it.
   */
  static boolean below(float[] x, float scale, int from, int to) {
    // What is not finite stays so in a sum; eight sums do not wait for each other.
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i < to - 7; i += 8) {
      s0 += x[i] * scale;
      s1 += x[i + 1] * scale;
      s2 += x[i + 2] * scale;
      s3 += x[i + 3] * scale;
      s4 += x[i + 4] * scale;
      s5 += x[i + 5] * scale;
      s6 += x[i + 6] * scale;
      s7 += x[i + 7] * scale;
    }
    for (; i < to; i++) {
      s0 += x[i] * scale;
    }
    float sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    return Float.isFinite(sum);
  }

  /** A factor in single precision, at most {@link #FACTOR}. */
  static float factor(double value) {
    return (float) Math.max(-FACTOR, Math.min(value, FACTOR));
  }
}
