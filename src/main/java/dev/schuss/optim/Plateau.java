package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * A constant that is lowered when a validation metric has not improved for more than patience
 * epochs: PyTorch's ReduceLROnPlateau.
 *
 * <p>What it has seen is in the {@link OptimizerState}; {@link Updater#epochEnded} feeds it.
 *
 * @param base the first value
 * @param metric a validation metric's name
 * @param factor what the value is multiplied with
 * @param patience epochs without improvement that pass
 * @param threshold how much better than the best is better
 * @param thresholdMode what the threshold is measured by
 * @param cooldown epochs after a change that do not count
 * @param minRate the smallest value
 * @param epsilon a change by less is not made
 */
public record Plateau(
    @Range(min = 0) double base,
    String metric,
    @Range(above = 0, below = 1) double factor,
    @Range(min = 0) int patience,
    @Range(min = 0) double threshold,
    ThresholdMode thresholdMode,
    @Range(min = 0) int cooldown,
    @Range(min = 0) double minRate,
    @Range(min = 0) double epsilon)
    implements Schedule {

  /** What a threshold is measured by. */
  public enum ThresholdMode {
    /** By the best value so far. */
    REL,
    /** By itself. */
    ABS
  }

  public Plateau {
    Hyper.check(
        Plateau.class,
        base,
        metric,
        factor,
        patience,
        threshold,
        thresholdMode,
        cooldown,
        minRate,
        epsilon);
  }

  static Plateau defaults(double base) {
    return new Plateau(base, "loss", 0.1, 10, 1e-4, ThresholdMode.REL, 0, 0, 1e-8);
  }

  @Override
  public double at(long t) {
    return base;
  }

  @Override
  public Plateau plateau() {
    return this;
  }

  /** Takes in the metric of an epoch; NaN is no improvement. */
  void observe(OptimizerState state, double value, boolean higherIsBetter) {
    OptimizerState.Watch seen = state.watch();
    double margin =
        thresholdMode == ThresholdMode.ABS ? threshold : threshold * Math.abs(seen.best());
    boolean better =
        !seen.any()
            ? !Double.isNaN(value)
            : higherIsBetter ? value > seen.best() + margin : value < seen.best() - margin;
    double best = better ? value : seen.best();
    int bad = better || seen.cooldown() > 0 ? 0 : seen.bad() + 1;
    int rest = Math.max(seen.cooldown() - 1, 0);
    if (bad > patience) {
      lower(state);
      rest = cooldown;
      bad = 0;
    }
    state.watch(new OptimizerState.Watch(seen.any() || better, best, bad, rest));
  }

  private void lower(OptimizerState state) {
    double now = base * state.rateScale();
    double next = Math.max(now * factor, minRate);
    if (now - next > epsilon) {
      state.rateScale(next / base);
    }
  }
}
