package dev.schuss.data;

import dev.schuss.math.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.RDDInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a data set as one {@link Block} per partition, computed and held where {@link
 * Persist} says. A lost block is computed again, to the same bits. Close it to free the memory.
 */
public final class Blocks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Blocks.class);

  private static final String MEND =
      "give executors more memory (spark.executor.memory; SCHUSS_MEMORY under a local master)";

  private final JavaRDD<Block> kept;
  private final JavaRDD<Block> rdd;
  private final int[] rowsPerPartition;
  private final long fingerprint;
  private final Form form;
  private final Skipped skipped;

  /**
   * What all rows have in common.
   *
   * @param width features per row
   * @param targetWidth targets per row
   * @param sparse whether features are kept as entries other than 0
   */
  record Form(int width, int targetWidth, boolean sparse) {}

  private Blocks(
      JavaRDD<Block> kept, int[] rowsPerPartition, long fingerprint, Form form, Skipped skipped) {
    this.kept = kept;
    this.rdd = JavaRDD.fromRDD(BlocksRdd.of(kept.rdd()), kept.classTag());
    this.rowsPerPartition = rowsPerPartition;
    this.fingerprint = fingerprint;
    this.form = form;
    this.skipped = skipped;
  }

  /** Computes and keeps the blocks. */
  static Blocks keep(
      JavaRDD<Block> blocks, String name, Persist persist, Form form, Skipped skipped) {
    JavaRDD<Block> kept = blocks.setName(name).persist(persist.level());
    Blocks result = null;
    try {
      List<long[]> rows =
          kept.map(block -> new long[] {block.rows(), block.fingerprint()}).collect();
      int[] rowsPerPartition = rows.stream().mapToInt(r -> (int) r[0]).toArray();
      long fingerprint = Mix.of(rows.stream().mapToLong(r -> r[1]).toArray());
      sayWhatDidNotFit(kept, persist);
      result = new Blocks(kept, rowsPerPartition, fingerprint, form, skipped);
      return result;
    } finally {
      if (result == null) {
        free(kept);
      }
    }
  }

  private static void sayWhatDidNotFit(JavaRDD<Block> kept, Persist persist) {
    // Spark leaves out what holds no block at all.
    Optional<RDDInfo> held =
        Arrays.stream(kept.context().getRDDStorageInfo())
            .filter(info -> info.id() == kept.id())
            .findAny();
    long onDisk = held.map(RDDInfo::diskSize).orElse(0L);
    if (persist == Persist.MEMORY_AND_DISK && onDisk > 0) {
      log.warn(
          "{}: {} of {} MB do not fit into memory and lie on disk, which slows every round; {}",
          kept.name(),
          megabytes(onDisk),
          megabytes(onDisk + held.get().memSize()),
          MEND);
    }
    int all = kept.getNumPartitions();
    int lost = all - held.map(RDDInfo::numCachedPartitions).orElse(0);
    if (persist == Persist.MEMORY && lost > 0) {
      log.warn(
          "{}: {} of {} blocks do not fit into memory and are computed anew in every round; {}, or set data.persist = memory-and-disk",
          kept.name(),
          lost,
          all,
          MEND);
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, bytes < 10 << 20 ? "%.1f" : "%.0f", bytes / 1048576.0);
  }

  /** One block per partition, in the order of partitions. */
  public JavaRDD<Block> rdd() {
    return rdd;
  }

  /** What is persisted: {@link #rdd} reads it. */
  JavaRDD<Block> kept() {
    return kept;
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

  /**
   * A sample that is the same however the rows are partitioned: those with the smallest keys, which
   * are hashes of their content, and so the first of each partition.
   *
   * @param most rows of the sample, at least 1; all where there are no more
   * @return how many of the first rows of each partition belong to it
   */
  public int[] sample(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("a sample of " + most + " rows: must be at least 1");
    }
    if (most >= rows()) {
      return rowsPerPartition();
    }
    int count = (int) Math.min(most, Integer.MAX_VALUE);
    List<long[]> keys = rdd.map(block -> firstKeys(block, count)).collect();
    long[] all = keys.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    long last = all[count - 1];
    long below = Arrays.stream(all).filter(key -> key < last).count();
    int[] first = new int[rowsPerPartition.length];
    for (int p = 0; p < first.length; p++) {
      // Rows of one key lie in one partition.
      long equal = Arrays.stream(keys.get(p)).filter(key -> key == last).count();
      first[p] = (int) Arrays.stream(keys.get(p)).filter(key -> key < last).count();
      first[p] += (int) Math.min(equal, count - below);
    }
    return first;
  }

  private static long[] firstKeys(Block block, int most) {
    long[] keys = new long[Math.min(most, block.rows())];
    Arrays.setAll(keys, block::key);
    return keys;
  }

  /** A hash of the keys of all rows, which says whether these are the same blocks as others. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Features per row. */
  public int width() {
    return form.width();
  }

  /** Targets per row: 1 for a class index, 0 where the target is the input. */
  public int targetWidth() {
    return form.targetWidth();
  }

  /** Whether features are kept as entries other than 0. */
  public boolean sparse() {
    return form.sparse();
  }

  /** The rows of the source that were left out; they are told once, with its first blocks. */
  public Skipped skipped() {
    return skipped;
  }

  /** Frees the memory; the blocks can still be computed, each time anew. */
  @Override
  public void close() {
    free(kept);
  }

  /**
   * Frees what is persisted, also on a thread that is interrupted, before or meanwhile: Spark,
   * which waits for an answer of its own, would give up in the middle.
   */
  static void free(JavaRDD<?> rdd) {
    boolean interrupted = false;
    boolean freed = false;
    try {
      while (!freed) {
        interrupted |= Thread.interrupted();
        try {
          rdd.unpersist(false);
          freed = true;
        } catch (Throwable e) { // Scala throws what it does not declare
          if (!(e instanceof InterruptedException)) {
            throw e;
          }
          interrupted = true; // once more, as it may be freed twice
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
