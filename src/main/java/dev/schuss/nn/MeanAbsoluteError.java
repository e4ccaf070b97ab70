package dev.schuss.nn;

import dev.schuss.objective.Task;

/**
 * sum_j |o_j - t_j| / k over the k outputs o and targets t of a row; the derivative at 0 is taken
 * as 0.
 */
public record MeanAbsoluteError() implements Loss {

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      float slope = (float) ((double) weights[r] / k);
      for (int j = r * k; j < (r + 1) * k; j++) {
        float error = outputs[j] - targets[j];
        sum += Math.abs(error);
        if (d != null) {
          d[j] = slope * Math.signum(error);
        }
      }
      loss += weights[r] * sum / k;
    }
    return loss;
  }

  @Override
  public String misfit(Task task, int outputs) {
    return onlyFor(false, task);
  }
}
