package dev.schuss.objective;

import dev.schuss.math.SparseRows;
import java.util.Arrays;

/**
 * Some rows, packed for matrix products: row-major arrays that may be longer than the rows they
 * hold, so that one batch can be filled again and again. The features may be {@link #sparse}.
 */
public final class Batch {
  /** Sparse rows are written in full up to so many floats: 1 GB. */
  public static final long MAX_EXPANDED = 1L << 28;

  private final int width;
  private final int targetWidth;
  private int rows;
  private float[] features;
  private float[] targets;
  private float[] weights;
  private long[] keys;
  private long moment;
  private SparseRows sparse; // kept for the next fill where isSparse is false
  private boolean isSparse;
  private boolean expanded;

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

  /**
   * Sets the number of rows, which become dense; what the arrays hold is kept where there was room
   * for it.
   */
  public void resize(int newRows) {
    isSparse = false;
    int floats = Math.multiplyExact(newRows, width);
    if (floats > features.length) {
      features = Arrays.copyOf(features, floats);
    }
    resizeRest(newRows);
  }

  /**
   * Sets the number of rows, whose features become sparse.
   *
   * @return the features, without rows: to be filled with so many
   */
  public SparseRows resizeSparse(int newRows) {
    resizeRest(newRows);
    if (sparse == null) {
      sparse = new SparseRows();
    }
    isSparse = true;
    expanded = false;
    sparse.clear();
    return sparse;
  }

  private void resizeRest(int newRows) {
    if (newRows > weights.length) {
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

  /** The features where the rows are sparse; null where they are dense. */
  public SparseRows sparse() {
    return isSparse ? sparse : null;
  }

  /**
   * At least rows x width floats, row by row. Sparse rows are written in full at the first call.
   *
   * @throws IllegalStateException if they are sparse and too many or too wide for that
   */
  public float[] features() {
    if (isSparse && !expanded) {
      long floats = (long) rows * width;
      if (floats > MAX_EXPANDED) {
        throw new IllegalStateException(
            "%d sparse rows of %d features are too large to be written in full: only a first layer of type dense takes them as they are"
                .formatted(rows, width));
      }
      if (floats > features.length) {
        features = new float[(int) floats];
      }
      for (int row = 0; row < rows; row++) {
        sparse.expand(row, features, row * width, width);
      }
      expanded = true;
    }
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

  /**
   * A number of the round that the rows are trained in: the same in all partitions and in any
   * retry, another one in each round and for each seed. 0 outside of training.
   */
  public long moment() {
    return moment;
  }

  /** Says which round the rows are trained in. */
  public void moment(long newMoment) {
    moment = newMoment;
  }
}
