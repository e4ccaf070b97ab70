package dev.schuss.train;

import dev.schuss.data.Blocks;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Optimizer;
import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.CostModel.Round;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Whether the driver has room for a training: told before the first round, rather than by running
 * out of memory in the middle of one.
 */
final class DriverMemory {
  private DriverMemory() {}

  /**
   * Refuses a training whose arrays alone, without Spark's own objects and cached rows, are larger
   * than the heap.
   *
   * @throws SettingsException with the numbers
   */
  static void check(
      Objective objective,
      Optimizer optimizer,
      int batchSize,
      Blocks train,
      ReductionPlan plan,
      int copies,
      JavaSparkContext spark) {
    int parameters = objective.layout().size();
    int partitions = train.rowsPerPartition().length;
    MemoryEstimate estimate =
        MemoryEstimate.of(
            new MemoryEstimate.Shape(0, 0, 0, 0), // rows may spill, and a batch need not be dense
            new Round(parameters, optimizer.slots().perWeight().size(), partitions, batchSize, 0),
            new Cluster(
                1, Math.min(plan.tasks(), spark.defaultParallelism()), Double.POSITIVE_INFINITY),
            plan,
            spark.isLocal(),
            copies);
    check(parameters, estimate, Runtime.getRuntime().maxMemory());
  }

  /** The same for a heap of so many bytes. */
  static void check(long parameters, MemoryEstimate estimate, long heap) {
    Map<String, Long> arrays = new LinkedHashMap<>(estimate.driver());
    long spark = arrays.remove(MemoryEstimate.SPARK_ITSELF);
    arrays.remove(MemoryEstimate.ROWS);
    arrays.values().removeIf(bytes -> bytes == 0);
    long needed = arrays.values().stream().mapToLong(Long::longValue).sum();
    if (needed <= heap) {
      return;
    }
    StringBuilder parts = new StringBuilder();
    arrays.forEach(
        (what, bytes) ->
            parts.append(parts.isEmpty() ? "" : ", ").append(what).append(' ').append(mb(bytes)));
    throw new SettingsException(
        String.format(
            Locale.ROOT,
            "the driver is too small for %,d parameters: they take %s of it (%s), and its heap is %s;"
                + " give it at least %dm, with SCHUSS_MEMORY=... scripts/schuss or spark-submit --driver-memory",
            parameters,
            mb(needed),
            parts,
            mb(heap),
            (needed + spark) >> 20));
  }

  private static String mb(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
