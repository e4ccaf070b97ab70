package dev.schuss.math;

import java.util.Arrays;

/**
 * Products of sparse rows X [rows, inputs] with a dense matrix W [outputs, inputs] that is stored
 * row-major within a flat vector.
 *
 * <p>The entries of a row touch whole columns of W, which lie far apart in memory. So the columns
 * that a batch uses are first copied side by side, each once, and the loops run over these. That
 * suits narrow data (all columns are used again and again) as well as rows of a million columns (of
 * which a batch uses few). All sums run in the order of the rows and of their entries, so the bits
 * do not depend on threads.
 */
public final class SparseProduct {
  private static final ThreadLocal<SparseProduct> OF_THREAD =
      ThreadLocal.withInitial(SparseProduct::new);

  private int[] place = {}; // of a column among those in use, plus 1; all 0 between calls
  private int[] columns = {};
  private int used;
  private float[] packed = {}; // used x outputs: column by column

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
    reserve(outputs);
    for (int u = 0; u < outputs; u++) {
      int row = weight + u * inputs;
      for (int c = 0, to = u; c < used; c++, to += outputs) {
        packed[to] = w[row + columns[c]];
      }
    }
    int[] offsets = x.offsets();
    int[] indices = x.indices();
    float[] values = x.values();
    for (int r = 0; r < x.rows(); r++) {
      for (int k = offsets[r]; k < offsets[r + 1]; k++) {
        axpy(values[k], packed, (place[indices[k]] - 1) * outputs, y, r * outputs, outputs);
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
    reserve(outputs);
    Arrays.fill(packed, 0, used * outputs, 0f);
    int[] offsets = x.offsets();
    int[] indices = x.indices();
    float[] values = x.values();
    for (int r = 0; r < x.rows(); r++) {
      for (int k = offsets[r]; k < offsets[r + 1]; k++) {
        axpy(values[k], dy, r * outputs, packed, (place[indices[k]] - 1) * outputs, outputs);
      }
    }
    for (int u = 0; u < outputs; u++) {
      int row = weight + u * inputs;
      for (int c = 0, from = u; c < used; c++, from += outputs) {
        gradient[row + columns[c]] += packed[from];
      }
    }
    forget();
  }

  private static void axpy(float a, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] += a * x[xAt + i];
    }
  }

  /** Gives each column in use a place, in the order in which they are met. */
  private void find(SparseRows x, int inputs) {
    if (place.length < inputs) {
      place = new int[inputs];
    }
    int[] indices = x.indices();
    int entries = x.entries();
    if (columns.length < Math.min(entries, inputs)) {
      columns = new int[Math.min(inputs, entries + (entries >> 1))];
    }
    used = 0;
    for (int k = 0; k < entries; k++) {
      int j = indices[k];
      if (place[j] == 0) {
        columns[used++] = j;
        place[j] = used;
      }
    }
  }

  private void reserve(int outputs) {
    int floats = Math.multiplyExact(used, outputs);
    if (packed.length < floats) {
      packed = new float[floats];
    }
  }

  private void forget() {
    for (int c = 0; c < used; c++) {
      place[columns[c]] = 0;
    }
  }
}
