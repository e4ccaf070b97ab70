package dev.schuss.train;

import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;

/** Where gradients come from: a Spark cluster, or this process. */
interface Rounds extends AutoCloseable {

  /** Training rows in each partition. */
  int[] rowsPerPartition();

  /**
   * Starts to compute the gradient sum of a minibatch. It may be computed while the caller does
   * something else; the weights must stay as they are until {@link #finish}.
   *
   * @param description what Spark's web page shows
   */
  void start(float[] w, RoundRows rows, String description);

  /**
   * The gradient sum that was started; at least the empty sum.
   *
   * @param next what Spark's web page shows of the round that follows unless the training ends: its
   *     tasks may be on their way while the caller makes its update. Null where none follows
   */
  GradientSum finish(String next);

  /** Calls back the round that was said to follow, if it did not start: it will not. */
  void withdraw();

  /** Where the seconds of the last round went, from its start to its end. */
  RoundTime time();

  /** Cores of this machine where tasks run on others; 0 where they run on it. */
  int idleCores();

  /** How sums are added up. */
  ReductionPlan reduction();

  /** The evaluation of the validation rows; null if there are none. */
  Evaluation validate(float[] w);

  /** The evaluation of the test rows; null if there are none. */
  Evaluation test(float[] w);

  /** Both steps of a round. */
  default GradientSum gradient(float[] w, RoundRows rows) {
    start(w, rows, "Schuss: gradient");
    return finish(null);
  }

  /** Gives up a round that was started, and releases what the rounds hold; data stays. */
  @Override
  void close();
}
