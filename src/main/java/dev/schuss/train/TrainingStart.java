package dev.schuss.train;

/**
 * The size of what is about to be trained.
 *
 * @param rows training rows
 * @param parameters size of the flat weight vector
 * @param partitions partitions that the training rows lie in
 * @param batchSize rows per round
 * @param roundsPerEpoch rounds in the first epoch
 * @param epochs planned number of epochs
 */
public record TrainingStart(
    long rows, int parameters, int partitions, long batchSize, long roundsPerEpoch, int epochs) {}
