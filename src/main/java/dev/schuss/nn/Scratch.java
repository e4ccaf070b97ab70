package dev.schuss.nn;

import java.util.Arrays;

/** A thread's reusable arrays, so that a round allocates nothing per row or micro-batch. */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private float[][] arrays = new float[16][];

  private float[][] shared = new float[4][];

  private float[][] lendable = new float[4][];

  private int lent;

  private double[] doubles = new double[0];

  private Scratch() {}

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** The array of this number, at least so long; it holds what was left in it. */
  float[] floats(int number, int length) {
    if (number >= arrays.length) {
      arrays = Arrays.copyOf(arrays, Math.max(number + 1, 2 * arrays.length));
    }
    if (arrays[number] == null || arrays[number].length < length) {
      arrays[number] = new float[length];
    }
    return arrays[number];
  }

  /**
   * An array that all layers share, at least so long: for use within one call only.
   *
   * @param number 0 to 3
   */
  float[] shared(int number, int length) {
    if (shared[number] == null || shared[number].length < length) {
      shared[number] = new float[length];
    }
    return shared[number];
  }

  /** How many arrays are lent, for {@link #takeBack}. */
  int lent() {
    return lent;
  }

  /** An array, at least so long, that nobody else is lent until it is taken back. */
  float[] lend(int length) {
    if (lent == lendable.length) {
      lendable = Arrays.copyOf(lendable, 2 * lent);
    }
    if (lendable[lent] == null || lendable[lent].length < length) {
      lendable[lent] = new float[length];
    }
    return lendable[lent++];
  }

  /** Takes back the arrays that were lent since there were so many. */
  void takeBack(int before) {
    lent = before;
  }

  /** The one array of doubles, at least so long; it holds what was left in it. */
  double[] doubles(int length) {
    if (doubles.length < length) {
      doubles = new double[length];
    }
    return doubles;
  }
}
