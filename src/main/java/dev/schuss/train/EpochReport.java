package dev.schuss.train;

import java.util.Map;

/**
 * One epoch.
 *
 * @param step number of updates made so far
 * @param epoch counted from 0
 * @param learningRate used by the last update
 * @param trainLoss mean data loss over the epoch's minibatches, each before its update
 * @param regularization the l1 and l2 terms at the end of the epoch, not part of trainLoss
 * @param validation the metrics of the validation rows by name; empty without validation
 * @param gradientNorms the Euclidean norm of the mean gradient of the epoch's last round (of its
 *     first where it was cut short), by layout segment
 * @param best whether this epoch's metric is the best so far (the metric of early stopping)
 * @param samplesPerSecond training rows per second of this epoch's rounds
 * @param seconds wall time of the epoch, validation included
 * @param time where they went
 * @param searching whether the last update left the weights as they were, since a line search
 *     rejected the point that trainLoss and regularization are of
 */
public record EpochReport(
    long step,
    int epoch,
    double learningRate,
    double trainLoss,
    double regularization,
    Map<String, Double> validation,
    Map<String, Double> gradientNorms,
    boolean best,
    double samplesPerSecond,
    double seconds,
    TimeSplit time,
    boolean searching) {

  /** An epoch whose updates moved the weights. */
  public EpochReport(
      long step,
      int epoch,
      double learningRate,
      double trainLoss,
      double regularization,
      Map<String, Double> validation,
      Map<String, Double> gradientNorms,
      boolean best,
      double samplesPerSecond,
      double seconds,
      TimeSplit time) {
    this(
        step,
        epoch,
        learningRate,
        trainLoss,
        regularization,
        validation,
        gradientNorms,
        best,
        samplesPerSecond,
        seconds,
        time,
        false);
  }
}
