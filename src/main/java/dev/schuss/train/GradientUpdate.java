package dev.schuss.train;

import dev.schuss.math.Vectors;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Updater;
import java.util.LinkedHashMap;
import java.util.Map;

/** What becomes of a round's sum at the driver: mean, check, regularization, rule. */
final class GradientUpdate {
  private final Layout layout;
  private final Updater updater;
  private final Regularization regularization;
  private final Buffers buffers;
  private final LoopState state;
  private final StopRules stops;
  private final CurvatureProbe curvature;

  GradientUpdate(
      Layout layout,
      Updater updater,
      Regularization regularization,
      LoopState state,
      StopRules stops,
      CurvatureProbe curvature) {
    this.layout = layout;
    this.updater = updater;
    this.regularization = regularization;
    this.buffers = new Buffers(layout);
    this.state = state;
    this.stops = stops;
    this.curvature = curvature;
  }

  /**
   * Makes an update.
   *
   * @param point where the gradient was taken
   * @param sum of the round, which is used up
   * @param reported whether the epoch's report may tell of this one
   * @return what was not finite, with the weights as they were; null if all was
   */
  String make(float[] point, GradientSum sum, double rate, boolean reported) {
    float[] g = sum.gradient();
    long step = updater.state().updates() + 1;
    Map<String, Double> norms = state.totals().gradientNorms();
    boolean look = GradientLook.due(step);
    Map<String, Double> sizes = Map.of();
    float[] before = null;
    double penalty;
    long still;
    try {
      still = buffers.take(sum, step);
      Vectors.scale(g, (float) (1 / sum.weightSum()));
      if (look) {
        sizes = RoundFigures.sizes(g, layout); // before the rule uses g as it likes
      }
      if (reported) {
        norms = norms(g);
        before = RoundFigures.before(updater.weights());
      }
      penalty = regularization.addTo(g, point, layout, updater.groups());
      double norm = stops.watchedNorm(g);
      if (curvature.due()) {
        curvature.before(point, g, sum.meanLoss() + penalty);
      }
      updater.update(g, sum.meanLoss() + penalty);
      if (look) {
        state.lookedAt(new GradientLook(step, sizes));
      }
      if (reported) {
        state.lookedAt(
            new RoundFigures(
                RoundFigures.ratios(before, updater.weights(), layout),
                RoundFigures.trusts(updater.trusts(), layout)));
      }
      buffers.move(updater);
      stops.afterUpdate(norm, state);
    } catch (NonFiniteException e) {
      int partition = sum.nonFinitePartition();
      return e.getMessage()
          + (partition < 0 ? "" : " in partition " + partition)
          + ", at learning rate "
          + rate;
    }
    state.updated(penalty, rate, norms, still);
    return null;
  }

  private Map<String, Double> norms(float[] g) {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Segment s : layout.segments()) {
      if (s.trainable()) {
        norms.put(s.name(), Math.sqrt(Vectors.sumOfSquares(g, s.offset(), s.end())));
      }
    }
    return norms;
  }
}
