package dev.schuss.nn;

import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.Locale;

/**
 * The error of one row as a function of the network's outputs and the row's target. A new one is a
 * record and a line in {@code Networks}, by which it joins the tests of gradients and the page of
 * job files.
 */
public interface Loss extends Serializable {

  /**
   * The weighted sum of the row losses, in double.
   *
   * @param outputs rows x k network outputs
   * @param targets one class index per row, or rows x k target values, as the task has them
   * @param weights one weight per row
   * @param d receives the gradient of that sum with respect to the outputs, rows x k; null where
   *     only the loss is wanted
   */
  double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d);

  /**
   * Why this is no loss for such a network; null if it is.
   *
   * @param outputs classes, or targets per row
   */
  String misfit(Task task, int outputs);

  /** What a target must be, where this one is not so; null if it may be. */
  default String misfit(Task task, float target) {
    return null;
  }

  /** Units of the output layer. */
  default int units(Task task, int outputs) {
    return outputs;
  }

  /**
   * Whether what is learned are probabilities: of the classes by softmax, or of a 1 by the logistic
   * function.
   */
  default boolean probabilities() {
    return false;
  }

  /** The {@link #misfit} of a loss that is for classes, or for values, alone. */
  default String onlyFor(boolean classes, Task task) {
    return classes == (task == Task.CLASSIFICATION)
        ? null
        : getClass().getSimpleName() + " is not a loss for " + task.name().toLowerCase(Locale.ROOT);
  }
}
