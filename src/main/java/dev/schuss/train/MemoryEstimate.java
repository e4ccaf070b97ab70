package dev.schuss.train;

import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.CostModel.Round;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training takes of memory, in bytes by what it is for.
 *
 * @param driver of the driver; with its tasks' memory where they share the JVM
 * @param executor of each executor; empty where tasks run in the driver
 */
public record MemoryEstimate(Map<String, Long> driver, Map<String, Long> executor) {
  /** Spark's own objects, classes left aside, and what it keeps free of all use. */
  private static final long SPARK = 450L << 20;

  /** The share of the rest that cached rows may fill: spark.memory.fraction. */
  private static final double CACHE = 0.6;

  private static final long RESERVED = 300L << 20;

  /** The name of the part that is Spark's own objects. */
  static final String SPARK_ITSELF = "Spark";

  /** The name of the executors' part that is cached rows. */
  public static final String ROWS = "rows";

  /**
   * What training data and network amount to.
   *
   * @param rows of training and validation
   * @param rowFloats features and labels of a row, as they are stored
   * @param microBatch rows that a task works on at a time
   * @param activations floats that the layers make of a row
   */
  public record Shape(long rows, long rowFloats, int microBatch, int activations) {
    /** A block's bytes: floats, a key, and the row's place in two orders. */
    long blockBytes() {
      return rows * (Float.BYTES * rowFloats + Long.BYTES + 2 * Integer.BYTES);
    }
  }

  /**
   * The estimate.
   *
   * @param oneJvm whether tasks run in the driver's process
   * @param copies of the whole state: one where the training is saved while it goes, one where it
   *     may go back
   */
  static MemoryEstimate of(
      Shape shape, Round round, Cluster cluster, ReductionPlan plan, boolean oneJvm, int copies) {
    long vector = Float.BYTES * round.parameters();
    Map<String, Long> driver = new LinkedHashMap<>();
    driver.put(SPARK_ITSELF, SPARK);
    driver.put("weights", 2 * vector); // those of the best epoch, too
    driver.put("optimizer state", round.stateArrays() * vector);
    if (copies > 0) {
      driver.put("copies of the state", copies * (1L + round.stateArrays()) * vector);
    }
    driver.put("sums of a round", plan.arriving() * vector);
    Map<String, Long> executor = new LinkedHashMap<>();
    Map<String, Long> tasks = oneJvm ? driver : executor;
    if (!oneJvm) {
      driver.put("copies on their way", 3 * vector);
      executor.put(SPARK_ITSELF, SPARK);
      executor.put("weights", 2 * vector); // and their serialized form
    }
    long branches = plan.ordered() ? 2 : 1;
    long gradients = cluster.cores() * vector * (oneJvm ? branches : branches + 2);
    tasks.merge("gradients", gradients, Long::sum);
    tasks.put(
        "micro-batches",
        cluster.cores()
            * (long) shape.microBatch()
            * Float.BYTES
            * (shape.rowFloats() + 2L * shape.activations()));
    tasks.put(ROWS, shape.blockBytes() / Math.max(1, cluster.executors()));
    return new MemoryEstimate(driver, executor);
  }

  /** Bytes of rows that Spark caches in a JVM of this heap; more of them go to disk. */
  public static long cacheOf(long heap) {
    return Math.max(0, (long) (CACHE * (heap - RESERVED)));
  }
}
