package dev.schuss.math;

import java.util.Arrays;

/**
 * Products of sparse rows X [rows, inputs] with a dense matrix W [outputs, inputs] that is stored
 * row-major within a flat vector.
 *
 * <p>The entries of a row touch whole columns of W, whose numbers lie far apart in memory. So the
 * columns that a batch uses are copied side by side, each once, in ascending order: neighbours
 * share what the cache fetches. That suits narrow data (all columns are used again and again) as
 * well as rows of a million columns (of which a batch uses few). It is done in stripes of columns,
 * which stay in the cache. If the rows fill the columns in use to more than one part in {@link
 * #FULL}, they are written in full over a stripe, and the product is BLAS's. What is done depends
 * on the batch alone and all sums run in a fixed order, so the bits do not depend on threads.
 */
public final class SparseProduct {
  private static final ThreadLocal<SparseProduct> OF_THREAD =
      ThreadLocal.withInitial(SparseProduct::new);

  /** BLAS does about so many multiplications in the time of one of the loops here. */
  private static final int FULL = 16;

  /** Columns in use that are worked on together. */
  private static final int STRIPE = 2048;

  /** Columns that are copied together: W gives a cache line of each row, packed stays close. */
  private static final int TILE = 64;

  private long[] isUsed = {}; // a bit for each column; all 0 between calls
  private int[] place = {}; // of a column among those in use; of the others any number
  private int[] columns = {}; // in use
  private int used;

  // Of a stripe:
  private int from; // the first of its columns in use
  private int width; // number of its columns
  private int[] first = {}; // entry of each row
  private int[] end = {}; // entry of each row that no longer belongs to it
  private float[] packed = {}; // width x outputs: columns of W, or of the gradient
  private float[] full = {}; // rows x width
  private int[] starts = {}; // of each column among the entries by column
  private int[] vectors = {}; // for each entry, where the vector lies that it multiplies
  private float[] factors = {};
  private float[] sum = {}; // of one row or column

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
    begin(x, inputs, outputs);
    boolean mostlyFull = mostlyFull(x);
    while (nextStripe(x)) {
      copyColumns(w, weight, inputs, outputs);
      if (mostlyFull) {
        expand(x);
        Blas.get()
            .sgemm(
                false, false, outputs, x.rows(), width, 1, packed, 0, outputs, full, 0, width, 1, y,
                0, outputs);
      } else {
        for (int r = 0; r < x.rows(); r++) {
          addRow(x, r, outputs, y);
        }
      }
    }
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
    begin(x, inputs, outputs);
    boolean mostlyFull = mostlyFull(x);
    while (nextStripe(x)) {
      if (mostlyFull) {
        expand(x);
        Blas.get()
            .sgemm(
                false, true, outputs, width, x.rows(), 1, dy, 0, outputs, full, 0, width, 0, packed,
                0, outputs);
      } else {
        sortByColumn(x, outputs);
        for (int c = 0; c < width; c++) {
          Arrays.fill(sum, 0, outputs, 0f);
          addCombination(factors, dy, starts[c], starts[c + 1], outputs);
          System.arraycopy(sum, 0, packed, c * outputs, outputs);
        }
      }
      addColumns(gradient, weight, inputs, outputs);
    }
  }

  /** Gives each column in use a place, in ascending order; before the first stripe. */
  private void begin(SparseRows x, int inputs, int outputs) {
    int words = (inputs + 63) / 64;
    isUsed = isUsed.length >= words ? isUsed : new long[words];
    place = atLeast(place, inputs);
    int[] indices = x.indices();
    int entries = x.entries();
    for (int k = 0; k < entries; k++) {
      isUsed[indices[k] >> 6] |= 1L << indices[k];
    }
    columns = atLeast(columns, Math.min(entries, inputs));
    used = 0;
    for (int word = 0; word < words; word++) {
      for (long bits = isUsed[word]; bits != 0; bits &= bits - 1) {
        int j = word * 64 + Long.numberOfTrailingZeros(bits);
        place[j] = used;
        columns[used++] = j;
      }
      isUsed[word] = 0;
    }
    from = 0;
    width = 0;
    end = atLeast(end, x.rows());
    System.arraycopy(x.offsets(), 0, end, 0, x.rows());
    first = atLeast(first, x.rows());
    packed = atLeast(packed, Math.multiplyExact(Math.min(used, STRIPE), outputs));
    sum = atLeast(sum, outputs);
  }

  private boolean mostlyFull(SparseRows x) {
    return (long) x.entries() * FULL > (long) x.rows() * used;
  }

  /** Whether there is one more; finds the entries of each row in it. */
  private boolean nextStripe(SparseRows x) {
    from += width;
    width = Math.min(STRIPE, used - from);
    int[] indices = x.indices();
    int to = from + width;
    for (int r = 0; r < x.rows() && width > 0; r++) {
      int k = end[r];
      first[r] = k;
      if (to == used) {
        k = x.offsets()[r + 1];
      } else {
        int last = x.offsets()[r + 1];
        int stop = columns[to];
        while (k < last && indices[k] < stop) {
          k++;
        }
      }
      end[r] = k;
    }
    return width > 0;
  }

  private void copyColumns(float[] w, int weight, int inputs, int outputs) {
    for (int tile = 0; tile < width; tile += TILE) {
      int to = Math.min(tile + TILE, width);
      for (int u = 0, row = weight; u < outputs; u++, row += inputs) {
        for (int c = tile; c < to; c++) {
          packed[c * outputs + u] = w[row + columns[from + c]];
        }
      }
    }
  }

  private void addColumns(float[] gradient, int weight, int inputs, int outputs) {
    for (int tile = 0; tile < width; tile += TILE) {
      int to = Math.min(tile + TILE, width);
      for (int u = 0, row = weight; u < outputs; u++, row += inputs) {
        for (int c = tile; c < to; c++) {
          gradient[row + columns[from + c]] += packed[c * outputs + u];
        }
      }
    }
  }

  /** Adds to row r of y what the stripe has of it. */
  private void addRow(SparseRows x, int r, int outputs, float[] y) {
    int n = end[r] - first[r];
    if (n == 0) {
      return;
    }
    vectors = atLeast(vectors, n);
    factors = atLeast(factors, n);
    for (int i = 0, k = first[r]; i < n; i++, k++) {
      vectors[i] = (place[x.indices()[k]] - from) * outputs;
      factors[i] = x.values()[k];
    }
    System.arraycopy(y, r * outputs, sum, 0, outputs);
    addCombination(factors, packed, 0, n, outputs);
    System.arraycopy(sum, 0, y, r * outputs, outputs);
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

  /** Writes the rows in full over the columns of the stripe. */
  private void expand(SparseRows x) {
    int floats = Math.multiplyExact(x.rows(), width);
    full = atLeast(full, floats);
    Arrays.fill(full, 0, floats, 0f);
    for (int r = 0; r < x.rows(); r++) {
      for (int k = first[r]; k < end[r]; k++) {
        full[r * width + place[x.indices()[k]] - from] = x.values()[k];
      }
    }
  }

  /** The entries of the stripe by column, those of a column by row. */
  private void sortByColumn(SparseRows x, int outputs) {
    starts = atLeast(starts, width + 2);
    Arrays.fill(starts, 0, width + 2, 0);
    int entries = 0;
    for (int r = 0; r < x.rows(); r++) {
      for (int k = first[r]; k < end[r]; k++) {
        starts[place[x.indices()[k]] - from + 2]++;
      }
      entries += end[r] - first[r];
    }
    vectors = atLeast(vectors, entries);
    factors = atLeast(factors, entries);
    for (int c = 2; c <= width; c++) {
      starts[c + 1] += starts[c];
    }
    for (int r = 0; r < x.rows(); r++) {
      for (int k = first[r]; k < end[r]; k++) {
        int to = starts[place[x.indices()[k]] - from + 1]++; // ends as the start of the next one
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
