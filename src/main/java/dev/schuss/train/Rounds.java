package dev.schuss.train;

import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;

/** Where gradients come from: a Spark cluster, or this process. */
interface Rounds extends AutoCloseable {

  /** Training rows in each partition. */
  int[] rowsPerPartition();

  /**
   * The gradient sum of a minibatch at these weights; at least the empty sum. It may be changed,
   * and is valid until the next call.
   */
  GradientSum gradient(float[] w, RoundRows rows);

  /** The evaluation of the validation rows; null if there are none. */
  Evaluation validate(float[] w);

  /** The evaluation of the test rows; null if there are none. */
  Evaluation test(float[] w);

  /** Seconds that the last gradient took to broadcast. */
  double broadcastSeconds();

  /** Releases what the rounds themselves hold; data that was given stays. */
  @Override
  void close();
}
