package dev.schuss.nn;

import dev.schuss.math.Transcendental;
import dev.schuss.objective.Task;

/**
 * -t log s(z) - (1 - t) log(1 - s(z)) for outputs z and targets t, with the logistic function s;
 * the mean over a row's outputs. As PyTorch's BCEWithLogitsLoss: from z itself, so that nothing is
 * lost where s(z) is near 0 or 1.
 *
 * <p>With {@code classification} it tells two classes apart by one output, whose z belongs to the
 * second one. With {@code regression} each label column holds 0 or 1: labels that do not exclude
 * each other. With {@code reconstruction} the scaled inputs must lie in [0, 1].
 */
public record BinaryCrossEntropy() implements Loss {
  /** A factor of at most 2 each: their product stays below the largest double. */
  private static final int FACTORS = 512;

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    int n = Math.multiplyExact(rows, k);
    double[] e = Scratch.ofThread().doubles(n);
    for (int i = 0; i < n; i++) {
      e[i] = -Math.abs((double) outputs[i]);
    }
    Transcendental.exp(e, 0, n);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      double c = (double) weights[r] / k;
      double sum = 0;
      for (int from = r * k; from < (r + 1) * k; from += FACTORS) {
        int to = Math.min(from + FACTORS, (r + 1) * k);
        double product = 1; // of 1 + e^-|z|, for the sum of its logarithms
        for (int i = from; i < to; i++) {
          product *= 1 + e[i];
          sum += Math.max(outputs[i], 0f) - (double) outputs[i] * targets[i];
        }
        sum += Math.log(product);
      }
      loss += c * sum;
      if (d != null) {
        for (int i = r * k; i < (r + 1) * k; i++) {
          double smaller = e[i] / (1 + e[i]); // of s(z) and 1 - s(z)
          d[i] = (float) (c * ((outputs[i] < 0 ? smaller : 1 - smaller) - targets[i]));
        }
      }
    }
    return loss;
  }

  @Override
  public String misfit(Task task, int outputs) {
    return task == Task.CLASSIFICATION && outputs > 2
        ? "BinaryCrossEntropy tells 2 classes apart, not "
            + outputs
            + ": use softmax-cross-entropy, or for labels that do not exclude each other"
            + " task = regression with a column of 0 and 1 for each"
        : null;
  }

  @Override
  public int units(Task task, int outputs) {
    return task == Task.CLASSIFICATION ? 1 : outputs;
  }

  @Override
  public boolean probabilities() {
    return true;
  }

  @Override
  public String misfit(Task task, float target) {
    if (task == Task.RECONSTRUCTION) {
      return target >= 0 && target <= 1 ? null : "must be in [0, 1] for binary-cross-entropy";
    }
    return target == 0 || target == 1 ? null : "must be 0 or 1 for binary-cross-entropy";
  }
}
