package dev.schuss.train;

/**
 * One round.
 *
 * @param step number of updates made so far, this one included
 * @param epoch counted from 0
 * @param round within the epoch, counted from 0
 * @param rounds rounds in this epoch
 * @param loss mean data loss of the minibatch before the update
 * @param learningRate used by the update
 * @param rows rows of the minibatch
 * @param seconds wall time
 * @param time where it went, but for the update
 * @param update seconds of the optimizer
 */
public record RoundReport(
    long step,
    int epoch,
    long round,
    long rounds,
    double loss,
    double learningRate,
    long rows,
    double seconds,
    RoundTime time,
    double update) {}
