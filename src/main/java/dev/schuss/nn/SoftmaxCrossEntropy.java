package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Transcendental;
import dev.schuss.objective.Task;

/**
 * -log softmax(s)[y] for scores s and class y, by log-sum-exp in double.
 *
 * @param labelSmoothing e, with which the loss is (1 - e) times that of the true class and e times
 *     the mean over all classes: Szegedy et al. 2016
 */
public record SoftmaxCrossEntropy(@Range(min = 0, below = 1) double labelSmoothing)
    implements Loss {
  /** Without smoothing. */
  public static final SoftmaxCrossEntropy DEFAULTS = new SoftmaxCrossEntropy(0);

  /** Checks the smoothing. */
  public SoftmaxCrossEntropy {
    Ranges.check(SoftmaxCrossEntropy.class, labelSmoothing);
  }

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    int n = Math.multiplyExact(rows, k);
    double[] e = Scratch.ofThread().doubles(n);
    for (int row = 0; row < n; row += k) {
      float max = max(outputs, row, k);
      for (int j = row; j < row + k; j++) {
        e[j] = (double) outputs[j] - max;
      }
    }
    Transcendental.exp(e, 0, n);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      int row = r * k;
      double sum = 0;
      for (int j = row; j < row + k; j++) {
        sum += e[j];
      }
      int y = row + (int) targets[r];
      double c = weights[r];
      // The largest score is the one whose e^(s - max) is 1.
      double logSum = Math.log(sum) + max(outputs, row, k);
      loss += c * (1 - labelSmoothing) * (logSum - outputs[y]);
      if (labelSmoothing > 0) {
        loss += c * labelSmoothing * (logSum - mean(outputs, row, k));
      }
      if (d != null) {
        double scale = c / sum;
        for (int j = row; j < row + k; j++) {
          d[j] = (float) (scale * e[j]);
        }
        d[y] -= (float) (c * (1 - labelSmoothing));
        if (labelSmoothing > 0) {
          float share = (float) (c * labelSmoothing / k);
          for (int j = row; j < row + k; j++) {
            d[j] -= share;
          }
        }
      }
    }
    return loss;
  }

  /**
   * The softmax of the scores of each row, exponentiated in double as for the loss.
   *
   * @param scores rows x k
   * @param e scratch memory of rows x k
   * @param to receives rows x k probabilities from {@code at} on; may be {@code scores}
   */
  public static void probabilities(
      float[] scores, int rows, int k, double[] e, float[] to, int at) {
    int n = Math.multiplyExact(rows, k);
    for (int row = 0; row < n; row += k) {
      float max = max(scores, row, k);
      for (int j = row; j < row + k; j++) {
        e[j] = (double) scores[j] - max;
      }
    }
    Transcendental.exp(e, 0, n);
    for (int row = 0; row < n; row += k) {
      double sum = 0;
      for (int j = row; j < row + k; j++) {
        sum += e[j];
      }
      for (int j = row; j < row + k; j++) {
        to[at + j] = (float) (e[j] / sum);
      }
    }
  }

  @Override
  public String misfit(Task task, int outputs) {
    return onlyFor(true, task);
  }

  @Override
  public boolean probabilities() {
    return true;
  }

  private static double mean(float[] s, int from, int n) {
    double sum = 0;
    for (int j = from; j < from + n; j++) {
      sum += s[j];
    }
    return sum / n;
  }

  private static float max(float[] s, int from, int n) {
    float max = s[from];
    for (int j = from + 1; j < from + n; j++) {
      max = Math.max(max, s[j]);
    }
    return max;
  }
}
