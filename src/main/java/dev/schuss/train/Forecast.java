package dev.schuss.train;

import dev.schuss.nn.Network;
import dev.schuss.optim.Optimizer;
import dev.schuss.train.CostModel.Cluster;
import dev.schuss.train.CostModel.Estimate;
import dev.schuss.train.CostModel.Round;

/**
 * What a training will cost on a cluster, before there is one.
 *
 * @param plan how gradients are added up
 * @param time of a round
 * @param memory of the processes
 * @param roundsPerEpoch full and short batches
 */
public record Forecast(
    ReductionPlan plan, Estimate time, MemoryEstimate memory, long roundsPerEpoch) {

  /**
   * The place of a training.
   *
   * @param cluster its executors; the driver's own threads where there is one JVM
   * @param oneJvm whether tasks run in the driver's process
   * @param maxResultSize spark.driver.maxResultSize in bytes; 0 for no limit
   * @param flopsPerSecond of a core's matrix products
   */
  public record Place(Cluster cluster, boolean oneJvm, long maxResultSize, double flopsPerSecond) {}

  /**
   * The rows of a training.
   *
   * @param entries of a sparse row that are not 0, on average; null where rows are dense
   */
  public record Data(long rows, Integer entries) {
    boolean sparse() {
      return entries != null;
    }
  }

  /**
   * The forecast.
   *
   * @param data of the training
   * @throws SettingsException if the driver may not take in the sums of a round
   */
  public static Forecast of(
      Network network,
      Optimizer optimizer,
      Settings settings,
      CheckpointSettings checkpoint,
      Data data,
      Place place) {
    int slots = place.cluster().slots();
    int partitions = settings.partitions() == null ? slots : settings.partitions();
    long batch = Math.min(settings.batchSize(), data.rows());
    Round round =
        new Round(
            network.layout().size(),
            optimizer.slots().perWeight().size(),
            partitions,
            batch,
            network.operationsPerRow(data.sparse() ? data.entries() : network.inputs()));
    ReductionPlan plan =
        ReductionPlan.of(
            settings.reduction(),
            settings.treeDepth(),
            round.parameters(),
            partitions,
            Math.min(partitions, slots),
            place.oneJvm(),
            place.maxResultSize());
    MemoryEstimate.Shape shape =
        new MemoryEstimate.Shape(
            data.rows(),
            1L + (data.sparse() ? 2L * data.entries() : network.inputs()), // an index for each
            Math.max(network.microBatch(), network.nextMicroBatch(Integer.MAX_VALUE)),
            network.activations());
    return new Forecast(
        plan,
        CostModel.of(place.oneJvm()).estimate(round, place.cluster(), plan, place.flopsPerSecond()),
        MemoryEstimate.of(
            shape, round, place.cluster(), plan, place.oneJvm(), checkpoint.copies(settings)),
        (data.rows() + batch - 1) / batch);
  }
}
