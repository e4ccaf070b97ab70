package dev.schuss.math;

import java.util.Arrays;

/**
 * Products of sparse rows X [rows, inputs] with a dense matrix W [outputs, inputs] that is stored
 * row-major within a flat vector.
 *
 * <p>The entries of a row touch whole columns of W, which lie far apart in memory. So the columns
 * that a batch uses are first copied side by side, each once. That suits narrow data (all columns
 * are used again and again) as well as rows of a million columns (of which a batch uses few). If
 * the rows fill the columns in use to more than one part in {@link #FULL}, they are written in full
 * over these, and the product is BLAS's. What is done depends on the batch alone and all sums run
 * in a fixed order, so the bits do not depend on threads.
 */
public final class SparseProduct {
  private static final ThreadLocal<SparseProduct> OF_THREAD =
      ThreadLocal.withInitial(SparseProduct::new);

  /** BLAS does about so many multiplications in the time of one of the loops here. */
  private static final int FULL = 16;

  private int[] place = {}; // of a column among those in use, plus 1; all 0 between calls
  private int[] columns = {};
  private int used;
  private float[] packed = {}; // used x outputs
  private float[] full = {}; // rows x used
  private float[] sum = {}; // of one row or column

  private int[] starts = {}; // of each column in use among the entries by column
  private int[] vectors = {}; // for each entry, where the vector lies that it multiplies
  private float[] factors = {};

  private SparseProduct() {}

  /** The scratch memory of this thread. */
  public static SparseProduct ofThread() {
    return OF_THREAD.get();
  }

  /**
   * y += X W^T.
   *
   * @param w holds W from {@code weight} on
   * @param y rows x outputs
   */
  public void addForward(SparseRows x, float[] w, int weight, int inputs, int outputs, float[] y) {
    find(x, inputs);
    packed = atLeast(packed, Math.multiplyExact(used, outputs));
    for (int c = 0, to = 0; c < used; c++) {
      for (int u = 0, from = weight + columns[c]; u < outputs; u++, from += inputs) {
        packed[to++] = w[from];
      }
    }
    if (mostlyFull(x)) {
      expand(x);
      Blas.get()
          .sgemm(
              false, false, outputs, x.rows(), used, 1, packed, 0, outputs, full, 0, used, 1, y, 0,
              outputs);
    } else {
      int entries = x.entries();
      vectors = atLeast(vectors, entries);
      for (int k = 0; k < entries; k++) {
        vectors[k] = (place[x.indices()[k]] - 1) * outputs;
      }
      sum = atLeast(sum, outputs);
      for (int r = 0; r < x.rows(); r++) {
        System.arraycopy(y, r * outputs, sum, 0, outputs);
        addCombination(x.values(), packed, x.offsets()[r], x.offsets()[r + 1], outputs);
        System.arraycopy(sum, 0, y, r * outputs, outputs);
      }
    }
    forget();
  }

  /**
   * G += dY^T X, the gradient with respect to W of a loss whose gradient with respect to X W^T is
   * dY.
   *
   * @param dy rows x outputs
   * @param gradient holds G from {@code weight} on, laid out like W
   */
  public void addBackward(
      SparseRows x, float[] dy, int outputs, float[] gradient, int weight, int inputs) {
    find(x, inputs);
    if (mostlyFull(x)) {
      expand(x);
      packed = atLeast(packed, Math.multiplyExact(used, outputs));
      Blas.get()
          .sgemm(
              false, true, outputs, used, x.rows(), 1, dy, 0, outputs, full, 0, used, 0, packed, 0,
              outputs);
      for (int c = 0; c < used; c++) {
        addColumn(packed, c * outputs, outputs, gradient, weight + columns[c], inputs);
      }
    } else {
      sortByColumn(x, outputs);
      sum = atLeast(sum, outputs);
      for (int c = 0; c < used; c++) {
        Arrays.fill(sum, 0, outputs, 0f);
        addCombination(factors, dy, starts[c], starts[c + 1], outputs);
        addColumn(sum, 0, outputs, gradient, weight + columns[c], inputs);
      }
    }
    forget();
  }

  /**
   * Adds to the sum the vectors of the entries [from, to), each times its factor. Four at a time
   * spare three of four passes over the sum.
   */
  private void addCombination(float[] factor, float[] of, int from, int to, int n) {
    int k = from;
    for (; k + 3 < to; k += 4) {
      add4(
          sum,
          n,
          of,
          factor[k],
          vectors[k],
          factor[k + 1],
          vectors[k + 1],
          factor[k + 2],
          vectors[k + 2],
          factor[k + 3],
          vectors[k + 3]);
    }
    for (; k < to; k++) {
      add1(sum, n, of, factor[k], vectors[k]);
    }
  }

  private static void add4(
      float[] sum,
      int n,
      float[] of,
      float a,
      int atA,
      float b,
      int atB,
      float c,
      int atC,
      float d,
      int atD) {
    for (int i = 0; i < n; i++) {
      sum[i] += a * of[atA + i] + b * of[atB + i] + c * of[atC + i] + d * of[atD + i];
    }
  }

  private static void add1(float[] sum, int n, float[] of, float a, int at) {
    for (int i = 0; i < n; i++) {
      sum[i] += a * of[at + i];
    }
  }

  private static void addColumn(float[] from, int at, int n, float[] to, int toAt, int stride) {
    for (int u = 0, j = toAt; u < n; u++, j += stride) {
      to[j] += from[at + u];
    }
  }

  /** Gives each column in use a place, in the order in which they are met. */
  private void find(SparseRows x, int inputs) {
    place = atLeast(place, inputs);
    int[] indices = x.indices();
    int entries = x.entries();
    columns = atLeast(columns, Math.min(entries, inputs));
    used = 0;
    for (int k = 0; k < entries; k++) {
      int j = indices[k];
      if (place[j] == 0) {
        columns[used++] = j;
        place[j] = used;
      }
    }
  }

  private void forget() {
    for (int c = 0; c < used; c++) {
      place[columns[c]] = 0;
    }
  }

  private boolean mostlyFull(SparseRows x) {
    return (long) x.entries() * FULL > (long) x.rows() * used;
  }

  /** The rows over the columns in use. */
  private void expand(SparseRows x) {
    int floats = Math.multiplyExact(x.rows(), used);
    full = atLeast(full, floats);
    Arrays.fill(full, 0, floats, 0f);
    for (int r = 0; r < x.rows(); r++) {
      for (int k = x.offsets()[r]; k < x.offsets()[r + 1]; k++) {
        full[r * used + place[x.indices()[k]] - 1] = x.values()[k];
      }
    }
  }

  /** The entries by column, those of a column by row. */
  private void sortByColumn(SparseRows x, int outputs) {
    int entries = x.entries();
    starts = atLeast(starts, used + 2);
    vectors = atLeast(vectors, entries);
    factors = atLeast(factors, entries);
    Arrays.fill(starts, 0, used + 2, 0);
    for (int k = 0; k < entries; k++) {
      starts[place[x.indices()[k]] + 1]++;
    }
    for (int c = 2; c <= used; c++) {
      starts[c + 1] += starts[c];
    }
    for (int r = 0; r < x.rows(); r++) {
      for (int k = x.offsets()[r]; k < x.offsets()[r + 1]; k++) {
        int to = starts[place[x.indices()[k]]]++; // ends as the start of the next column
        vectors[to] = r * outputs;
        factors[to] = x.values()[k];
      }
    }
  }

  private static int[] atLeast(int[] array, int length) {
    return array.length >= length ? array : new int[length];
  }

  private static float[] atLeast(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }
}
