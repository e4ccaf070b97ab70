package dev.schuss.objective;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A differentiable function of a flat parameter vector, summed over rows: F(w) = sum_i c_i f(w;
 * x_i, y_i) / sum_i c_i, with row weights c. This is all that training needs to know of a model;
 * networks are one implementation and users may bring their own.
 *
 * <p>An objective is sent to executors and called from several threads at once there, so it must be
 * serializable and hold no mutable state outside of thread-local scratch memory.
 */
public interface Objective extends Serializable {

  /** The names and places of the parameters. */
  Layout layout();

  /** Starting weights, a function of the seed alone; zeros unless overridden. */
  default float[] initialWeights(long seed) {
    return new float[layout().size()];
  }

  /** Rows per call that suit the processor's caches. It must not depend on the machine. */
  default int microBatch() {
    return 256;
  }

  /**
   * Adds to {@code sum} the weighted loss sum, the gradient of that sum with respect to {@code w},
   * the row weights and the row count ({@link GradientSum#addRows}).
   *
   * @param w layout().size() weights, not to be changed
   * @param rows at least one row
   */
  void addGradient(float[] w, Batch rows, GradientSum sum);

  /** Numbers that {@link #evaluate} keeps beside the loss, such as a count of correct rows. */
  default int counters() {
    return 0;
  }

  /**
   * Adds the weighted loss sum, weights, row count and counters of these rows. Unless overridden it
   * takes the loss from {@link #addGradient}.
   */
  default void evaluate(float[] w, Batch rows, Evaluation sum) {
    GradientSum gradient = new GradientSum(layout().size());
    addGradient(w, rows, gradient);
    sum.addRows(gradient.lossSum(), gradient.weightSum(), gradient.rows());
  }

  /** The figures that an evaluation amounts to, by name; {@code loss} is the weighted mean loss. */
  default Map<String, Double> metrics(Evaluation sum) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", sum.meanLoss());
    return metrics;
  }

  /** Whether a larger value of this metric is a better one; a loss or an error is not. */
  default boolean higherIsBetter(String metric) {
    return false;
  }
}
