package dev.schuss.math;

/** Placeholder until the math room lands. */
public final class Transcendental {
  private Transcendental() {}

  /** tanh. */
  public static void tanh(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = (float) Math.tanh(x[i]);
    }
  }

  /** sigmoid. */
  public static void sigmoid(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = (float) (1 / (1 + Math.exp(-x[i])));
    }
  }
}
