package dev.schuss.data;

import dev.schuss.math.Mix;
import dev.schuss.math.SparseRows;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;

/**
 * The rows of one partition, packed: a function of the set of all rows and of the number of
 * partitions alone, because rows are distributed by a hash of their content and sorted.
 *
 * <p>Row-major float arrays, or compressed sparse rows, in pages of a power of two of rows, so that
 * a block may hold more than 2^31 floats. A block does not change; what it caches, it caches safely
 * for several threads.
 */
public final class Block implements Externalizable {
  private static final long serialVersionUID = 1;

  private int partition;
  private int rows;
  private int width;
  private int targetWidth;
  private int pageShift;
  private float[][] features; // null where the rows are sparse
  private SparseRows[] sparse; // null where they are dense
  private float[][] targets;
  private float[][] weights; // null: every row weighs 1
  private long[] keys;
  private long[] ids; // null: rows have no ids

  private transient volatile Permutation permutation;
  private transient volatile IdIndex idIndex;

  private record Permutation(long seed, int epoch, int[] rows) {}

  private record IdIndex(long[] sorted, int[] rows) {}

  /** For deserialization. */
  public Block() {}

  Block(
      int partition,
      int rows,
      int width,
      int targetWidth,
      int pageShift,
      float[][] features,
      SparseRows[] sparse,
      float[][] targets,
      float[][] weights,
      long[] keys,
      long[] ids) {
    this.partition = partition;
    this.rows = rows;
    this.width = width;
    this.targetWidth = targetWidth;
    this.pageShift = pageShift;
    this.features = features;
    this.sparse = sparse;
    this.targets = targets;
    this.weights = weights;
    this.keys = keys;
    this.ids = ids;
  }

  /** Which partition this is, from 0. */
  public int partition() {
    return partition;
  }

  /** Number of rows; may be 0. */
  public int rows() {
    return rows;
  }

  /** Features per row. */
  public int width() {
    return width;
  }

  /** Targets per row: 1 for a class index, 0 where the target is the input. */
  public int targetWidth() {
    return targetWidth;
  }

  /** Whether the features are kept as entries other than 0. */
  public boolean sparse() {
    return sparse != null;
  }

  /** Whether the rows have weights of their own; otherwise each weighs 1. */
  public boolean weighted() {
    return weights != null;
  }

  /** Whether the rows have ids, as {@link RoundRows.Ids} needs them. */
  public boolean hasIds() {
    return ids != null;
  }

  /** The hash of a row's raw content. */
  public long key(int row) {
    return keys[row];
  }

  /** A hash of the keys of all rows, in their order. */
  public long fingerprint() {
    long hash = rows;
    for (int row = 0; row < rows; row++) {
      hash = Mix.mix(hash ^ keys[row]) + row;
    }
    return hash;
  }

  /** The id of a row, where the block {@link #hasIds}. */
  public long id(int row) {
    return ids[row];
  }

  /**
   * Copies rows into a batch, one after the other.
   *
   * @param rowIndexes rows of this block, each from 0 to {@link #rows} - 1
   * @param from the first entry of rowIndexes to be copied
   * @param count number of entries; the batch is resized to it
   * @throws IllegalArgumentException if the batch is of another width
   */
  public void gather(int[] rowIndexes, int from, int count, Batch into) {
    if (into.width() != width || into.targetWidth() != targetWidth) {
      throw new IllegalArgumentException(
          "rows of %d features and %d targets do not fit a batch of %d and %d"
              .formatted(width, targetWidth, into.width(), into.targetWidth()));
    }
    if (sparse != null) {
      gatherSparse(rowIndexes, from, count, into);
      return;
    }
    into.resize(count);
    int mask = (1 << pageShift) - 1;
    float[] toFeatures = into.features();
    float[] toTargets = into.targets();
    float[] toWeights = into.weights();
    long[] toKeys = into.keys();
    for (int i = 0; i < count; i++) {
      int row = rowIndexes[from + i];
      int page = row >> pageShift;
      int inPage = row & mask;
      System.arraycopy(features[page], inPage * width, toFeatures, i * width, width);
      if (targetWidth == 1) {
        toTargets[i] = targets[page][inPage];
      } else if (targetWidth > 1) {
        System.arraycopy(
            targets[page], inPage * targetWidth, toTargets, i * targetWidth, targetWidth);
      }
      toWeights[i] = weights == null ? 1f : weights[page][inPage];
      toKeys[i] = keys[row];
    }
  }

  private void gatherSparse(int[] rowIndexes, int from, int count, Batch into) {
    SparseRows rowsInto = into.resizeSparse(count);
    for (int i = 0; i < count; i++) {
      int row = rowIndexes[from + i];
      rowsInto.append(sparsePage(row), inPage(row));
      for (int j = 0; j < targetWidth; j++) {
        into.targets()[i * targetWidth + j] = target(row, j);
      }
      into.weights()[i] = weight(row);
      into.keys()[i] = keys[row];
    }
  }

  /**
   * This block's share of a round, in the order in which it is to be added up.
   *
   * @return row indexes; for {@link RoundRows.Ids} those of the ids that lie in this block, in the
   *     order of the list
   * @throws IllegalArgumentException if the round was planned for fewer partitions, or asks for ids
   *     that these rows do not have
   */
  public int[] select(RoundRows round) {
    if (round instanceof RoundRows.Slice slice) {
      if (partition >= slice.count().length) {
        throw new IllegalArgumentException(
            "partition %d in a round that was planned for %d partitions"
                .formatted(partition, slice.count().length));
      }
      int start = slice.start()[partition];
      int count = slice.count()[partition];
      if (count == 0) {
        return new int[0];
      }
      return Arrays.copyOfRange(permutation(slice.seed(), slice.epoch()), start, start + count);
    }
    return selectIds(((RoundRows.Ids) round).ids());
  }

  private int[] selectIds(long[] wanted) {
    if (ids == null) {
      throw new IllegalArgumentException(
          "rows are planned by id, but the data has no id column: name one");
    }
    IdIndex index = idIndex();
    int[] found = new int[wanted.length];
    int n = 0;
    for (long id : wanted) {
      int at = Arrays.binarySearch(index.sorted, id);
      if (at >= 0) {
        found[n++] = index.rows[at];
      }
    }
    return Arrays.copyOf(found, n);
  }

  /**
   * The order in which this block's rows are drawn in an epoch: a Fisher-Yates shuffle from (seed,
   * epoch, partition). The last one is kept; the array is shared and must not be changed.
   */
  public int[] permutation(long seed, int epoch) {
    Permutation last = permutation;
    if (last == null || last.seed != seed || last.epoch != epoch) {
      synchronized (this) {
        last = permutation;
        if (last == null || last.seed != seed || last.epoch != epoch) {
          last = new Permutation(seed, epoch, Canonical.shuffle(rows, seed, epoch, partition));
          permutation = last;
        }
      }
    }
    return last.rows;
  }

  /** All rows, 0 to {@link #rows} - 1: the order in which they are evaluated. */
  public int[] inOrder() {
    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    return order;
  }

  private IdIndex idIndex() {
    IdIndex index = idIndex;
    if (index == null) {
      int[] order = Sorting.byLong(ids, rows, (a, b) -> Integer.compare(a, b));
      long[] sorted = new long[rows];
      Arrays.setAll(sorted, i -> ids[order[i]]);
      index = new IdIndex(sorted, order);
      idIndex = index;
    }
    return index;
  }

  /** The same rows with other targets, one per row; all other arrays are shared. */
  Block withTargets(float[][] newTargets) {
    return new Block(
        partition, rows, width, 1, pageShift, features, sparse, newTargets, weights, keys, ids);
  }

  int pageShift() {
    return pageShift;
  }

  float[] featurePage(int row) {
    return features[row >> pageShift];
  }

  int featureOffset(int row) {
    return inPage(row) * width;
  }

  SparseRows sparsePage(int row) {
    return sparse[row >> pageShift];
  }

  int inPage(int row) {
    return row & ((1 << pageShift) - 1);
  }

  float target(int row, int j) {
    return targets[row >> pageShift][(row & ((1 << pageShift) - 1)) * targetWidth + j];
  }

  float weight(int row) {
    return weights == null ? 1f : weights[row >> pageShift][row & ((1 << pageShift) - 1)];
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(partition);
    out.writeInt(rows);
    out.writeInt(width);
    out.writeInt(targetWidth);
    out.writeInt(pageShift);
    out.writeBoolean(weights != null);
    out.writeBoolean(sparse != null);
    for (int page = 0; page < targets.length; page++) {
      if (sparse == null) {
        Wire.writeFloats(out, features[page]);
      } else {
        SparseWire.write(out, sparse[page]);
      }
      Wire.writeFloats(out, targets[page]);
      Wire.writeFloats(out, weights == null ? null : weights[page]);
    }
    Wire.writeLongs(out, keys);
    Wire.writeLongs(out, ids);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    partition = in.readInt();
    rows = in.readInt();
    width = in.readInt();
    targetWidth = in.readInt();
    pageShift = in.readInt();
    boolean weighted = in.readBoolean();
    boolean isSparse = in.readBoolean();
    int pages = BlockBuilder.pages(rows, pageShift);
    features = isSparse ? null : new float[pages][];
    sparse = isSparse ? new SparseRows[pages] : null;
    targets = new float[pages][];
    weights = weighted ? new float[pages][] : null;
    for (int page = 0; page < pages; page++) {
      if (isSparse) {
        sparse[page] = SparseWire.read(in);
      } else {
        features[page] = Wire.readFloats(in);
      }
      targets[page] = Wire.readFloats(in);
      float[] pageWeights = Wire.readFloats(in);
      if (weighted) {
        weights[page] = pageWeights;
      }
    }
    keys = Wire.readLongs(in);
    ids = Wire.readLongs(in);
  }
}
