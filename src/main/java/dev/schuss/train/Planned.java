package dev.schuss.train;

import dev.schuss.data.BalancedPlan;
import dev.schuss.data.MinibatchPlan;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.RunLength;
import dev.schuss.optim.Updater;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What the rounds of a training take, and the rule that updates by them.
 *
 * @param rows in all
 */
record Planned(MinibatchPlan plan, Updater updater, long rows) {

  /**
   * Plans a training of the rows of these partitions.
   *
   * @param sizes rows of each partition
   * @param factory makes the minibatch plan from them; null for the balanced one
   * @param initial weights to start from, which are copied; null for the objective's own
   * @throws SettingsException if the batch or the weights do not fit
   */
  static Planned of(
      int[] sizes,
      Settings settings,
      Objective objective,
      Optimizer optimizer,
      Function<int[], MinibatchPlan> factory,
      float[] initial) {
    long rows = Arrays.stream(sizes).asLongStream().sum();
    if (factory == null && settings.batchSize() > rows) {
      throw new SettingsException(
          "batchSize = %d: more than the %d training rows; set train.batchSize to at most %d"
              .formatted(settings.batchSize(), rows, rows));
    }
    MinibatchPlan plan =
        factory == null
            ? new BalancedPlan(sizes, settings.batchSize(), settings.shortBatch(), settings.seed())
            : factory.apply(sizes);
    long perEpoch = plan.rounds(0);
    if (optimizer.fullBatch() && perEpoch > 1) {
      throw new SettingsException(
          "batchSize = %d: the rule of the optimizer compares gradients of all %d training rows; set train.batchSize to %d"
              .formatted(settings.batchSize(), rows, rows));
    }
    float[] start = initial == null ? objective.initialWeights(settings.seed()) : initial.clone();
    if (start.length != objective.layout().size()) {
      throw new SettingsException(
          start.length + " initial weights for " + objective.layout().size() + " parameters");
    }
    RunLength length = new RunLength(perEpoch, steps(perEpoch, settings));
    return new Planned(
        plan, new Updater(optimizer, length, objective.layout(), List.of(), start), rows);
  }

  /** Updates of the whole run, unless it ends sooner. */
  private static long steps(long perEpoch, Settings settings) {
    long steps = Math.multiplyExact(perEpoch, (long) settings.epochs());
    return settings.maxSteps() == null ? steps : Math.min(steps, settings.maxSteps());
  }
}
