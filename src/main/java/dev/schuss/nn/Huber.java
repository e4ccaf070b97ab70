package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Task;

/**
 * sum_j h(o_j - t_j) / k with h(e) = e^2 / 2 up to |e| = delta and delta (|e| - delta / 2) beyond:
 * Huber 1964, as PyTorch's HuberLoss.
 *
 * @param delta the error from which on it counts linearly
 */
public record Huber(@Range(above = 0) double delta) implements Loss {
  /** As PyTorch's. */
  public static final Huber DEFAULTS = new Huber(1);

  /** Checks delta. */
  public Huber {
    Ranges.check(Huber.class, delta);
  }

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      double c = (double) weights[r] / k;
      for (int j = r * k; j < (r + 1) * k; j++) {
        double error = (double) outputs[j] - targets[j];
        double near = Math.max(-delta, Math.min(delta, error)); // the derivative
        sum += near * (error - near / 2);
        if (d != null) {
          d[j] = (float) (c * near);
        }
      }
      loss += c * sum;
    }
    return loss;
  }

  @Override
  public String misfit(Task task, int outputs) {
    return onlyFor(false, task);
  }
}
