package dev.schuss.objective;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

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
   * Rows of the next call of {@link #addGradient}, of so many that are left of a partition's share
   * of a round; at most {@link #microBatch} unless the objective says otherwise.
   *
   * @param left at least 1
   * @return 1 to left
   */
  default int nextMicroBatch(int left) {
    return Math.min(microBatch(), left);
  }

  /**
   * Adds to {@code sum} the weighted loss sum, the gradient of that sum with respect to {@code w},
   * the row weights and the row count ({@link GradientSum#addRows}).
   *
   * <p>Segments that are not trainable are buffers, which the objective moves itself: it adds to
   * the gradient's place there the change that these rows make for, times their number, and says so
   * ({@link GradientSum#addStatistics}). After the round each moves by the mean.
   *
   * @param w layout().size() weights, not to be changed
   * @param rows at least one row
   */
  void addGradient(float[] w, Batch rows, GradientSum sum);

  /**
   * Whether the loss and the gradient of the same rows at the same weights differ from round to
   * round, as with dropout. A line search, which compares losses, would be misled.
   */
  default boolean random() {
    return false;
  }

  /** A new, empty tally of what {@link #evaluate} counts beside the loss; nothing by default. */
  default Tally tally() {
    return new Means();
  }

  /**
   * Adds the weighted loss sum, weights, row count and the tally of these rows. Unless overridden
   * it takes the loss from {@link #addGradient}.
   *
   * @param sum an {@link Evaluation#of} this objective, whose tally is one of {@link #tally}'s
   */
  default void evaluate(float[] w, Batch rows, Evaluation sum) {
    GradientSum gradient = new GradientSum(layout().size());
    addGradient(w, rows, gradient);
    sum.addRows(gradient.lossSum(), gradient.weightSum(), gradient.rows());
  }

  /** The metrics that an evaluation may yield, the loss first, then those of the tally. */
  default List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(List.of(Metric.LOSS));
    metrics.addAll(tally().metrics());
    return List.copyOf(metrics);
  }
}
