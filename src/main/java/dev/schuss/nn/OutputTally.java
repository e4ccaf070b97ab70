package dev.schuss.nn;

import dev.schuss.objective.Tally;

/** A tally of a network's outputs beside the targets. */
abstract class OutputTally implements Tally {
  private static final long serialVersionUID = 1;

  /**
   * Accounts for rows.
   *
   * @param outputs rows x k, row by row
   * @param targets of the rows, as the network's task has them
   * @param weights one per row
   */
  abstract void add(float[] outputs, float[] targets, float[] weights, int rows);
}
