package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Task;

/**
 * sum over j != y of max(0, s_j - s_y + delta) for scores s and class y: the multiclass support
 * vector machine of Weston and Watkins 1999. Its scores are no logarithms of probabilities: {@code
 * predict} writes them as they are.
 *
 * @param delta the margin by which the score of the true class should be the largest
 */
public record MulticlassHinge(@Range(above = 0) double delta) implements Loss {
  /** The usual margin. */
  public static final MulticlassHinge DEFAULTS = new MulticlassHinge(1);

  /** Checks the margin. */
  public MulticlassHinge {
    Ranges.check(MulticlassHinge.class, delta);
  }

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      int row = r * k;
      int y = row + (int) targets[r];
      float c = weights[r];
      double sum = 0;
      int within = 0;
      for (int j = row; j < row + k; j++) {
        double excess = (double) outputs[j] - outputs[y] + delta;
        boolean counts = j != y && !(excess <= 0); // NaN counts
        sum += counts ? excess : 0;
        within += counts ? 1 : 0;
        if (d != null) {
          d[j] = counts ? c : 0;
        }
      }
      if (d != null) {
        d[y] = -c * within;
      }
      loss += c * sum;
    }
    return loss;
  }

  @Override
  public String misfit(Task task, int outputs) {
    return onlyFor(true, task);
  }
}
