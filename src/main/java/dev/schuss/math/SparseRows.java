package dev.schuss.math;

import java.util.Arrays;

/**
 * Rows of which most entries are 0, in compressed form: row r has the entries offsets[r] to
 * offsets[r + 1], each an index (ascending within the row) and a value. Arrays may be longer than
 * what they hold, so that one object can be filled again and again.
 */
public final class SparseRows {
  private int rows;
  private int[] offsets;
  private int[] indices;
  private float[] values;

  /** No rows yet. */
  public SparseRows() {
    this(new int[1], new int[0], new float[0]);
  }

  /**
   * Rows over given arrays, which are not copied.
   *
   * @param offsets one more than rows, ascending from 0
   * @param indices at least as many as the last offset says
   * @param values at least as many as the last offset says
   */
  public SparseRows(int[] offsets, int[] indices, float[] values) {
    this.rows = offsets.length - 1;
    this.offsets = offsets;
    this.indices = indices;
    this.values = values;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of entries over all rows. */
  public int entries() {
    return offsets[rows];
  }

  /** At least rows + 1 places: where each row starts, and where the last one ends. */
  public int[] offsets() {
    return offsets;
  }

  /** At least {@link #entries} column numbers, from 0. */
  public int[] indices() {
    return indices;
  }

  /** At least {@link #entries} values. */
  public float[] values() {
    return values;
  }

  /** Forgets the rows and keeps the room. */
  public void clear() {
    rows = 0;
  }

  /**
   * Adds a row of the entries [from, to) of two arrays.
   *
   * @throws ArithmeticException if there are more than 2^31 - 1 entries in all
   */
  public void append(int[] rowIndices, float[] rowValues, int from, int to) {
    int at = entries();
    int end = Math.addExact(at, to - from);
    reserve(end);
    System.arraycopy(rowIndices, from, indices, at, to - from);
    System.arraycopy(rowValues, from, values, at, to - from);
    endRow(end);
  }

  /** Adds a copy of another's row. */
  public void append(SparseRows from, int row) {
    append(from.indices, from.values, from.offsets[row], from.offsets[row + 1]);
  }

  /** Adds a row that is given in full; its zeros are left out. */
  public void append(float[] x, int at, int width) {
    int end = entries();
    for (int j = 0; j < width; j++) {
      if (x[at + j] != 0) {
        reserve(end + 1);
        indices[end] = j;
        values[end++] = x[at + j];
      }
    }
    endRow(end);
  }

  /** Writes a row in full. */
  public void expand(int row, float[] to, int at, int width) {
    Arrays.fill(to, at, at + width, 0f);
    for (int k = offsets[row]; k < offsets[row + 1]; k++) {
      to[at + indices[k]] = values[k];
    }
  }

  /** Gives back what there is room for beyond the rows. */
  public void trim() {
    if (offsets.length > rows + 1 || indices.length > entries()) {
      offsets = Arrays.copyOf(offsets, rows + 1);
      indices = Arrays.copyOf(indices, entries());
      values = Arrays.copyOf(values, indices.length);
    }
  }

  private void endRow(int end) {
    if (rows + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, grown(offsets.length, rows + 2));
    }
    offsets[++rows] = end;
  }

  private void reserve(int entries) {
    if (entries > values.length) {
      int length = grown(values.length, entries);
      indices = Arrays.copyOf(indices, length);
      values = Arrays.copyOf(values, length);
    }
  }

  private static int grown(int length, int needed) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, length + (length >> 1) + 8L));
  }
}
