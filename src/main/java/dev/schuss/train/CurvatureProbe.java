package dev.schuss.train;

import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Length;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Updater;

/**
 * Looks at the curvature along an update now and then: keeps what the update overwrites, and
 * compares it with the gradient of the same rows at the weights that the update led to. When it
 * looks follows from the number of updates alone, so that a training that goes on from a checkpoint
 * looks at the same ones; the training itself does not hear of it.
 */
final class CurvatureProbe {
  private final long every; // updates; 0 for never
  private final Layout layout;
  private final Updater updater;
  private final Regularization regularization;

  private float[] point; // where the gradient was taken; null while nothing is kept
  private float[] gradient;
  private double loss;

  /**
   * A probe.
   *
   * @param length from one look to the next; null for none
   * @param rounds in an epoch
   */
  CurvatureProbe(
      Length length, long rounds, Layout layout, Updater updater, Regularization regularization) {
    this.every = length == null ? 0 : updates(length, rounds);
    this.layout = layout;
    this.updater = updater;
    this.regularization = regularization;
  }

  private static long updates(Length length, long rounds) {
    double count = length.unit() == Length.Unit.STEPS ? length.count() : length.count() * rounds;
    return Math.max(1, Math.round(count));
  }

  /** Whether the next update is looked at: the first, and then one in so many. */
  boolean due() {
    return every > 0 && updater.state().updates() % every == 0;
  }

  /**
   * Just before an update.
   *
   * @param at where the gradient was taken
   * @param g the mean gradient with the l1 and l2 terms
   * @param value the mean loss with them
   */
  void before(float[] at, float[] g, double value) {
    point = at.clone();
    gradient = g.clone();
    loss = value;
  }

  /** Whether there is an update to be looked at. */
  boolean waits() {
    return point != null;
  }

  /** The update was refused. */
  void forget() {
    point = null;
    gradient = null;
  }

  /**
   * Once the gradient of the same rows was taken at the weights after the update.
   *
   * @param sum of the rows there, which is used up
   * @param rate of the update
   */
  Curvature look(GradientSum sum, double rate) {
    float[] w = updater.weights();
    float[] g = sum.gradient();
    for (int i = 0; i < g.length; i++) {
      g[i] = (float) (g[i] / sum.weightSum());
    }
    double penalty = regularization.addTo(g, w, layout, updater.groups());
    double squares = 0;
    double slope = 0;
    double bend = 0;
    double way = 0;
    for (Segment s : layout.segments()) {
      boolean trained = updater.trains(s);
      for (int i = s.offset(); i < s.end() && trained; i++) {
        double moved = (double) w[i] - point[i];
        squares += (double) gradient[i] * gradient[i];
        slope += gradient[i] * moved;
        bend += ((double) g[i] - gradient[i]) * moved;
        way += moved * moved;
      }
    }
    double taken = sum.meanLoss() + penalty - loss;
    sum.recycle();
    forget();
    return new Curvature(
        updater.state().updates(),
        rate,
        squares,
        way == 0 ? 0 : bend / way,
        slope,
        slope + bend / 2,
        taken);
  }
}
