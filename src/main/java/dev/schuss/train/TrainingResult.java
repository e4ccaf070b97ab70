package dev.schuss.train;

import dev.schuss.objective.Evaluation;
import java.util.List;
import java.util.Map;

/**
 * How a training ended and what came of it.
 *
 * @param weights the result: the best epoch's weights where early stopping restores them, else the
 *     last good ones
 * @param history one entry per finished epoch
 * @param train metrics of the training rows: {@code loss}, the last epoch's mean minibatch loss
 * @param validation metrics of the result on the validation rows; empty without validation
 * @param test metrics of the result on the test rows; empty without test rows
 * @param tested the sums that these are made of; null without test rows
 * @param best the best epoch by the watched metric, or the one that reached {@link StopAt}'s; null
 *     without validation
 * @param time where the seconds went
 * @param reduction how gradients were added up
 * @param advice lines on how it could be better or faster, with numbers, and on what is missing
 *     since somebody stopped the evaluation of the test rows; empty where there is nothing to say
 * @param blas the {@link dev.schuss.math.Blas.Kind#bit}s that executors computed with
 * @param message one line on why it ended before its plan did; null where it did not
 * @param leftOut minibatches that were left out because something was not finite
 * @param rollbacks how often the training went back for that reason
 * @param checkpoints what became of them; null where none were wanted
 */
public record TrainingResult(
    Status status,
    float[] weights,
    long steps,
    int epochs,
    long rows,
    double seconds,
    double samplesPerSecond,
    List<EpochReport> history,
    Map<String, Double> train,
    Map<String, Double> validation,
    Map<String, Double> test,
    Evaluation tested,
    Best best,
    TimeSplit time,
    ReductionPlan reduction,
    List<String> advice,
    int blas,
    String message,
    long leftOut,
    int rollbacks,
    Checkpoints checkpoints) {

  /** How a training ended. */
  public enum Status {
    /** The planned epochs, steps or time are over. */
    COMPLETED,
    /** The validation metric stopped improving, or a target of {@link StopAt} was reached. */
    EARLY_STOPPED,
    /** A loss or gradient was NaN or infinite. */
    DIVERGED,
    /**
     * Somebody asked it to stop: {@link Trainer#cancelWhen}, or from outside, by cancelling its
     * Spark jobs (as a notebook's stop cancels their group) or by interrupting its thread. From
     * outside nothing more is asked of Spark: the epoch that is cut short is not validated, and
     * test rows are not evaluated. A training that came to its end keeps its status when it is
     * stopped while test rows are evaluated; {@link #advice} tells that their metrics are missing.
     */
    CANCELLED
  }

  /**
   * What became of the checkpoints.
   *
   * @param newest where the newest lies; null if there is none
   * @param resumedAt updates that the training went on from; null where it started anew
   * @param saved how many were written
   * @param failed how many could not be
   * @param writingSeconds that writing them and reading them back took
   * @param heldUpSeconds that the training stood still meanwhile, but for the wait at its end
   */
  public record Checkpoints(
      String newest,
      Long resumedAt,
      int saved,
      int failed,
      double writingSeconds,
      double heldUpSeconds) {}

  /** The best epoch by the watched metric, counted from 0. */
  public record Best(int epoch, String metric, double value) {}
}
