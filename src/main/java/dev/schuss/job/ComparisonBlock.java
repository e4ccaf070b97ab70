package dev.schuss.job;

import dev.schuss.experiment.RateScaling;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Length;

/**
 * The block {@code compare} of a job file.
 *
 * @param metric what runs are ranked by: of the validation rows where there are some, else of the
 *     test rows; null for the first metric that is not the loss
 * @param target a validation value of the metric that is good enough: how many updates and seconds
 *     each run takes to it; null for none
 * @param learningRateScaling how the learning rate follows the batch size
 * @param baseBatchSize the batch size at which learning rates hold as they are written; needed
 *     where they are scaled
 * @param warmup how long the learning rate of every run rises first, but for those that have a
 *     warm-up of their own; null for none
 */
record ComparisonBlock(
    String metric,
    Double target,
    RateScaling learningRateScaling,
    @Range(min = 1) Integer baseBatchSize,
    Length warmup) {
  /** What a job file need not say. */
  static final ComparisonBlock DEFAULTS =
      new ComparisonBlock(null, null, RateScaling.NONE, null, null);

  ComparisonBlock {
    Ranges.check(ComparisonBlock.class, metric, target, learningRateScaling, baseBatchSize, warmup);
    if (target != null && metric == null) {
      throw new IllegalArgumentException(
          "target = %s: of which metric? Name it, such as metric = accuracy".formatted(target));
    }
    if (learningRateScaling != RateScaling.NONE && baseBatchSize == null) {
      throw new IllegalArgumentException(
          "learningRateScaling needs baseBatchSize: the batch size at which the learning rates hold");
    }
    if (learningRateScaling == RateScaling.NONE && baseBatchSize != null) {
      throw new IllegalArgumentException(
          "baseBatchSize = %d does nothing without learningRateScaling = linear or square-root"
              .formatted(baseBatchSize));
    }
    if (warmup != null && !(warmup.count() > 0)) {
      throw new Ranges.OutOfRange("warmup", warmup, "positive");
    }
  }
}
