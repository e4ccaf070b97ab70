package dev.schuss.objective;

import java.util.Arrays;

/**
 * Some rows, packed for matrix products: row-major arrays that may be longer than the rows they
 * hold, so that one batch can be filled again and again.
 */
public final class Batch {
  private final int width;
  private final int targetWidth;
  private int rows;
  private float[] features;
  private float[] targets;
  private float[] weights;
  private long[] keys;

  /**
   * An empty batch.
   *
   * @param capacity rows to make room for; it grows when asked for more
   * @param width features per row, at least 1
   * @param targetWidth targets per row: 1 for a class index, 0 where the target is the input
   */
  public Batch(int capacity, int width, int targetWidth) {
    this.width = width;
    this.targetWidth = targetWidth;
    this.features = new float[Math.multiplyExact(capacity, width)];
    this.targets = new float[Math.multiplyExact(capacity, targetWidth)];
    this.weights = new float[capacity];
    this.keys = new long[capacity];
  }

  /** A batch over given arrays, of unit weight and key 0; for tests and single rows. */
  public static Batch of(int rows, float[] features, float[] targets) {
    Batch batch = new Batch(rows, features.length / rows, targets.length / rows);
    batch.resize(rows);
    System.arraycopy(features, 0, batch.features, 0, features.length);
    System.arraycopy(targets, 0, batch.targets, 0, targets.length);
    Arrays.fill(batch.weights, 1);
    return batch;
  }

  /** Sets the number of rows; what the arrays hold is kept where there was room for it. */
  public void resize(int newRows) {
    if (newRows > weights.length) {
      features = Arrays.copyOf(features, Math.multiplyExact(newRows, width));
      targets = Arrays.copyOf(targets, Math.multiplyExact(newRows, targetWidth));
      weights = Arrays.copyOf(weights, newRows);
      keys = Arrays.copyOf(keys, newRows);
    }
    rows = newRows;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Features per row. */
  public int width() {
    return width;
  }

  /** Targets per row. */
  public int targetWidth() {
    return targetWidth;
  }

  /** At least rows x width floats, row by row. */
  public float[] features() {
    return features;
  }

  /** At least rows x targetWidth floats, row by row; a class is its index as a float. */
  public float[] targets() {
    return targets;
  }

  /** At least one weight per row, each 0 or more. */
  public float[] weights() {
    return weights;
  }

  /** At least one key per row: a hash of the row's content, the same wherever the row lies. */
  public long[] keys() {
    return keys;
  }
}
