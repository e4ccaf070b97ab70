package dev.schuss.train;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.time.Duration;

/**
 * How long and in what steps to train.
 *
 * @param batchSize rows per round
 * @param epochs passes over the training rows
 * @param maxSteps ends the training after so many updates, if that is sooner; null for no limit
 * @param maxTime ends the training at the first round after so much time; null for no limit
 * @param seed of the starting weights, the order of rows and the validation split
 * @param partitions of the training rows; null for as many as the cluster runs tasks at once
 * @param earlyStopping null to train to the end
 */
public record Settings(
    @Range(min = 1) int batchSize,
    @Range(min = 1) int epochs,
    @Range(min = 1) Long maxSteps,
    Duration maxTime,
    long seed,
    @Range(min = 1, max = 100_000) Integer partitions,
    EarlyStopping earlyStopping) {
  /** What a job file need not say. */
  public static final Settings DEFAULTS = new Settings(128, 30, null, null, 1, null, null);

  public Settings {
    Ranges.check(
        Settings.class, batchSize, epochs, maxSteps, maxTime, seed, partitions, earlyStopping);
    if (maxTime != null && (maxTime.isNegative() || maxTime.isZero())) {
      throw new Ranges.OutOfRange("maxTime", maxTime, "longer than nothing");
    }
  }
}
