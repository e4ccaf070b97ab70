package dev.schuss.train;

import dev.schuss.objective.Metric;
import dev.schuss.objective.Objective;
import java.util.Map;

/** Watches a validation metric: which epoch was the best, and how long ago. */
final class BestEpoch {
  private final Watch watch;
  private final double minDelta;
  private final boolean keepWeights;

  private TrainingResult.Best best;
  private float[] weights;
  private Map<String, Double> metrics = Map.of();
  private int epochsSince;

  /**
   * The form of a checkpoint.
   *
   * @param best null before the first
   */
  record Saved(TrainingResult.Best best, Map<String, Double> metrics, int epochsSince) {
    static final Saved DEFAULTS = new Saved(null, Map.of(), 0);
  }

  /** Watches what early stopping names, else what stopAt does, or the loss. */
  BestEpoch(Objective objective, EarlyStopping stopping, StopAt stopAt) {
    String name =
        stopping != null
            ? stopping.metric()
            : stopAt != null && stopAt.metric() != null ? stopAt.metric() : Metric.LOSS.name();
    String setting = stopping != null ? "train.earlyStopping" : "train.stopAt";
    this.watch = Watch.of(setting, name, objective);
    this.minDelta = stopping == null ? 0 : stopping.minDelta();
    this.keepWeights = stopping != null && stopping.restoreBest();
  }

  /** What is watched. */
  Watch watch() {
    return watch;
  }

  /** Takes in an epoch; says whether it is the best so far. A NaN never is. */
  boolean offer(int epoch, Map<String, Double> validation, float[] w) {
    double value = watch.in(validation);
    boolean better =
        best == null ? !Double.isNaN(value) : watch.better(value, best.value(), minDelta);
    if (better) {
      best = new TrainingResult.Best(epoch, watch.metric().name(), value);
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

  /** A target is reached: this epoch is the one that was wanted, whatever else was watched. */
  void settle(int epoch, Watch target, Map<String, Double> validation) {
    best = new TrainingResult.Best(epoch, target.metric().name(), target.in(validation));
    metrics = validation;
    weights = null;
  }

  /** All but the weights. */
  Saved save() {
    return new Saved(best, metrics, epochsSince);
  }

  /** Goes on from a saved state; weights are null where none were kept. */
  void load(Saved saved, float[] keptWeights) {
    best = saved.best();
    metrics = saved.metrics();
    epochsSince = saved.epochsSince();
    weights = keptWeights;
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
