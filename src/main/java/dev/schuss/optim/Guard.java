package dev.schuss.optim;

import dev.schuss.math.Vectors;

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
    return Vectors.allFinite(scale, x, from, to);
  }

  /** A factor in single precision, at most {@link #FACTOR}. */
  static float factor(double value) {
    return (float) Math.max(-FACTOR, Math.min(value, FACTOR));
  }
}
