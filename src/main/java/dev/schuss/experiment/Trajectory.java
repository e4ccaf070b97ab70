package dev.schuss.experiment;

import dev.schuss.objective.Layout;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.RunLength;
import dev.schuss.optim.Updater;
import java.util.Arrays;
import java.util.List;

/**
 * The way of an update rule over a surface, by the rule's own code: exact gradients, one update a
 * step.
 *
 * @param name of the rule
 * @param x at the start and after each update
 * @param y beside it
 * @param values of the surface there
 * @param diverged whether the rule left all numbers behind, and the way is cut there
 */
public record Trajectory(String name, double[] x, double[] y, double[] values, boolean diverged) {

  /** Beyond this distance from 0 a way is cut: no picture shows it. */
  private static final double FAR = 1e6;

  /**
   * Follows a rule.
   *
   * @param start x and y
   * @param steps updates, at least 1; also the length of the rule's schedules
   * @throws IllegalArgumentException if the rule does not fit a function of two numbers
   */
  public static Trajectory follow(
      String name, Optimizer rule, Surface surface, double[] start, int steps) {
    float[] w = {(float) start[0], (float) start[1]};
    Updater updater =
        new Updater(rule, new RunLength(1, (long) steps), Layout.flat(2), List.of(), w);
    double[] x = new double[steps + 1];
    double[] y = new double[steps + 1];
    double[] values = new double[steps + 1];
    double[] slope = new double[2];
    int made = 0;
    boolean diverged = false;
    while (true) {
      float[] at = updater.result();
      x[made] = at[0];
      y[made] = at[1];
      values[made] = surface.at(at[0], at[1], slope);
      diverged = Math.abs(x[made]) > FAR || Math.abs(y[made]) > FAR;
      if (made == steps || diverged) {
        break;
      }
      float[] point = updater.gradientPoint();
      double loss = surface.at(point[0], point[1], slope);
      try {
        updater.update(new float[] {(float) slope[0], (float) slope[1]}, loss);
      } catch (NonFiniteException e) {
        diverged = true;
        break;
      }
      made++;
    }
    return new Trajectory(
        name,
        Arrays.copyOf(x, made + 1),
        Arrays.copyOf(y, made + 1),
        Arrays.copyOf(values, made + 1),
        diverged);
  }

  /** Updates that were made. */
  public int steps() {
    return x.length - 1;
  }

  /** The surface's value at the end. */
  public double last() {
    return values[values.length - 1];
  }
}
