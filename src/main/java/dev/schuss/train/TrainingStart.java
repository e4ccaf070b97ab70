package dev.schuss.train;

import java.util.List;

/**
 * The size of what is about to be trained.
 *
 * @param rows training rows
 * @param parameters size of the flat weight vector
 * @param partitions partitions that the training rows lie in
 * @param batchSize rows per round
 * @param roundsPerEpoch rounds in the first epoch
 * @param epochs planned number of epochs
 * @param resumed what the training goes on from; null where it starts anew
 */
public record TrainingStart(
    long rows,
    int parameters,
    int partitions,
    long batchSize,
    long roundsPerEpoch,
    int epochs,
    Resumed resumed) {

  /**
   * A checkpoint that a training goes on from.
   *
   * @param checkpoint its folder
   * @param step updates made before
   * @param epoch the epoch to go on with, counted from 0
   * @param round the round to go on with in it, counted from 0
   * @param history the epochs before
   */
  public record Resumed(
      String checkpoint, long step, int epoch, long round, List<EpochReport> history) {}
}
