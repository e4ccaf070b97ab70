package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.DataException;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Plateau;
import java.util.List;

/** What does not belong together is told before the first round. */
final class Suitability {
  private Suitability() {}

  /**
   * Metrics that something depends on.
   *
   * @param validated whether there are validation rows
   * @throws SettingsException if there is no such metric, or nothing to take it of
   */
  static void checkMetrics(
      Objective objective, Optimizer optimizer, Settings settings, boolean validated) {
    if (settings.earlyStopping() != null) {
      String metric = settings.earlyStopping().metric();
      checkMetric("train.earlyStopping", metric, objective, validated);
    }
    if (settings.stopAt() != null && settings.stopAt().metric() != null) {
      checkMetric("train.stopAt", settings.stopAt().metric(), objective, validated);
    }
    Plateau plateau = optimizer.learningRate().plateau();
    if (plateau != null) {
      checkMetric("optimizer.schedule", plateau.metric(), objective, validated);
    }
  }

  private static void checkMetric(
      String block, String metric, Objective objective, boolean validated) {
    Watch.of(block, metric, objective);
    if (!validated) {
      throw new SettingsException(
          block + " needs validation rows: set data.validation, such as { fraction = 0.1 }");
    }
  }

  /** Training rows that the first layer cannot take. */
  static void checkFeatures(Objective objective, Blocks train) {
    if (objective instanceof Network network && network.inputs() != train.width()) {
      throw new SettingsException(
          "the network takes " + network.inputs() + " features, the data has " + train.width());
    }
    int rows = Math.max(objective.microBatch(), objective.nextMicroBatch(Integer.MAX_VALUE));
    long floats = (long) train.width() * rows;
    boolean asTheyAre = objective instanceof Network network && network.takesSparse();
    if (train.sparse() && !asTheyAre && floats > Batch.MAX_EXPANDED) {
      throw new SettingsException( // rather than a task that runs out of memory
          "sparse rows of %,d features are too wide for a first layer that takes dense rows only: begin with a layer of type dense"
              .formatted(train.width()));
    }
  }

  /** Targets that the loss cannot take. */
  static void checkTargets(Objective objective, Blocks blocks) {
    if (blocks != null && objective instanceof Network network && network.choosesTargets()) {
      blocks
          .rdd()
          .map(block -> PartitionWork.misfit(network, block))
          .collect()
          .forEach(Suitability::checkMisfit);
    }
  }

  /** The same in this process. */
  static void checkTargets(Objective objective, List<Block> blocks) {
    if (blocks != null && objective instanceof Network network && network.choosesTargets()) {
      blocks.forEach(block -> checkMisfit(PartitionWork.misfit(network, block)));
    }
  }

  private static void checkMisfit(String misfit) {
    if (!misfit.isEmpty()) {
      throw new DataException(misfit);
    }
  }
}
