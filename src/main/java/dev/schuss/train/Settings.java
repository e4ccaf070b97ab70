package dev.schuss.train;

import dev.schuss.data.ShortBatch;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Length;
import java.time.Duration;

/**
 * How long and in what steps to train.
 *
 * @param batchSize rows per round
 * @param shortBatch what becomes of the rows at the end of an epoch that do not fill a batch
 * @param epochs passes over the training rows
 * @param maxSteps ends the training after so many updates, if that is sooner; null for no limit
 * @param maxTime ends the training at the first round after so much time; null for no limit
 * @param seed of the starting weights, the order of rows and the validation split
 * @param partitions of the training rows; null for as many as the cluster runs tasks at once
 * @param reduction how the gradients of partitions are added up
 * @param treeDepth levels of the tree where there is one; null for as few as
 *     spark.driver.maxResultSize allows
 * @param nonFinite what becomes of the training when a loss, a gradient or an update is NaN or
 *     infinite
 * @param earlyStopping null to train to the end
 * @param stopAt ends the training when it is good enough; null for no target
 * @param curvature how often the curvature along an update is measured, by one more gradient; null
 *     for never
 */
public record Settings(
    @Range(min = 1) int batchSize,
    ShortBatch shortBatch,
    @Range(min = 1) int epochs,
    @Range(min = 1) Long maxSteps,
    Duration maxTime,
    long seed,
    @Range(min = 1, max = 100_000) Integer partitions,
    Reduction reduction,
    @Range(min = 2, max = 8) Integer treeDepth,
    NonFinite nonFinite,
    EarlyStopping earlyStopping,
    StopAt stopAt,
    Length curvature) {
  /** What a job file need not say. */
  public static final Settings DEFAULTS =
      new Settings(
          128,
          ShortBatch.KEEP,
          30,
          null,
          null,
          1,
          null,
          Reduction.AUTO,
          null,
          NonFinite.Fail.DEFAULTS,
          null,
          null,
          null);

  public Settings {
    Ranges.check(
        Settings.class,
        batchSize,
        shortBatch,
        epochs,
        maxSteps,
        maxTime,
        seed,
        partitions,
        reduction,
        treeDepth,
        nonFinite,
        earlyStopping,
        stopAt,
        curvature);
    if (stopAt != null && !stopAt.hasTarget()) {
      throw new IllegalArgumentException(
          "stopAt names no target: give it a metric and a value, a trainLoss or a gradientNorm");
    }
    if (curvature != null && !(curvature.count() > 0)) {
      throw new Ranges.OutOfRange("curvature", curvature, "positive");
    }
    if (maxTime != null && (maxTime.isNegative() || maxTime.isZero())) {
      throw new Ranges.OutOfRange("maxTime", maxTime, "longer than nothing");
    }
  }
}
