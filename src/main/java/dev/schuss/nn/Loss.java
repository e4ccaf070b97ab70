package dev.schuss.nn;

import java.io.Serializable;

/** The error of one row as a function of the network's outputs and the row's target. */
public interface Loss extends Serializable {

  /**
   * The weighted sum of the row losses, in double.
   *
   * @param outputs rows x k network outputs
   * @param targets one class index per row, or rows x k target values, as {@link #classTargets}
   *     says
   * @param weights one weight per row
   * @param d receives the gradient of that sum with respect to the outputs, rows x k; null where
   *     only the loss is wanted
   */
  double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d);

  /** Whether a target is the index of a class rather than k values. */
  boolean classTargets();
}
