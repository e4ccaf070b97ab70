package dev.schuss.model;

import dev.schuss.math.SparseRows;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * {@link Preprocessing#apply} for sparse rows. Where 0 is shifted to another number, every row gets
 * an entry; the training shifts only columns of single numbers then, which are few. One per thread.
 */
public final class SparseScaling {
  private final float[] shift;
  private final float[] divisor;
  private final int[] shifted; // columns in which 0 does not stay 0, ascending
  private int[] indices = new int[16];
  private float[] values = new float[16];
  private int entries;

  /** The scaling of these inputs. */
  public SparseScaling(Preprocessing preprocessing) {
    shift = preprocessing.shift();
    divisor = preprocessing.divisor();
    shifted =
        shift == null
            ? new int[0]
            : IntStream.range(0, shift.length).filter(j -> shift[j] != 0).toArray();
  }

  /** Number of columns that have an entry in every row. */
  public int always() {
    return shifted.length;
  }

  /** Adds a scaled copy of a raw row; an input that is missing becomes 0. */
  public void apply(SparseRows raw, int row, SparseRows to) {
    if (shift == null) {
      copy(raw, row, to);
      return;
    }
    entries = 0;
    int next = 0;
    for (int k = raw.offsets()[row]; k < raw.offsets()[row + 1]; k++) {
      int j = raw.indices()[k];
      for (; next < shifted.length && shifted[next] < j; next++) {
        add(shifted[next], 0f);
      }
      if (next < shifted.length && shifted[next] == j) {
        next++;
      }
      add(j, raw.values()[k]);
    }
    for (; next < shifted.length; next++) {
      add(shifted[next], 0f);
    }
    to.append(indices, values, 0, entries);
  }

  private void copy(SparseRows raw, int row, SparseRows to) {
    entries = 0;
    for (int k = raw.offsets()[row]; k < raw.offsets()[row + 1]; k++) {
      put(raw.indices()[k], raw.values()[k]);
    }
    to.append(indices, values, 0, entries);
  }

  private void add(int j, float raw) {
    put(j, (raw - shift[j]) / divisor[j]);
  }

  private void put(int j, float x) {
    if (x == 0 || Float.isNaN(x)) {
      return;
    }
    if (entries == indices.length) {
      indices = Arrays.copyOf(indices, 2 * entries);
      values = Arrays.copyOf(values, 2 * entries);
    }
    indices[entries] = j;
    values[entries++] = x;
  }
}
