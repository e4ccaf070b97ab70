package dev.schuss.train;

import dev.schuss.objective.Objective;
import java.util.Map;

/** Watches a validation metric: which epoch was the best, and how long ago. */
final class BestEpoch {
  private final String metric;
  private final boolean higherIsBetter;
  private final double minDelta;
  private final boolean keepWeights;

  private TrainingResult.Best best;
  private float[] weights;
  private Map<String, Double> metrics = Map.of();
  private int epochsSince;

  /** Watches what early stopping names, or the loss where there is none. */
  BestEpoch(Objective objective, EarlyStopping stopping) {
    EarlyStopping rule = stopping == null ? EarlyStopping.DEFAULTS : stopping;
    this.metric = rule.metric();
    this.higherIsBetter = objective.higherIsBetter(metric);
    this.minDelta = rule.minDelta();
    this.keepWeights = stopping != null && stopping.restoreBest();
  }

  /** Takes in an epoch; says whether it is the best so far. A NaN never is. */
  boolean offer(int epoch, Map<String, Double> validation, float[] w) {
    double value = validation.get(metric);
    boolean better =
        best == null
            ? !Double.isNaN(value)
            : higherIsBetter ? value > best.value() + minDelta : value < best.value() - minDelta;
    if (better) {
      best = new TrainingResult.Best(epoch, metric, value);
      metrics = validation;
      epochsSince = 0;
      if (keepWeights) {
        weights = w.clone();
      }
    } else {
      epochsSince++;
    }
    return better;
  }

  /** Epochs since the best one. */
  int epochsSince() {
    return epochsSince;
  }

  /** The best epoch; null before the first. */
  TrainingResult.Best best() {
    return best;
  }

  /** The best epoch's weights; null unless they are to be restored. */
  float[] weights() {
    return weights;
  }

  /** The best epoch's validation metrics. */
  Map<String, Double> metrics() {
    return metrics;
  }
}
