package dev.schuss.nn;

import dev.schuss.objective.Task;

/**
 * The squared error of the k outputs o against the targets t of a row.
 *
 * @param reduction over the k outputs of a row
 */
public record MeanSquaredError(Reduction reduction) implements Loss {
  /** As PyTorch's MSELoss. */
  public static final MeanSquaredError DEFAULTS = new MeanSquaredError(Reduction.MEAN);

  /** What is made of the k squared errors of a row. */
  public enum Reduction {
    /** sum_j (o_j - t_j)^2 / k. */
    MEAN,
    /** sum_j (o_j - t_j)^2 / 2. */
    HALF_SUM,
    /** sum_j (o_j - t_j)^2: the summed error of a reconstructed row. */
    SUM
  }

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    double scale =
        switch (reduction) {
          case MEAN -> 1.0 / k;
          case HALF_SUM -> 0.5;
          case SUM -> 1;
        };
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double squares = 0;
      float slope = (float) (2 * scale * weights[r]);
      for (int j = r * k; j < (r + 1) * k; j++) {
        float error = outputs[j] - targets[j];
        squares += (double) error * error;
        if (d != null) {
          d[j] = slope * error;
        }
      }
      loss += weights[r] * scale * squares;
    }
    return loss;
  }

  @Override
  public String misfit(Task task, int outputs) {
    return onlyFor(false, task);
  }
}
