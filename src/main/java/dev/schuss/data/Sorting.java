package dev.schuss.data;

import java.util.Arrays;
import java.util.Comparator;

/** Sorts row indexes by a 64-bit number without boxing them. */
final class Sorting {
  private static final long HIGH = 0xFFFFFFFF00000000L;

  private Sorting() {}

  /**
   * The indexes 0 to n - 1, sorted by their value (signed), equal values by the comparator.
   *
   * @param values at least n of them
   */
  static int[] byLong(long[] values, int n, Comparator<Integer> ties) {
    // The upper half of the value and the index share one long: a primitive sort does nearly all
    // of the work, and only indexes whose values agree in the upper half are compared in full.
    long[] packed = new long[n];
    for (int i = 0; i < n; i++) {
      packed[i] = (values[i] & HIGH) | i;
    }
    Arrays.sort(packed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = (int) packed[i];
    }
    Comparator<Integer> full =
        Comparator.<Integer>comparingLong(i -> values[i]).thenComparing(ties);
    for (int from = 0; from < n; ) {
      int to = from + 1;
      while (to < n && (packed[to] & HIGH) == (packed[from] & HIGH)) {
        to++;
      }
      if (to - from > 1) {
        sortRun(order, from, to, full);
      }
      from = to;
    }
    return order;
  }

  private static void sortRun(int[] order, int from, int to, Comparator<Integer> comparator) {
    Integer[] run = new Integer[to - from];
    for (int i = from; i < to; i++) {
      run[i - from] = order[i];
    }
    Arrays.sort(run, comparator);
    for (int i = from; i < to; i++) {
      order[i] = run[i - from];
    }
  }
}
