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

  private static final int LANES = 256;
  private final float[] w;
  private volatile boolean harmless = true;

  Guard(float[] w) {
    this.w = w;
  }

  /** Takes in the weights of a span that was just written. */
  void look(Step.Span p) {
    if (!below(w, WEIGHT, p.from(), p.to())) {
      harmless = false;
    }
  }

  /** Whether all weights that were looked at are finite and far from overflow. */
  boolean harmless() {
    return harmless;
  }

  /**
   * Whether |x[i]| scale is finite for all i in [from, to): so with scale 2^k it is below 2^(128 -
   * k), and neither infinite nor NaN.
   */
  static boolean below(float[] x, float scale, int from, int to) {
    // x scale 0 is 0, or NaN where x scale is not finite, and NaN survives a sum. A sum per lane,
    // because the JIT compiler vectorises no sum over the loop.
    float[] probe = new float[LANES];
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        probe[lane] += x[i + lane] * scale * 0f;
      }
    }
    float sum = 0;
    for (; i < to; i++) {
      sum += x[i] * scale * 0f;
    }
    for (int lane = 0; lane < LANES; lane++) {
      sum += probe[lane];
    }
    return sum == 0;
  }

  /** A factor in single precision, at most {@link #FACTOR}. */
  static float factor(double value) {
    return (float) Math.max(-FACTOR, Math.min(value, FACTOR));
  }
}
