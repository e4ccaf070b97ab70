package dev.schuss.train;

/**
 * Hears of a training as it goes; called on the training thread, in order. An exception from a
 * listener ends the training.
 */
public interface TrainingListener {

  /** Training is about to make its first round. */
  default void started(TrainingStart start) {}

  /** A round was made. */
  default void round(RoundReport report) {}

  /** An epoch was made and validated. */
  default void epoch(EpochReport report) {}

  /** Training ended, for whatever reason; the last call. */
  default void ended(TrainingResult result) {}
}
