package dev.schuss.data;

import dev.schuss.math.Mix;
import dev.schuss.model.InputRow;
import java.util.List;

/**
 * The canonical place of every row, the same on Spark and without it: key = a 64-bit hash of the
 * raw content (features, labels, weight; not the id), partition = mix(key) mod P, and inside a
 * partition the order of (key, content, id).
 */
final class Canonical {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Wider rows are hashed by their entries other than 0, so that it takes no time per zero. */
  static final int WIDE = 4096;

  private Canonical() {}

  /** The key of the row at these offsets; content that is equal as numbers has equal keys. */
  static long key(
      float[] features, int at, int width, double[] labels, int labelAt, int labelWidth, float w) {
    long h = Mix.of(width, labelWidth);
    if (width > WIDE) {
      for (int j = 0; j < width; j++) {
        if (features[at + j] != 0) {
          h = entry(h, j, features[at + j]);
        }
      }
      return rest(h, labels, labelAt, labelWidth, w);
    }
    int end = at + width;
    int i = at;
    for (; i + 1 < end; i += 2) {
      h = pair(h, features[i], features[i + 1]);
    }
    if (i < end) {
      h = Mix.mix(h + GOLDEN ^ bits(features[i]));
    }
    return rest(h, labels, labelAt, labelWidth, w);
  }

  /** The key of a row, the same whether it is given as entries or in full. */
  static long key(InputRow row, double[] labels, float w) {
    int width = row.width();
    if (!row.isSparse()) {
      return key(row.dense(), 0, width, labels, 0, labels.length, w);
    }
    int[] indices = row.indices();
    float[] values = row.values();
    int n = row.entries();
    long h = Mix.of(width, labels.length);
    if (width > WIDE) {
      for (int k = 0; k < n; k++) {
        h = entry(h, indices[k], values[k]);
      }
      return rest(h, labels, 0, labels.length, w);
    }
    int k = 0;
    int i = 0;
    for (; i + 1 < width; i += 2) {
      float first = k < n && indices[k] == i ? values[k++] : 0f;
      float second = k < n && indices[k] == i + 1 ? values[k++] : 0f;
      h = pair(h, first, second);
    }
    if (i < width) {
      h = Mix.mix(h + GOLDEN ^ bits(k < n ? values[k] : 0f));
    }
    return rest(h, labels, 0, labels.length, w);
  }

  private static long pair(long h, float first, float second) {
    return Mix.mix(h + GOLDEN ^ ((long) bits(first) << 32 | (bits(second) & 0xFFFFFFFFL)));
  }

  private static long entry(long h, int index, float value) {
    return Mix.mix(h + GOLDEN ^ ((long) index << 32 | (bits(value) & 0xFFFFFFFFL)));
  }

  private static long rest(long hash, double[] labels, int labelAt, int labelWidth, float w) {
    long h = hash;
    for (int j = labelAt; j < labelAt + labelWidth; j++) {
      h = Mix.mix(h + GOLDEN ^ Double.doubleToLongBits(labels[j] + 0.0));
    }
    return Mix.mix(h + GOLDEN ^ bits(w));
  }

  /** Adding 0 turns -0 into 0, so that the two hash alike. */
  private static int bits(float x) {
    return Float.floatToIntBits(x + 0f);
  }

  /** The partition of a key, 0 to partitions - 1. */
  static int partition(long key, int partitions) {
    return (int) Long.remainderUnsigned(Mix.mix(key), partitions);
  }

  /** A number in [0, 2^62) by which the rows of a class are drawn for validation. */
  static long rank(long key, long seed) {
    return Mix.of(key, seed) >>> 2;
  }

  /** A Fisher-Yates permutation of 0 to n - 1. */
  static int[] shuffle(int n, long seed, int epoch, int partition) {
    Mix random = new Mix(seed, epoch, partition);
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      p[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = p[i];
      p[i] = p[j];
      p[j] = t;
    }
    return p;
  }

  /**
   * Merges the chunks of one partition, whatever their order, into its canonical block.
   *
   * @param chunks of one shape each
   */
  static RawBlock merge(int partition, List<Chunk> chunks, Chunk.Shape shape) {
    int rows = chunks.stream().mapToInt(Chunk::rows).reduce(0, Math::addExact);
    int[] chunkOf = new int[rows];
    int[] rowOf = new int[rows];
    long[] keys = new long[rows];
    int n = 0;
    for (int c = 0; c < chunks.size(); c++) {
      Chunk chunk = chunks.get(c);
      for (int r = 0; r < chunk.rows(); r++, n++) {
        chunkOf[n] = c;
        rowOf[n] = r;
        keys[n] = chunk.keys()[r];
      }
    }
    int[] order =
        Sorting.byLong(
            keys,
            rows,
            (a, b) ->
                Chunk.compare(chunks.get(chunkOf[a]), rowOf[a], chunks.get(chunkOf[b]), rowOf[b]));
    BlockBuilder block =
        new BlockBuilder(
            partition,
            rows,
            shape.width(),
            shape.labels(),
            shape.weighted(),
            shape.withIds(),
            mostEntries(chunks, rows, shape.width()));
    double[] labels = shape.labels() == 1 ? new double[rows] : null;
    for (int i = 0; i < rows; i++) {
      Chunk chunk = chunks.get(chunkOf[order[i]]);
      int r = rowOf[order[i]];
      chunk.copy(r, block, i);
      if (labels != null) {
        labels[i] = chunk.labels()[r];
      }
    }
    return new RawBlock(block.build(), labels);
  }

  /** The entries of the fullest row where sparse chunks are the smaller form; else -1. */
  private static int mostEntries(List<Chunk> chunks, int rows, int width) {
    long entries = 0;
    int most = 0;
    for (Chunk chunk : chunks) {
      if (chunk.sparse() == null) {
        entries += (long) chunk.rows() * width;
        most = chunk.rows() == 0 ? most : width;
        continue;
      }
      entries += chunk.sparse().entries();
      for (int r = 0; r < chunk.rows(); r++) {
        most = Math.max(most, chunk.sparse().offsets()[r + 1] - chunk.sparse().offsets()[r]);
      }
    }
    return rows > 0 && 2 * entries < (long) rows * width ? most : -1;
  }
}
