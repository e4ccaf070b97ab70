package dev.schuss.bench;

import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;

/** So many parameters whose gradient costs nothing: what is left is the round itself. */
record NoWork(int parameters) implements Objective {

  @Override
  public Layout layout() {
    return Layout.flat(parameters);
  }

  @Override
  public void addGradient(float[] w, Batch rows, GradientSum sum) {
    float[] g = sum.gradient();
    for (int i = 0; i < parameters; i += 1000) {
      g[i] += 1e-3f;
    }
    sum.addRows(1, rows.rows(), rows.rows());
  }
}
