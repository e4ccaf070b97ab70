package dev.schuss;

import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;

/**
 * f(w; x) = 1/2 sum_j a_j (w_j - x_j)^2 with the features x: its Hessian is a diagonal of a, its
 * least value at the mean of the rows.
 */
public final class Quadratic implements Objective {
  private static final long serialVersionUID = 1;
  private final float[] a;

  /** With these curvatures, one for each feature. */
  public Quadratic(float... a) {
    this.a = a.clone();
  }

  @Override
  public Layout layout() {
    return Layout.flat(a.length);
  }

  @Override
  public void addGradient(float[] w, Batch rows, GradientSum sum) {
    float[] g = sum.gradient();
    double loss = 0;
    double weights = 0;
    for (int r = 0; r < rows.rows(); r++) {
      float c = rows.weights()[r];
      for (int j = 0; j < a.length; j++) {
        float off = w[j] - rows.features()[r * a.length + j];
        g[j] += c * a[j] * off;
        loss += 0.5 * c * a[j] * off * off;
      }
      weights += c;
    }
    sum.addRows(loss, weights, rows.rows());
  }
}
