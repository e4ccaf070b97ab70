package dev.schuss.data;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of a data set as one {@link Block} per partition, computed and held in memory (on disk
 * where that does not suffice). A lost block is computed again, to the same bits. Close it to free
 * the memory.
 */
public final class Blocks implements AutoCloseable {
  private final JavaRDD<Block> rdd;
  private final int[] rowsPerPartition;
  private final int width;
  private final int targetWidth;

  private Blocks(JavaRDD<Block> rdd, int[] rowsPerPartition, int width, int targetWidth) {
    this.rdd = rdd;
    this.rowsPerPartition = rowsPerPartition;
    this.width = width;
    this.targetWidth = targetWidth;
  }

  /** Computes and keeps the blocks. */
  static Blocks keep(JavaRDD<Block> blocks, String name, int width, int targetWidth) {
    JavaRDD<Block> kept = blocks.setName(name).persist(StorageLevel.MEMORY_AND_DISK());
    Blocks result = null;
    try {
      List<int[]> rows = kept.map(block -> new int[] {block.rows()}).collect();
      int[] rowsPerPartition = rows.stream().mapToInt(r -> r[0]).toArray();
      result = new Blocks(kept, rowsPerPartition, width, targetWidth);
      return result;
    } finally {
      if (result == null) {
        kept.unpersist(false);
      }
    }
  }

  /** One block per partition, in the order of partitions. */
  public JavaRDD<Block> rdd() {
    return rdd;
  }

  /** Rows in each partition; 0 for an empty one. */
  public int[] rowsPerPartition() {
    return rowsPerPartition.clone();
  }

  /** Number of rows over all partitions. */
  public long rows() {
    long rows = 0;
    for (int r : rowsPerPartition) {
      rows += r;
    }
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

  /** Frees the memory; the blocks can still be computed, each time anew. */
  @Override
  public void close() {
    rdd.unpersist(false);
  }
}
